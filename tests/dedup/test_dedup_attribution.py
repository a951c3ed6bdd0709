"""Who had it first, and who took it from whom: every kind of evidence, contradictions, and what outweighs what."""

from __future__ import annotations

from typing import Any

import pytest
from dedup_making import article, first_words, members, prose, reworded

from pipeline.dedup import decide_all
from pipeline.dedup.attribution import CONFIDENCE, Claim, claims, is_outlet, nearest
from pipeline.model import Article, Copy, Credit, Kind, Link

TEXT = prose("story", 250)
LEDGER, MERIDIAN, QUAY = "https://ledger.example/1", "https://meridian.example/2", "https://quayblog.example/3"


def ledger(**more: Any) -> Article:
    return article(LEDGER, TEXT, site_name="The Ledger", byline="Jane Roe", **more)


def meridian(text: str = TEXT, hours: float = 5, **more: Any) -> Article:
    return article(MERIDIAN, text, hours=hours, site_name="Meridian Press", **more)


def quay(text: str = TEXT, hours: float = 9, **more: Any) -> Article:
    return article(QUAY, text, hours=hours, site_name="The Quay Blog", **more)


def claimed(*articles: Article) -> dict[str, tuple[Claim, ...]]:
    everyone = members(articles)
    return claims(everyone, everyone.keys())


def story(*articles: Article) -> dict[str, Copy]:
    """The one story that the articles are, by canonical URL."""
    made = list(decide_all(articles))
    assert len(made) == 1, [[copy.canonical_url for copy in copies] for _, copies in made]
    return {copy.canonical_url: copy for copy in made[0][1]}


def original(*articles: Article) -> str:
    made = list(decide_all(articles))
    assert len(made) == 1
    return made[0][0]


# --- each kind of evidence


@pytest.mark.parametrize(
    ("basis", "copy"),
    [
        ("canonical link", meridian(declared_url=LEDGER)),
        ("based on", meridian(based_on=(LEDGER,))),
        ("source", meridian(source_url=LEDGER)),
        ("source", meridian(source_title="The Ledger")),
        ("source", meridian(source_url="https://ledger.example/feed")),
        ("link", meridian(links=(Link(LEDGER + "?utm_source=meridian", "here"),))),
        ("stamp", meridian(f"ledger.example 5 hours ago\n{TEXT}")),
        ("credit line", meridian(f"{TEXT}\nThis article was originally published in The Ledger.")),
        ("credit line", meridian(f"{TEXT}\nOriginally published at ledger.example.")),
        ("credit line", meridian(f"{TEXT}\nOriginal article: {LEDGER}")),
        ("credit line", meridian(f"Authored by Jane Roe,\n{TEXT}")),
        ("credit line", meridian(f"By Jane Roe, The Ledger\n{TEXT}")),
        ("credit line", meridian(f"{TEXT}\nRead the full story at The Ledger")),
        ("agency line", meridian(f"HAVENPORT (The Ledger) - {TEXT}")),
        ("agency line", meridian(f"{TEXT}\n© 2025 The Ledger")),
        ("agency line", meridian(byline="The Ledger")),
        ("sign-off", meridian(f"{TEXT}\nJane Roe, 3 June 2025")),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_evidence_names_the_source_and_makes_the_chain(basis: str, copy: Article) -> None:
    found = claimed(ledger(), copy)
    assert [(claim.target, claim.basis) for claim in found[MERIDIAN]] == [(LEDGER, basis)]
    assert found[LEDGER] == ()
    # Even an original that was seen, and dates itself, later than its copy is the original.
    made = story(ledger(hours=20), copy)
    assert (made[LEDGER].kind, made[LEDGER].copied_from) == (Kind.ORIGINAL, None)
    assert made[MERIDIAN].copied_from == LEDGER
    assert made[MERIDIAN].evidence[0].startswith(f"{basis}: ")
    credit = made[LEDGER].credit
    assert credit is not None
    assert credit.url == (copy.url if credit.line else None)
    assert credit.author == "Jane Roe"
    assert credit.publisher in ("The Ledger", "ledger.example")


def test_the_best_of_several_kinds_counts() -> None:
    copy = meridian(f"{TEXT}\nOriginally published in The Ledger.", declared_url=LEDGER, links=(Link(LEDGER, "here"),))
    assert [claim.basis for claim in claimed(ledger(), copy)[MERIDIAN]] == ["canonical link"]


def test_confidence_follows_the_kind() -> None:
    ranked = ["canonical link", "source", "credit line", "link", "sign-off", "shared sign-off", "byline", "first seen"]
    worth = [CONFIDENCE[basis] for basis in ranked]
    assert worth == sorted(worth, reverse=True)
    assert all(0 < value < 1 for value in CONFIDENCE.values())


def test_a_copy_of_a_copy_carries_its_sign_off() -> None:
    hop = f"{TEXT}\nTyler Marsh\nMon, 06/30/2025 – 02:00"
    found = claimed(ledger(), meridian(hop), quay(f"quay.example 5 hours ago\n{hop}\nRead Entire Article"))
    assert [(claim.target, claim.basis) for claim in found[QUAY]] == [(MERIDIAN, "shared sign-off")]
    assert (
        story(ledger(), meridian(hop), quay(f"quay.example 5 hours ago\n{hop}\nRead Entire Article"))[QUAY].copied_from
        == MERIDIAN
    )


def test_without_evidence_the_first_is_the_original_by_its_byline_or_by_time() -> None:
    made = story(ledger(), meridian())
    assert (made[LEDGER].kind, made[MERIDIAN].kind) == (Kind.ORIGINAL, Kind.REPUBLICATION)
    assert made[LEDGER].credit == Credit("Jane Roe", "The Ledger", "byline", None, CONFIDENCE["byline"])
    bare = story(article(LEDGER, TEXT), meridian())
    assert bare[LEDGER].credit == Credit(None, "ledger.example", "first seen", None, CONFIDENCE["first seen"])


def test_a_copy_whose_source_nobody_holds_keeps_its_credit() -> None:
    made = story(meridian(f"Authored by Ana Ruiz via Harbour Letter,\n{TEXT}"))
    copy = made[MERIDIAN]
    assert copy.credit is not None
    assert (copy.credit.author, copy.credit.publisher, copy.credit.basis) == (
        "Ana Ruiz",
        "Harbour Letter",
        "credit line",
    )
    assert copy.credit.line == "Authored by Ana Ruiz via Harbour Letter,"
    assert copy.kind is Kind.REPUBLICATION


def test_two_papers_that_print_one_wire_piece_took_it_from_the_wire() -> None:
    wire = f"HAVENPORT (Northwire) - {TEXT}"
    made = story(meridian(wire), quay(wire))
    assert made[QUAY].copied_from is None
    assert {copy.credit.publisher for copy in made.values() if copy.credit} == {"Northwire"}


# --- contradictions


def test_of_two_that_name_each_other_the_weaker_claim_goes() -> None:
    linking = article(LEDGER, TEXT, site_name="The Ledger", links=(Link(MERIDIAN, "see also"),))
    found = claimed(linking, meridian(declared_url=LEDGER))
    assert found[LEDGER] == ()
    assert [claim.target for claim in found[MERIDIAN]] == [LEDGER]


def test_of_two_equal_claims_one_stays_whatever_the_order() -> None:
    a = article(LEDGER, TEXT, site_name="The Ledger", declared_url=MERIDIAN)
    b = meridian(declared_url=LEDGER)
    assert claimed(a, b) == claimed(b, a)
    assert sum(len(found) for found in claimed(a, b).values()) == 1


def test_a_link_to_what_appeared_much_later_is_no_source() -> None:
    assert claimed(ledger(hours=30), meridian(hours=0, links=(Link(LEDGER, "here"),)))[MERIDIAN] != ()
    assert claimed(ledger(hours=60), meridian(hours=0, links=(Link(LEDGER, "here"),)))[MERIDIAN] == ()
    # A credit in so many words outweighs a date.
    credited = meridian(f"{TEXT}\nOriginally published in The Ledger.", hours=0)
    assert [claim.target for claim in claimed(ledger(hours=60), credited)[MERIDIAN]] == [LEDGER]


def test_an_article_is_never_its_own_source() -> None:
    own = article(LEDGER, f"{TEXT}\nOriginally published in The Ledger.", site_name="The Ledger", declared_url=LEDGER)
    assert claimed(own, meridian())[LEDGER] == ()
    assert story(own, meridian())[LEDGER].kind is Kind.ORIGINAL


# --- chains


def test_the_nearest_source_is_the_one_that_names_the_others() -> None:
    copy = meridian(f"{TEXT}\nOriginally published in The Ledger.")
    late = quay(f"{TEXT}\nOriginally published in The Ledger.\nRead the full story at Meridian Press")
    found = claimed(ledger(), copy, late)
    assert {claim.target for claim in found[QUAY]} == {LEDGER, MERIDIAN}
    chosen = nearest(QUAY, found)
    assert chosen is not None
    assert chosen.target == MERIDIAN
    assert nearest(LEDGER, found) is None
    made = story(ledger(), copy, late)
    assert (made[QUAY].copied_from, made[MERIDIAN].copied_from, made[LEDGER].copied_from) == (MERIDIAN, LEDGER, None)


def test_a_late_original_repairs_the_chain() -> None:
    copy = meridian(f"{TEXT}\nOriginally published in The Ledger.", hours=0)
    assert original(copy, quay(hours=2)) == QUAY  # the other one says itself that it was elsewhere before
    assert original(copy, quay(hours=2), ledger(hours=30)) == LEDGER
    # A text that was elsewhere days before wasn't first where a copy says it was.
    assert original(copy, quay(hours=2), ledger(hours=80)) == QUAY


def test_a_copy_is_taken_from_the_earlier_copy_that_it_is_clearly_nearest_to() -> None:
    edited = reworded(TEXT, 0.05, "meridian")
    assert story(ledger(), meridian(edited), quay(reworded(edited, 0.01)))[QUAY].copied_from == MERIDIAN
    # As near to one as to the other, it was taken from the original.
    cut = TEXT.rsplit(" ", 2)[0]
    assert story(ledger(), meridian(cut), quay(cut))[QUAY].copied_from == LEDGER


def test_no_chain_runs_in_a_circle() -> None:
    a = article(LEDGER, TEXT, links=(Link(MERIDIAN, "x"),))
    b = article(MERIDIAN, TEXT, links=(Link(QUAY, "x"),))
    c = article(QUAY, TEXT, links=(Link(LEDGER, "x"),))
    made = story(a, b, c)
    for start in made:
        seen = [start]
        while (at := made[seen[-1]].copied_from) is not None:
            assert at not in seen
            seen.append(at)
        assert made[seen[-1]].kind is not Kind.EXCERPT


# --- the original


def test_the_authors_own_site_comes_before_an_earlier_date() -> None:
    own = article("https://janemarlow.example/tides", TEXT, hours=8, byline="Jane Marlow")
    assert original(own, meridian(hours=0)) == own.canonical_url
    assert original(own, meridian(hours=0, byline="Jane Marlow")) == own.canonical_url


def test_a_scrapers_date_counts_for_nothing() -> None:
    scraped = quay(f"elsewhere.example 5 hours ago\n{TEXT}", hours=-30)
    assert original(scraped, meridian(hours=3)) == MERIDIAN


def test_the_longest_of_one_moment_is_the_original() -> None:
    whole = TEXT + "\n" + prose("further", 40)
    assert original(meridian(TEXT, hours=0), quay(whole, hours=0)) == QUAY


def test_an_excerpt_is_never_the_original() -> None:
    teaser = meridian(first_words(prose("long", 700), 90) + " ...", hours=-20)
    assert original(teaser, quay(prose("long", 700))) == QUAY
    made = story(teaser, quay(prose("long", 700)))
    assert made[MERIDIAN].kind is Kind.EXCERPT


def test_a_text_around_a_whole_copy_is_commentary() -> None:
    around = meridian(f"{TEXT}\n{prose('comment', 250)}\nOriginally published in The Ledger.")
    assert story(ledger(), around)[MERIDIAN].kind is Kind.COMMENTARY


# --- names of outlets


@pytest.mark.parametrize(
    ("outlet", "site", "name", "same"),
    [
        ("The Ledger", "ledger.example", "The Ledger", True),
        ("Ledger", "www-ledger.example", "The Ledger", True),
        ("THE LEDGER", "somewhere.example", "The Ledger", True),
        ("ledger.example", "ledger.example", None, True),
        ("Ledger", "ledger.example", None, True),
        ("Harbour Letter", "harbourletter.example", None, True),
        ("Substack", "jane.substack.com", None, True),
        ("Jane", "jane.substack.com", None, True),
        ("Harbour Letter", "x.example", "Harbour Letter | Substack", True),
        ("Портовый вестник", "vestnik.example", "Портовый вестник", True),
        ("海港日报", "haigang.example", "海港日报", True),
        ("AP", "apnews.com", "AP News", True),
        ("AP", "apnews.com", "The Associated Press", True),
        ("AP", "apnews.com", None, True),
        ("Yonhap", "yna.example", "Yonhap News Agency", True),
        ("Kyodo", "english.kyodonews.example", "Kyodo News", True),
        ("新华社", "news.example", "新华网", True),
        ("新华社", "zhongxin.example", "中新网", False),
        ("ap", "apnews.com", "AP News", False),
        ("Harbour Online", "harbour.example", "Harbour News", False),
        ("The Ledger", "meridian.example", "Meridian Press", False),
        ("Led", "ledger.example", "The Ledger", False),
        ("com", "jane.substack.com", None, False),
        ("", "ledger.example", "The Ledger", False),
        ("a", "a.example", "A", False),
    ],
)
def test_an_outlet_is_known_by_its_name_or_its_host(outlet: str, site: str, name: str | None, same: bool) -> None:
    assert is_outlet(outlet, article(f"https://{site}/1", TEXT, site=site, site_name=name)) is same


def test_among_several_pieces_of_an_outlet_the_credited_authors_is_meant() -> None:
    hers = article("https://ledger.example/hers", TEXT, site_name="The Ledger", byline="Jane Roe")
    his = article("https://ledger.example/his", TEXT, site_name="The Ledger", byline="Tom Blake")
    found = claimed(hers, his, meridian(f"Authored by Jane Roe via The Ledger,\n{TEXT}"))
    assert [claim.target for claim in found[MERIDIAN]] == [hers.canonical_url]


def test_names_match_in_any_order_and_without_initials() -> None:
    for name in ("Jane Q. Roe", "Roe, Jane", "JANE ROE"):
        author = article(LEDGER, TEXT, byline=name)
        found = claimed(author, meridian(f"{TEXT}\nJane Roe, 3 June 2025"))
        assert [claim.basis for claim in found[MERIDIAN]] == ["sign-off"], name
    other = article(LEDGER, TEXT, byline="Jane Doe")
    assert claimed(other, meridian(f"{TEXT}\nJane Roe, 3 June 2025"))[MERIDIAN] == ()


# --- lines that no form reads


@pytest.mark.parametrize(
    "line",
    [
        "Αυτό το κομμάτι το βρήκαμε στο The Ledger και μας άρεσε",
        "Barua hii ilitoka kwanza The Ledger wiki iliyopita",
        "Lifted, with glee, off the pages of The Ledger",
    ],
)
@pytest.mark.parametrize("under", [False, True])
def test_an_outlet_named_over_or_under_a_text_is_its_source_in_any_words(line: str, under: bool) -> None:
    text = f"{TEXT}\n{line}" if under else f"{line}\n{TEXT}"
    found = claimed(ledger(), meridian(text))
    assert found[MERIDIAN] == (Claim(LEDGER, "mention", line),)
    assert found[LEDGER] == ()


def test_who_published_later_is_nobodys_source() -> None:
    note = "Jane Roe has a column of her own that is called The Quay Blog"
    assert claimed(ledger(), meridian(f"{TEXT}\n{note}"), quay())[MERIDIAN] == ()


def test_an_outlet_named_in_the_middle_of_a_text_is_part_of_the_piece() -> None:
    lines = TEXT.split("\n")
    middle = [*(prose(f"before {n}", 12) for n in range(6)), "The Ledger was named here.", *lines, *lines[::-1]]
    assert claimed(ledger(), meridian("\n".join(middle)))[MERIDIAN] == ()


def test_a_short_name_is_found_in_any_line_and_tells_nothing() -> None:
    short = article("https://tide.example/1", TEXT, site_name="Tide")
    found = claimed(short, meridian(f"The tide came in twice\n{TEXT}"))
    assert found[MERIDIAN] == ()


def test_a_part_of_a_copy_can_be_the_original() -> None:
    """A copy with a frame around it, and the piece in it: the frame names where it comes from."""
    framed = meridian(f"{prose('frame', 60)}\n{TEXT}\n{prose('tail', 300)}", based_on=(LEDGER,))
    assert original(ledger(hours=1), framed) == LEDGER


def test_dates_with_a_clock_are_wrong_by_a_time_zone_at_most() -> None:
    first = ledger(hours=0.3)
    silent = meridian(hours=20.3)
    named = quay(f"Originally published by Meridian Press\n{TEXT}", hours=30.3)
    assert original(first, silent, named) == LEDGER
    assert original(ledger(hours=0), meridian(hours=20), named) == MERIDIAN
