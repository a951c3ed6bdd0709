"""Cleaning text, titles, names, and guessing encodings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.feeds.charset import decode
from pipeline.feeds.people import author_names
from pipeline.feeds.text import clean_text, html_text, one_line, title_text

ANY_TEXT = st.text(alphabet=st.characters(), max_size=200)  # lone surrogates included


@pytest.mark.parametrize("number", [*range(9), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F, 0xD800, 0xDFFF, 0xFFFE, 0xFFFF])
def test_characters_that_go(number: int) -> None:
    assert clean_text(f"a{chr(number)}b") == "ab"


def test_characters_that_stay() -> None:
    text = "tab\t line\n return\r é 漢 \U0001f600 \u200b\ufeff"
    assert clean_text(text) == text


@given(ANY_TEXT)
def test_clean_text_can_be_stored_anywhere(text: str) -> None:
    cleaned = clean_text(text)
    cleaned.encode("utf-8")
    assert "\0" not in cleaned
    assert clean_text(cleaned) == cleaned


@given(ANY_TEXT)
def test_one_line_is_one_line(text: str) -> None:
    line = one_line(text)
    assert line is None or (line == line.strip() and len(line.splitlines()) == 1)


@pytest.mark.parametrize(
    ("raw", "markup", "title"),
    [
        ("Fish &amp; Chips", None, "Fish & Chips"),
        ("Fish & Chips", None, "Fish & Chips"),
        ("&amp;lt;b&amp;gt;", None, "&lt;b&gt;"),  # decoded once, not twice
        ("How to use <div>", None, "How to use <div>"),
        ("A <i>b</i>", None, "A b"),
        ("A <i>b</i>", False, "A <i>b</i>"),
        ("&eacute;", False, "&eacute;"),
        ("x <script>alert(1)</script> y", True, "x y"),
        ("x <!-- hidden --> y", True, "x y"),
        ("1 < 2 &amp; 3 > 2", True, "1 < 2 & 3 > 2"),
        ("One<br>two<p>three", True, "One two three"),
        ("", None, None),
        (" \u202e ", None, None),
        (5, None, None),
        ("x" * 5_000, None, "x" * 1_000),
    ],
)
def test_titles(raw: object, markup: bool | None, title: str | None) -> None:
    assert title_text(raw, markup) == title


@given(st.text(alphabet="<>!-/scriptbr&;#x0 ", max_size=300))
def test_html_text_never_raises(markup: str) -> None:
    html_text(markup)


@pytest.mark.parametrize(
    ("raw", "names"),
    [
        (["lawyer@boyer.net (Lawyer Boyer)"], ("Lawyer Boyer",)),
        (["Ann Quay <ann@example.org>"], ("Ann Quay",)),
        (["Ann Quay, ann@example.org"], ("Ann Quay",)),
        (["noreply@example.org"], ()),
        (["noreply@example.org (noreply@example.org)"], ()),
        (["Ann (Guest)", "Ann (Guest)", None, 5, ""], ("Ann (Guest)",)),
        (["@handle"], ("@handle",)),
        (["x" * 1_000], ("x" * 200,)),
        ([str(n) for n in range(100)], tuple(str(n) for n in range(50))),
    ],
)
def test_author_names(raw: list[object], names: tuple[str, ...]) -> None:
    assert author_names(raw) == names


@given(st.binary(max_size=300), st.none() | st.text(max_size=60))
def test_decoding_never_raises(body: bytes, content_type: str | None) -> None:
    decode(body, content_type)


LABELS = """
undefined punycode idna utf-7 utf_7 zlib base64 hex rot13 bz2 uu quopri unicode_escape raw_unicode_escape
mbcs oem cp65001 charmap string_escape undefined\0 utf-8\0 \xff ../../etc ebcdic cp037 cp500
utf-8-sig hz""".split()


@pytest.mark.parametrize("label", LABELS)
def test_names_of_codecs_that_are_no_character_sets_are_passed_over(label: str) -> None:
    body = f'<?xml version="1.0" encoding="{label}"?><rss>Привет</rss>'.encode()
    for content_type in (None, f"text/xml; charset={label}", f'text/xml; charset="{label}"'):
        assert "Привет" in decode(body, content_type)[0]


@pytest.mark.parametrize("codec", ["utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "koi8-r", "cp1251", "cp866"])
def test_each_declared_encoding_is_read(codec: str) -> None:
    text = f'<?xml version="1.0" encoding="{codec}"?><rss>Привет, мир</rss>'
    assert decode(text.encode(codec), None)[0].removeprefix("\ufeff") == text


def test_damage_is_reported() -> None:
    text, problems = decode("Привет".encode() + b"\xd0\xff", None)
    assert text.startswith("Привет")
    assert "\ufffd" in text
    assert problems


TEXTS = {
    "gb18030": ("gb2312", "今天上午市议会就大桥的修建问题举行了长时间的讨论，"),
    "big5hkscs": ("big5", "台灣新聞報導今天上午市議會就大橋的修建問題舉行了討論，"),
    "cp949": ("euc-kr", "오늘 오전 시의회는 다리 건설 문제를 두고 오랜 시간 토론했다. "),
    "euc_jp": ("euc-jp", "今日の午前、市議会は橋の建設について長い時間をかけて議論した。"),
    "cp1251": ("windows-1251", "Сегодня утром городской совет долго обсуждал строительство моста. "),
}


@pytest.mark.parametrize("codec", TEXTS)
def test_one_bad_byte_leaves_the_declared_encoding(codec: str) -> None:
    """A summary that was cut within a character, at its end, is no reason to take all for another encoding."""
    label, sentence = TEXTS[codec]
    body = (sentence * 20).encode(codec)
    bad = b"\x98" if codec == "cp1251" else b"\xff"
    text, _ = decode(body + bad + b" " + body, f"text/xml; charset={label}")
    assert text.startswith(sentence * 20)
    assert text.endswith(sentence * 20)


def test_characters_of_vendors_are_read() -> None:
    text, problems = decode("第①回の会議".encode("euc_jis_2004"), "text/xml; charset=euc-jp")
    assert (text, problems) == ("第①回の会議", ())


def test_a_wrong_declaration_is_not_believed() -> None:
    """One-byte text that declares an encoding of two bytes: far more than a little does not fit."""
    text, problems = decode(
        "Überall hören wir schöne Lieder über Österreich. ".encode("cp1252") * 9, "a/b; charset=euc-jp"
    )
    assert text.startswith("Überall hören")
    assert problems == ("no valid encoding declared; read as windows-1252",)
