"""Dates that a page only shows, beside its headline."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipeline.extraction import extract, make_article, shown
from pipeline.extraction.page import SHOWN
from pipeline.model import Entry

NOW = datetime(2026, 3, 1, tzinfo=UTC)
DAY = datetime(2025, 5, 6, tzinfo=UTC)
URL = "https://site.example/news/a-story-about-water-12345"
STORY = "".join(
    f"<p>{sentence}</p>"
    for sentence in (
        "The council met on Tuesday and decided, after three hours, to drain the lower basin before winter comes.",
        "Nobody in the room could say what the work will cost, or who is to pay for the pumps that it needs, in 2031.",
        "The basin was dug on 3 March 1911 by hand, and the fishermen of the quarter have used it ever since.",
    )
)


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "By Ann Lee | Published Tuesday, May 6, 2025 at 14:30"),
        ("en", "6 May 2025"),
        ("en", "Published: 6 May 2025 · Updated: 8 May 2025"),
        ("de", "Von Ann Lee, 6. Mai 2025, 14:30 Uhr"),
        ("fr", "Publié le mardi 6 mai 2025 à 14h30"),
        ("es", "6 de mayo de 2025"),
        ("pt", "Terça-feira, 6 de maio de 2025"),
        ("it", "6 maggio 2025"),
        ("nl", "6 mei 2025"),
        ("pl", "6 maja 2025"),
        ("cs", "6. května 2025"),
        ("ru", "6 мая 2025, 14:30"),
        ("uk", "6 травня 2025"),
        ("tr", "6 Mayıs 2025"),
        ("ar", "الثلاثاء 6 مايو 2025"),
        ("ar", "٦ مايو ٢٠٢٥"),
        ("he", "6 במאי 2025"),
        ("hi", "6 मई 2025"),
        ("bn", "৬ মে ২০২৫"),
        ("el", "6 Μαΐου 2025"),
        ("hu", "2025. május 6."),
        ("fi", "6. toukokuuta 2025"),
        ("sv", "6 maj 2025"),
        ("no", "6. mai 2025"),
        ("id", "Selasa, 6 Mei 2025"),
        ("vi", "6 tháng 5 2025"),
        ("ko", "2025년 5월 6일"),
        ("zh", "发布时间：2025年5月6日 14:30"),
        ("ja", "2025年5月6日"),
        (None, "2025-05-06 14:30"),
        (None, "06.05.2025"),
        ("vi", "06/05/2025"),
        ("en", "05/16/2025"),
    ],
)
def test_the_day_beside_a_headline(language: str | None, line: str) -> None:
    expected = DAY.replace(day=16) if "16" in line else DAY
    assert shown.date([line], language, NOW) == expected


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        ("en", ["05/06/2025"]),  # the fifth of June, or the sixth of May
        (None, ["6 May 2025"]),  # in which language?
        ("xx", ["6 May 2025"]),
        ("en", ["The basin was dug on 6 May 2025 by hand."]),
        ("en", ["May 2025"]),
        ("en", ["Room 6, 2025"]),
        ("en", ["© 2025 The Quay"]),
        ("en", ["6 May 2027"]),
        ("en", ["31 February 2025"]),
        ("en", ["6 May 2025", "3 March 2019"]),
        ("en", ["1 May 2025", "2 May 2025", "3 May 2025"]),
        ("en", ["6 May 2025 " + "and what else is written in a line that says very much more " * 2]),
        (None, ["2025-13-45", "1.2.2025.3", "192.168.2025.1"]),
    ],
)
def test_rather_none_than_a_wrong_one(language: str | None, lines: list[str]) -> None:
    assert shown.date(lines, language, NOW) is None


@pytest.mark.parametrize(
    ("path", "day"),
    [
        ("/2025/05/06/a-story", DAY),
        ("/world/2025/5/6/a-story.html", DAY),
        ("/news/2025-05-06-a-story", DAY),
        ("/a/20250506/n1234", DAY),
        ("/2025/05/a-story", None),
        ("/a-story-20250506", None),  # an article number as likely
        ("/2025/13/06/a-story", None),
        ("/2025/02/30/a-story", None),
        ("/2027/05/06/a-story", None),
        ("/a?d=/2025/05/06/", None),
    ],
)
def test_the_day_in_an_address(path: str, day: datetime | None) -> None:
    assert shown.in_address(f"https://site.example{path}", NOW) == day


def page(above: str, below: str, language: str = "de") -> str:
    return (
        f"<html lang={language}><head><title>Becken wird geleert</title></head><body>{above}"
        f"<h1>Becken wird geleert</h1>{below}{STORY}</body></html>"
    )


def test_between_headline_and_text_it_is_the_pages_date() -> None:
    found = extract(page("<p>1. Januar 2024</p>", "<div class=meta><span>6. Mai 2025</span></div>"), URL)
    assert found.published_at == DAY
    assert SHOWN in found.problems
    assert "6. Mai" not in found.text


def test_the_title_of_an_abbreviated_date_declares_the_moment() -> None:
    below = "<p>Vor <abbr itemprop=datePublished title='2025-05-06T14:30:00+02:00'>drei Stunden</abbr></p>"
    found = extract(page("", below), URL)
    assert found.published_at == datetime(2025, 5, 6, 12, 30, tzinfo=UTC)
    assert SHOWN not in found.problems


def test_it_is_not_looked_for_where_the_feed_gives_the_moment() -> None:
    html = page("", "<div class=meta><span>6. Mai 2025</span></div>")
    found = extract(html, f"{URL}/2025/05/06/becken", dated=True)
    assert (found.published_at, found.problems) == (None, ())


def test_elsewhere_on_the_page_it_is_not() -> None:
    below = "<div><p>Kurz.</p></div>" + STORY + "<p>6. Mai 2025</p>"
    assert extract(page("<p>6. Mai 2025</p>", below), URL).published_at is None


def test_a_stamp_in_the_headlines_own_element_may_stand_above_it() -> None:
    html = page("", "").replace("<h1>", "<div><div class=date>6. Mai 2025</div><h1>").replace("</h1>", "</h1></div>")
    assert extract(html, URL).published_at == DAY
    below = html.replace("</h1>", "</h1><p>5. Mai 2025</p>")
    assert extract(below, URL).published_at == DAY.replace(day=5)


def test_links_to_authors_pages_are_a_byline() -> None:
    below = (
        "<div class=meta><a href=/autor/ann-lee>Ann Lee</a><a href=/autor/ann-lee>Alle Beiträge lesen</a> "
        "<a href=/autor/bo-wu>Bo Wu</a><a href=/autor/x>Archiv</a></div>"
    )
    aside = "<div class=teaser><a rel=author href=/autor/c>Cy Roe</a></div>"
    assert extract(page(aside, below), URL).byline == ("Ann Lee", "Bo Wu")


@pytest.mark.parametrize(
    "named",
    ["<h5 class=byline>Ann Lee</h5>", "<meta name=byline content='By Ann Lee'>", "<h4 class=author>Ann Lee</h4>"],
)
def test_headings_and_further_meta_tags_may_name_the_author(named: str) -> None:
    assert extract(page("", named), URL).byline == ("Ann Lee",)


@pytest.mark.parametrize("name", ["सीता", "นภา", "김 구", "张伟", "J.R. Lee", "Bo Wu"])
def test_names_of_few_letters_are_names(name: str) -> None:
    """In scripts of which every second sign is no letter, too."""
    assert extract(page(f"<meta name=author content='{name}'>", ""), URL).byline == (name,)


def test_of_elements_that_name_an_author_labels_are_left_out() -> None:
    below = (
        "<ul class=author-links><li class=author-name>Ann Lee</li><li class=author-more>Alle Beiträge lesen</li></ul>"
    )
    assert extract(page("", below), URL).byline == ("Ann Lee",)


@pytest.mark.parametrize(
    "elsewhere",
    [
        "<form><p class=comment-form-author>Name</p></form>",
        "<form id=respond><p class=author>Your name here</p></form>",
        "<ol class=commentlist><li><div class='author vcard'>Cy Roe</div><p>Quite so.</p></li></ol>",
        "<div class=byline-tools>View Comments</div>",
        "<div class=comments><article itemscope><p itemprop=author>Cy Roe</p><p>Quite so.</p></article></div>",
        "<div class=author>Archive</div>",
        "<ol class=references><li><span class=author>S. L.</span></li></ol>",
    ],
)
def test_who_comments_is_no_author(elsewhere: str) -> None:
    assert extract(page("", "").replace("</body>", f"{elsewhere}</body>"), URL).byline == ()
    both = page("", "<div class=author>Ann Lee</div>").replace("</body>", f"{elsewhere}</body>")
    assert extract(both, URL).byline == ("Ann Lee",)


def test_of_several_articles_the_authors_are_those_of_the_headlines() -> None:
    def card(name: str) -> str:
        return f"<article class=card><a href=/x>A story</a><a rel=author href=/people/{name[0]}>{name}</a></article>"

    cards = card("Cy Roe") + card("Di Fox")
    own = "<p><a rel=author href=/people/ann>Ann Lee</a></p>"
    assert extract(page(cards, own), URL).byline == ("Ann Lee",)
    inside = page(cards, own).replace("<h1>", "<article><h1>").replace("</body>", "</article></body>")
    assert extract(inside, URL).byline == ("Ann Lee",)


def test_what_is_declared_goes_before() -> None:
    html = page("<meta name=date content=2025-05-01>", "<p>6. Mai 2025</p>")
    found = extract(html, URL)
    assert found.published_at == datetime(2025, 5, 1, tzinfo=UTC)
    assert SHOWN not in found.problems


def test_the_feeds_date_goes_before_one_that_is_only_shown() -> None:
    moment = datetime(2025, 5, 2, 10, tzinfo=UTC)
    entry = Entry(key="k", guid="k", url=URL, title="Becken wird geleert", authors=(), published_at=moment)
    found = extract(page("", "<p>6. Mai 2025</p>"), URL)
    assert make_article(entry, URL, found, None, NOW, "feed").published_at == moment
    assert make_article(None, URL, found, None, NOW, "feed").published_at == DAY
