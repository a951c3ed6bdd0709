"""From matches to groups: no chains, digests and excerpts never bridge, the order of everything is indifferent."""

from __future__ import annotations

import random
from collections.abc import Iterable

import pytest
from dedup_making import article, first_words, member, members, prose, reworded

from pipeline.dedup.cluster import cluster, component, is_teaser, orient, score
from pipeline.dedup.fingerprint import SCHEME
from pipeline.dedup.match import verify
from pipeline.model import Article, Match, Member, Route


def url(name: str) -> str:
    return f"https://{name}.example/1"


def joined(a: str, b: str, kind: str = "copy", jaccard: float = 0.6, in_b: float = 0.7, in_a: float = 0.7) -> Match:
    """A match made up for the clustering: ``in_b`` is the share of a that b holds."""
    first, second = url(a), url(b)
    if first > second:
        first, second, in_b, in_a = second, first, in_a, in_b
    return Match(first, second, jaccard, in_b, in_a, 50, kind, Route.NEAR_DUPLICATE, "", SCHEME)


def strangers(names: str) -> dict[str, Member]:
    """Articles that have nothing to do with each other but what the matches say."""
    return {url(name): member(article(url(name), prose(name, 100))) for name in names}


def groups(
    everyone: dict[str, Member], matches: Iterable[Match], derived: dict[str, set[str]] | None = None
) -> set[str]:
    """Groups as words, one letter an article."""
    made = cluster(everyone, tuple(matches), derived or {})
    return {"".join(at.removeprefix("https://").split(".")[0] for at in group) for group in made}


def real(*articles: Article) -> set[frozenset[str]]:
    """Groups of real texts, by their real matches."""
    everyone = members(articles)
    pairs = [(a, b) for n, a in enumerate(articles) for b in articles[n + 1 :]]
    matches = [found for a, b in pairs if (found := verify(a, b))]
    return {frozenset(group) for group in cluster(everyone, tuple(matches), {})}


# --- components


def test_a_component_follows_only_what_joins() -> None:
    matches = [joined("a", "b"), joined("b", "c", "excerpt"), joined("c", "d", "contained"), joined("d", "e", "")]
    assert component([url("a")], matches) == {url("a"), url("b"), url("c")}
    assert component([url("e")], matches) == {url("e")}


# --- copies


def test_two_copies_join_and_strangers_do_not() -> None:
    assert groups(strangers("abc"), [joined("a", "b")]) == {"ab", "c"}


def test_a_chain_of_two_pairs_does_not_become_one_group() -> None:
    # One edge between two pairs: one of four pairs is alike, and half are needed.
    chain = [joined("a", "b", jaccard=0.9), joined("b", "c", jaccard=0.4), joined("c", "d", jaccard=0.9)]
    assert groups(strangers("abcd"), chain) == {"ab", "cd"}


def test_versions_that_drift_join_while_half_of_the_pairs_are_alike() -> None:
    drift = [joined("a", "b", jaccard=0.8), joined("b", "c", jaccard=0.5), joined("a", "c", "", jaccard=0.3)]
    assert groups(strangers("abc"), drift) == {"abc"}
    assert groups(strangers("abc"), [drift[0], drift[1]]) == {"abc"}  # one of two is half


def test_pairs_that_were_never_compared_are_estimated() -> None:
    text = prose("estimated", 200)
    everyone = members(article(url(name), reworded(text, 0.02, name)) for name in "abcd")
    chain = [joined("a", "b", jaccard=0.9), joined("b", "c", jaccard=0.4), joined("c", "d", jaccard=0.9)]
    assert groups(everyone, chain) == {"abcd"}


def test_the_best_edges_join_first() -> None:
    # b is nearer to c than to a: with c it forms a pair to which a, like only one of the two, still belongs by half,
    # and d, like one of three, no more.
    matches = [joined("b", "c", jaccard=0.9), joined("a", "b", jaccard=0.5), joined("a", "d", jaccard=0.4)]
    assert groups(strangers("abcd"), matches) == {"abc", "d"}


def test_the_score_weighs_containment() -> None:
    assert score(joined("a", "b", jaccard=0.2, in_b=0.9, in_a=0.2)) == pytest.approx(0.72)
    assert score(joined("a", "b", jaccard=0.75, in_b=0.9, in_a=0.8)) == pytest.approx(0.75)


# --- excerpts, wholes, digests


def test_an_excerpt_attaches_to_its_best_parent_and_bridges_nothing() -> None:
    x, y = prose("x", 600), prose("y", 600)
    teaser = first_words(x, 60) + " " + first_words(y, 50) + " ..."
    made = real(article(url("x"), x), article(url("y"), y), article(url("t"), teaser))
    assert frozenset({url("x"), url("y")}) not in {group & {url("x"), url("y")} for group in made}
    by_hand = [joined("t", "x", "excerpt", 0.1, 0.9, 0.1), joined("t", "y", "excerpt", 0.1, 0.7, 0.1)]
    assert groups(strangers("xyt"), by_hand) == {"tx", "y"}


def test_an_excerpt_of_real_text_joins_its_source() -> None:
    x = prose("x", 600)
    teaser = first_words(x, 80) + " ..."
    made = real(article(url("x"), x), article(url("t"), teaser), article(url("y"), prose("y", 600)))
    assert made == {frozenset({url("x"), url("t")}), frozenset({url("y")})}


def digest_of(*names: str, words: int) -> set[frozenset[str]]:
    pieces = [article(url(name), prose(name, words), title=f"All about {name}") for name in names]
    text = "\n".join([*(piece.text for piece in pieces), prose("rest", 80)])
    return real(*pieces, article(url("digest"), text, hours=5, title="The week in the harbour"))


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ("wxyz", 200),
        ("vwxyz", 200),
        ("xyz", 200),
        ("xy", 250),
    ],
)
def test_a_digest_joins_none_of_its_pieces(names: str, words: int) -> None:
    assert digest_of(*names, words=words) == {frozenset({url(name)}) for name in (*names, "digest")}


@pytest.mark.parametrize(("filled", "expected"), [(0.58, {"abc"}), (0.45, {"a", "b", "c"})])
def test_a_version_between_two_that_drifted_apart_is_no_digest_of_them(filled: float, expected: set[str]) -> None:
    # What stands side by side cannot fill more than the whole.
    everyone = {url(n): member(article(url(n), prose(n, 140 if n == "b" else 120))) for n in "abc"}
    pairs = [joined("a", "b", "copy", 0.42, 0.62, filled), joined("c", "b", "copy", 0.42, 0.62, filled)]
    assert groups(everyone, pairs) == expected


def test_a_commentary_around_one_whole_copy_joins_it() -> None:
    x = prose("x", 200)
    around = article(url("c"), f"{x}\n{prose('comment', 300)}", hours=9)
    assert real(article(url("x"), x), around) == {frozenset({url("x"), url("c")})}


def test_a_circle_of_parents_is_one_group() -> None:
    circle = [
        joined("a", "b", "excerpt", 0.3, 0.9, 0.3),
        joined("b", "c", "excerpt", 0.3, 0.9, 0.3),
        joined("a", "c", "excerpt", 0.3, 0.3, 0.9),
    ]
    derived = {url("a"): {url("b")}, url("b"): {url("c")}, url("c"): {url("a")}}
    assert groups(strangers("abc"), circle, derived) == {"abc"}


@pytest.mark.parametrize("seed", range(20))
def test_the_order_of_members_and_matches_is_indifferent(seed: int) -> None:
    rng = random.Random(seed)
    names = "abcdefgh"
    kinds = ["copy", "copy", "copy", "excerpt", "contained", ""]
    pairs = [(a, b) for n, a in enumerate(names) for b in names[n + 1 :] if rng.random() < 0.4]
    matches = [joined(a, b, rng.choice(kinds), rng.random(), rng.random(), rng.random()) for a, b in pairs]
    everyone = strangers(names)
    made = groups(everyone, matches)
    for _ in range(5):
        rng.shuffle(matches)
        urls = list(everyone)
        rng.shuffle(urls)
        assert groups({at: everyone[at] for at in urls}, matches) == made


# --- who is part of whom


def oriented(short: Article, long: Article, derived: dict[str, set[str]] | None = None) -> tuple[str, str]:
    found = verify(short, long)
    assert found is not None
    return orient(found, members([short, long]), derived or {})


WHOLE = prose("whole", 400)
SHORT, LONG = url("short"), url("long")


def test_a_teaser_is_part_of_the_whole_whenever_it_appeared() -> None:
    teaser = article(SHORT, first_words(WHOLE, 100) + " and then the", hours=-9)
    assert oriented(teaser, article(LONG, WHOLE)) == (SHORT, LONG)


def test_a_longer_text_that_came_later_is_built_around_the_shorter() -> None:
    piece = article(SHORT, prose("piece", 150))
    later = article(LONG, prose("piece", 150) + "\n" + prose("more", 250), hours=5)
    earlier = article(LONG, later.text, hours=-5)
    assert oriented(piece, later) == (LONG, SHORT)
    assert oriented(piece, earlier) == (SHORT, LONG)


def test_what_a_text_names_as_its_source_decides() -> None:
    piece = article(SHORT, prose("piece", 150))
    other = article(LONG, prose("piece", 150) + "\n" + prose("more", 250), hours=-5)
    assert oriented(piece, other, {LONG: {SHORT}}) == (LONG, SHORT)
    assert oriented(piece, other, {SHORT: {LONG}}) == (SHORT, LONG)


@pytest.mark.parametrize(
    ("text", "teaser"),
    [
        ("The line will close. It ran for ninety years.", False),
        ("The line will close. It ran for", True),
        ("The line will close. It ran for ninety ...", True),
        ("The line will close […]", True),
        ("The line will close.\nRead the full story at The Ledger", True),
        ("渡轮航线将关闭。", False),
        ("यह सेवा बंद होगी।", False),
        ("He said: “It is over.”", False),
        ("", True),
    ],
)
def test_a_teaser_breaks_off_or_asks_to_read_on(text: str, teaser: bool) -> None:
    assert is_teaser(text) is teaser
