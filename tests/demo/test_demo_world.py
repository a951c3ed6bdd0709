"""The bundled world: complete, consistent, and true to what it claims about itself."""

from __future__ import annotations

import io
import re
from collections import Counter
from urllib.parse import urlsplit

import feedparser
import lxml.html
import pytest

from pipeline.config import load
from pipeline.demo import FeedPlan, World, write_config
from pipeline.demo.feeds import document, feed_pages
from pipeline.demo.render import page_html
from pipeline.model import Kind

REAL_OUTLETS = (
    "Reuters", "Associated Press", "(AP)", "AFP", "CNN", "BBC", "Bloomberg", "Guardian", "New York Times", "Politico",
    "Zero Hedge", "ZeroHedge", "Tyler Durden", "Korybko", "dailyblitz", "The Conversation", "ProPublica", "PR Newswire",
    "dpa", "Spiegel", "EFE", "El País", "El Diario", "Tass", "ТАСС", "РИА", "Коммерсант", "Xinhua", "新华", "人民日报",
)  # fmt: skip


def test_it_is_as_large_and_as_mixed_as_it_says(world: World) -> None:
    assert len(world.sites) >= 12
    assert len(world.pages) >= 90
    assert len(world.texts) >= 45
    assert {page.language for page in world.pages} == {"en", "de", "es", "zh", "ru"}
    assert {feed.format for site in world.sites.values() for feed in site.feeds} == {
        "rss20",
        "rss10",
        "atom10",
        "json11",
    }
    kinds = Counter(truth.kind for truth in world.truth.values())
    assert set(kinds) == {"original", "republication", "excerpt", "commentary", "digest"}
    assert set(kinds) <= {kind.value for kind in Kind}


def test_every_host_is_reserved_for_tests(world: World) -> None:
    assert all(host.endswith(".test") for host in world.sites)


def test_truth_covers_every_page_and_points_only_at_pages(world: World) -> None:
    assert len(world.truth) == len(world.pages)
    for url, truth in world.truth.items():
        page = world.by_url[url]
        if truth.copied_from is not None:
            source = world.by_url[truth.copied_from]
            assert source.truth.story == truth.story
            assert source.host != page.host
            assert source.published_at < page.published_at
        assert all(quoted in world.by_url for quoted in truth.quotes)
        assert truth.publisher
        assert (truth.kind in ("commentary", "digest")) == bool(truth.quotes)
        if truth.kind in ("original", "commentary", "digest"):
            assert truth.copied_from is None


def test_every_story_has_at_most_one_original_and_no_site_twice(world: World) -> None:
    for label, urls in world.stories.items():
        originals = [url for url in urls if world.truth[url].kind not in ("republication", "excerpt")]
        assert len(originals) == (0 if label == "nurse-line-wire" else 1), label
        hosts = [urlsplit(url).hostname for url in urls]
        assert len(set(hosts)) == len(hosts), label


def test_the_flagship_is_a_chain_of_four(world: World) -> None:
    urls = world.stories["halmar-talks"]
    hosts = ["ilmarivanth.substack.test", "zerocontango.test", "blitzticker.test", "newsfunnel.test"]
    assert [urlsplit(url).hostname for url in urls] == hosts
    assert [world.truth[url].copied_from for url in urls] == [None, *urls[:-1]]
    assert all(world.truth[url].author == "Ilmari Vanth" for url in urls)
    assert all(world.truth[url].publisher == "Substack" for url in urls[1:])
    assert world.by_url[urls[2]].lines == (
        "zerocontango.test 5 hours ago",
        "Why the Halmar Talks Will Outlive the Blockade",
        "Authored by Ilmari Vanth via Substack,",
        "Victor Nought\nMon, 06/30/2025 - 02:00",
        f"[Read Entire Article]({urls[1]})",
    )
    assert world.by_url[urls[3]].lines[0] == "blitzticker.test 7 hours ago"
    assert [len(urls) for urls in world.stories.values()].count(4) == 1


def test_the_wire_piece_is_on_six_papers_under_seven_headlines(world: World) -> None:
    pages = [world.by_url[url] for url in world.stories["salt-marsh-wire"]]
    assert len(pages) == 7
    assert len({page.versions[0].title for page in pages}) == 7
    assert len({page.text for page in pages}) == 6  # one paper runs it as it came


def test_look_alikes_are_stories_of_their_own(world: World) -> None:
    for host, mark, count in (
        ("harrowbaycourier.test", "/weather/", 3),
        ("plainsstar.test", "farm-weather", 3),
        ("harrowbaycourier.test", "/obituaries/", 4),
        ("circuitledger.test", "/results/", 4),
        ("meridianpress.test", "/video/", 3),
        ("eastwindreview.test", "/columns/", 2),
    ):
        pages = [page for page in world.pages if page.host == host and mark in page.path]
        assert len(pages) == count
        assert len({page.truth.story for page in pages}) == count
    fires = ["warehouse-wire", "warehouse-dispatch", "warehouse-courier", "warehouse-herald"]
    assert set(fires) <= set(world.stories)
    walls = [page for page in world.pages if page.text.startswith("Sign in to continue")]
    assert len(walls) == 3
    assert len({page.text for page in walls}) == 1
    footers = [world.texts[name].paragraphs[-4:] for name in ("promo-footer-a", "promo-footer-b")]
    assert footers[0] == footers[1]


def test_prose_is_long_enough_to_compare(world: World) -> None:
    for text in world.texts.values():
        body = "".join(text.paragraphs)
        if text.id.startswith("t-") or text.id == "wall-notice":
            continue
        units = len(re.sub(r"\s", "", body)) if text.language == "zh" else len(body.split())
        assert 190 <= units <= 900, text.id


def test_texts_differ_from_one_another(world: World) -> None:
    paragraphs = Counter(part for text in world.texts.values() for part in text.paragraphs)
    shared = {part for part, count in paragraphs.items() if count > 1}
    known = {*world.texts["promo-footer-a"].paragraphs[-4:], *world.texts["longest-day-2024"].paragraphs[:2]}
    assert shared == known


def test_no_real_outlet_is_named(world: World) -> None:
    for page in world.pages:
        html = page_html(world, page, world.moment(None))
        named = [name for name in REAL_OUTLETS if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", html)]
        assert named == [], page.url


def test_every_page_is_well_formed_and_has_its_own_template(world: World) -> None:
    skeletons: dict[str, str] = {}
    for page in world.pages:
        html = page_html(world, page, world.moment(None))
        tree = lxml.html.document_fromstring(html)
        assert tree.findtext(".//title")
        assert page.versions[-1].title in tree.text_content()
        assert not re.search(r"\$\{?[a-z_]", html), page.url  # a place of the template that nobody filled
        skeletons[page.host] = "/".join(sorted({node.get("class") or "" for node in tree.iter() if node.tag == "div"}))
    assert len(set(skeletons.values())) >= 20
    bare = [host for host, site in world.sites.items() if not site.meta]
    assert len(bare) >= 3  # sites that declare nothing about their pages


def test_lines_stand_in_the_same_container_as_the_text(world: World) -> None:
    for page in world.pages:
        if not page.lines:
            continue
        tree = lxml.html.document_fromstring(page_html(world, page, world.moment(1)))
        texts = [block.text.split("[")[0][:30] for block in page.versions[0].blocks if block.kind in ("p", "quote")]
        holders = [
            node for node in tree.iter("div", "section", "td") if all(part in node.text_content() for part in texts)
        ]
        container = holders[-1].text_content()  # document order: the last is the innermost
        for line in page.lines:
            words = re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", line).split("\n")[0]
            assert words in container, (page.url, line)


@pytest.mark.parametrize("upto", [1, None])
def test_every_xml_feed_is_what_it_says(world: World, upto: int | None) -> None:
    moment = world.moment(upto)
    for site in world.sites.values():
        for plan in site.feeds:
            if plan.format == "json11":
                continue
            parsed = feedparser.parse(io.BytesIO(document(world, site, plan, moment)))
            listed = feed_pages(world, site, plan, moment)
            assert not parsed.bozo, (site.host, parsed.get("bozo_exception"))
            assert parsed.version == plan.format
            assert [entry.title for entry in parsed.entries] == [page.version(moment).title for page in listed]
            assert parsed.feed.title == plan.name


def test_feeds_differ_as_feeds_do(world: World) -> None:
    plans = [plan for site in world.sites.values() for plan in site.feeds if plan.format == "rss20"]
    assert {plan.body for plan in plans} == {"full", "summary", "none"}
    assert {plan.guid for plan in plans} == {"permalink", "opaque", "none"}
    assert {plan.authors for plan in plans} == {"creator", "author", "none"}
    assert any(plan.source for plan in plans)


def test_a_section_feed_lists_its_section_only(world: World) -> None:
    site = world.sites["harrowbaycourier.test"]
    plan = next(plan for plan in site.feeds if plan.section)
    assert isinstance(plan, FeedPlan)
    pages = feed_pages(world, site, plan, world.moment(None))
    assert len(pages) == 4
    assert all("/obituaries/" in page.path for page in pages)


def test_the_steps_bring_late_arrivals_and_updates(world: World) -> None:
    counts = [len(world.visible(step)) for step in (1, 2, 3)]
    assert counts == sorted(set(counts))
    assert counts[-1] == len(world.pages)
    late = [page for page in world.pages if page.appears_at > page.published_at]
    assert late  # an original that is listed after its copy
    assert world.stories["quiet-archive"][0].startswith("http://zerocontango.test/")
    updated = [page for page in world.pages if len(page.versions) > 1]
    assert len(updated) >= 2
    assert all(page.version(world.moment(1)) != page.version(world.moment(3)) for page in updated)


def test_the_written_configuration_is_valid(world: World, tmp_path) -> None:
    config = load(write_config(tmp_path / "new", "127.0.0.1:8123", world))
    assert [(feed.url, feed.name) for feed in config.feeds] == list(world.feeds)
    assert config.fetch.connect_to == {"*.test": "127.0.0.1:8123"}
    assert config.fetch.host_gap_s == 0
    assert config.store.url == f"sqlite:///{tmp_path / 'new' / 'onecopy.db'}"
