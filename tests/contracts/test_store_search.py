"""Search: the same answers on SQLite and PostgreSQL, and any string at all is a query."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import text
from store_making import alone, article, made, plan, save

from pipeline.model import Placement
from pipeline.store import Store

A, B, C, D = (f"https://{name}.test/1" for name in "abcd")


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    with Store.open(store_url) as opened:
        yield opened


def found(store: Store, query: str, limit: int = 50) -> list[str]:
    return [row.url for row in store.stories.search(query, limit)]


ODD = [
    "",
    " ",
    "\t\r\n",
    '"',
    '""',
    "'",
    "''; DROP TABLE article; --",
    "*",
    "council*",
    "^council",
    "-council",
    "NOT",
    "council NOT tuesday",
    "council AND",
    "OR council",
    "NEAR(council tuesday, 2)",
    "title:council",
    "{title byline}: council",
    "(",
    "((((",
    "council)",
    "a:b:c",
    "council & | ! <-> tuesday",
    "council:*A",
    "\\",
    "\\'",
    "%",
    "_",
    "$1 :w0 ? %s {0}",
    "\x00",
    "coun\x00cil",
    "\ud800",
    "council \udfff",
    "\ufffe\uffff",
    "\u202ecouncil\u202c",
    "👩‍👩‍👧‍👦🏳️‍🌈",
    "新聞を読む",
    "ข่าววันนี้",
    "ᠮᠣᠩᠭᠣᠯ हिन्दी العربية עברית",
    "e\u0301\u0327" * 50,
    "\u0301",
    "x" * 5_000_000,
    "x " * 2_500_000,
    " " * 5_000_000,
    "新" * 5_000_000,
    '"' * 5_000_000,
]


def test_any_string_is_a_query(store: Store) -> None:
    save(store, article(A))
    for query in ODD:
        assert found(store, query) in ([], [A]), query[:50]
    assert found(store, "council") == [A]  # and nothing broke


def test_all_words_in_any_copy_one_row_a_story_best_first(store: Store) -> None:
    save(store, article(A, "A kettle is described at length, and its lid.", title="Pots"))
    save(store, article(B, "Nothing to see here.", title="Kettle"))
    save(store, article(C, "Another kettle, with a lid.", title="Pans"), (), Placement((plan(1, A, C),), ()))
    save(store, article(D, "An unrelated text.", title="Bowls", byline=("Kettle Smith",)))
    assert found(store, "kettle lid") == [A]
    assert found(store, "lid LENGTH described") == [A]
    assert set(found(store, "kettle")) == {A, B, D}
    assert found(store, "kettle")[0] == B  # in the title
    assert found(store, "smith kettle") == [D]
    assert found(store, "kettle saucer") == []
    assert len(found(store, "kettle", limit=2)) == 2
    assert found(store, "kettle", limit=0) == found(store, "kettle", limit=-3) == []
    assert len(found(store, "kettle", limit=10**20)) == 3


def test_case_accents_and_punctuation_make_no_difference(store: Store) -> None:
    save(store, article(A, "The café’s e-mail is info@cafe.example; L'Été 3.14 snake_case."))
    for query in (
        "CAFÉ",
        "cafe",
        "cafe\u0301",
        "e-mail",
        "info",
        "info@cafe.example",
        "l'été",
        "3.14",
    ):
        assert found(store, query) == [A], query
    for query in ("snake_case", "case", "“café”", "mail,", "(mail)"):
        assert found(store, query) == [A], query
    for query in ("mail-e", "example.cafe", "caf"):
        assert found(store, query) == [], query


def test_words_of_a_hyphenated_query_stand_together(store: Store) -> None:
    save(store, article(A, "long and term"))
    save(store, article(B, "a long-term plan"))
    assert found(store, "long-term") == [B]
    assert set(found(store, "long term")) == {A, B}


def test_scripts_without_spaces(store: Store) -> None:
    save(store, article(A, "東京で大きな会議が開かれた。", title="会議"))
    save(store, article(B, "京東の議会 tokyo会議室"))
    save(store, article(C, "รัฐบาลไทยประกาศวันนี้ว่า"))
    assert found(store, "東京") == [A]
    assert found(store, "京東") == [B]
    assert set(found(store, "会議")) == {A, B}
    assert found(store, "大きな会議") == [A]
    assert found(store, "tokyo") == [B]
    assert found(store, "ประกาศ") == found(store, "วันนี้") == [C]
    assert found(store, "ประชา") == []


def test_other_scripts(store: Store) -> None:
    save(store, article(A, "Москва объявила. Ёлка. हिन्दी में समाचार। 서울의 봄 ΑΘΉΝΑ İstanbul straße"))
    for query in ("москва", "ОБЪЯВИЛА", "हिन्दी", "समाचार", "서울의", "αθήνα", "αθηνα", "straße"):
        assert found(store, query) == [A], query


def test_only_a_bounded_part_of_a_huge_text_is_indexed_and_nothing_fails(store: Store) -> None:
    distinct = "start " + " ".join(f"{number:x}" for number in range(700_000)) + " end"
    save(store, article(A, distinct, title="short " * 300_000, byline=("name " * 100_000,)))
    save(store, article(B, "新聞" * 1_000_000))
    save(store, article(C, "a-b" * 700_000))
    save(store, article(D, "x" * 5_000_000))
    assert found(store, "start") == found(store, "short") == [A]
    assert found(store, "end") == []
    assert found(store, "新聞") == [B]


def test_words_beyond_the_thirty_second_do_not_count(store: Store) -> None:
    save(store, article(A, "council met"))
    assert found(store, "council met " * 16 + "elsewhere") == [A]
    assert found(store, "council met " * 15 + "elsewhere") == []


def test_nul_and_surrogates_match_what_was_stored_for_them(store: Store) -> None:
    save(store, article(A, "before\x00after \ud800 lone"))
    assert found(store, "lone") == found(store, "before") == found(store, "before\x00after") == [A]


def test_an_index_made_by_another_scheme_is_rebuilt_when_the_store_is_opened(store_url: str) -> None:
    with Store.open(store_url) as store:
        with store.articles.placing() as placing:
            for number in range(130):
                one = article(f"https://a.test/{number}", f"kettle number{number}")
                placing.save(one, made(), alone(one.canonical_url))
        with store._database.write() as connection:
            index = "INSERT INTO search (search) VALUES ('delete-all')" if store._database.sqlite else "TRUNCATE search"
            connection.execute(text(index))
            connection.execute(text("UPDATE meta SET value = 'search/0' WHERE key = 'search'"))
        assert found(store, "kettle") == []
    with Store.open(store_url) as store:
        assert len(found(store, "kettle", 200)) == 130
        assert found(store, "number129") == ["https://a.test/129"]
    with Store.open(store_url) as store:
        save(store, article("https://a.test/7", "spoon"), (), Placement((plan(8, "https://a.test/7"),), ()))
        assert (found(store, "number7"), found(store, "spoon")) == ([], ["https://a.test/7"])
