"""Names, dates, charsets, titles and single lines."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extraction import charset, dates, lines, names, phrases, text
from pipeline.extraction.declared import language_code
from pipeline.extraction.headlines import headline, without_site

NOW = datetime(2025, 6, 30, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("byline", "language", "expected"),
    [
        ("By Ann Lee", None, ("Ann Lee",)),
        ("by Ann Lee and Bo Wu", None, ("Ann Lee", "Bo Wu")),
        ("Ann Lee, Bo Wu and Cy Orr", None, ("Ann Lee", "Bo Wu", "Cy Orr")),
        ("Ann Lee, Bo Wu, & Cy Orr", None, ("Ann Lee", "Bo Wu", "Cy Orr")),
        ("Written by: Ann Lee", None, ("Ann Lee",)),
        ("ANN LEE and BO WU, Associated Press", None, ("Ann Lee", "Bo Wu", "Associated Press")),
        ("By ANN LEE and BO WU Associated Press", None, ("Ann Lee", "Bo Wu", "Associated Press")),
        ("By The Associated Press", None, ("The Associated Press",)),
        ("Ann Lee on Monday, May 5", None, ("Ann Lee",)),
        ("Ann Lee, staff writer", None, ("Ann Lee",)),
        ("Ann Lee | Senior Political Correspondent", None, ("Ann Lee",)),
        ("Ann Lee, Professor of Law, University of Somewhere", None, ("Ann Lee",)),
        ("Ann Lee ann.lee@site.example", None, ()),
        ("ann.lee@site.example", None, ()),
        ("Ann Lee, ann.lee@site.example", None, ("Ann Lee",)),
        ("https://www.facebook.com/annlee", None, ()),
        ("Martin King Jr., Ann Lee", None, ("Martin King Jr.", "Ann Lee")),
        ("Ann Lee, MD, PhD", None, ("Ann Lee",)),
        ("Ann Lee\nBo Wu", None, ("Ann Lee", "Bo Wu")),
        ("Ann Lee and ann lee", None, ("Ann Lee",)),
        ("Reuters", None, ("Reuters",)),
        ("The Site", None, ("The Site",)),
        ("The Site, Ann Lee", None, ("Ann Lee",)),
        ("The Site, Hamburg, Germany", None, ("The Site",)),
        ("Quay Press GmbH, Munich, Germany", None, ("Quay Press GmbH",)),
        ("Photograph by Ann Lee", None, ()),
        ("Name", None, ()),
        ("undefined", None, ()),
        ("Von Jens Uhlig und Karla Brandt", "de", ("Jens Uhlig", "Karla Brandt")),
        ("Von Miller", None, ("Von Miller",)),
        ("Di Luca Bianchi e Anna Neri", "it", ("Luca Bianchi", "Anna Neri")),
        ("Por Ana Prieto y Luis Gil", "es", ("Ana Prieto", "Luis Gil")),
        ("Текст: Иван Петров и Мария Лосева", "ru", ("Иван Петров", "Мария Лосева")),
        ("记者 李明 王芳", "zh", ("李明", "王芳")),
        ("作者：张伟、刘洋", "zh", ("张伟", "刘洋")),
        ("【滨河网专栏作者 张伟】", "zh", ("张伟",)),
        ("بقلم: ليلى حداد", "ar", ("ليلى حداد",)),
        ("लेखक: राहुल शर्मा और मीना यादव", "hi", ("राहुल शर्मा", "मीना यादव")),
        ("Oleh Siti Rahma", "id", ("Siti Rahma",)),
        ("نویسنده: سارا احمدی", "fa", ("سارا احمدی",)),
        ("Yazan: Ayşe Kaya", "tr", ("Ayşe Kaya",)),
        ("Συντάκτης: Μαρία Νίκου", "el", ("Μαρία Νίκου",)),
        ("김하늘 기자", "ko", ("김하늘",)),
        ("Agenzia ANSA", "it", ("Agenzia ANSA",)),
        ("", None, ()),
        ("By", None, ()),
        ("…", None, ()),
    ],
)
def test_names(byline: str, language: str | None, expected: tuple[str, ...]) -> None:
    assert names.split([byline], ["The Site", "site.example"], language) == expected


@given(st.lists(st.text(max_size=200), max_size=30))
def test_names_of_anything(bylines: list[str]) -> None:
    found = names.split(bylines, ["Site"], "de")
    assert len(found) <= names.MAX_NAMES
    assert all(name.strip() == name != "" and "@" not in name for name in found)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2025-06-30T02:00:00-04:00", "2025-06-30T06:00:00+00:00"),
        ("2025-06-30T02:00:00.123Z", "2025-06-30T02:00:00.123000+00:00"),
        ("2025-06-30T02:00:00+0200", "2025-06-30T00:00:00+00:00"),
        ("2025-06-30 02:00", "2025-06-30T02:00:00+00:00"),
        ("2025-06-30 02:00:00 UTC", "2025-06-30T02:00:00+00:00"),
        ("2025-06-30", "2025-06-30T00:00:00+00:00"),
        ("Mon, 30 Jun 2025 02:00:00 GMT", "2025-06-30T02:00:00+00:00"),
        ("June 30, 2025", "2025-06-30T00:00:00+00:00"),
        ("30 June 2025", "2025-06-30T00:00:00+00:00"),
        ("30.06.2025 02:15", "2025-06-30T02:15:00+00:00"),
        ("2024年6月12日 07:30", "2024-06-12T07:30:00+00:00"),
        ("1751248800", "2025-06-30T02:00:00+00:00"),
        (1751248800000, "2025-06-30T02:00:00+00:00"),
        ("2025-07-01T11:00:00Z", "2025-07-01T11:00:00+00:00"),
        ("2025-07-01T13:00:00Z", None),  # more than a day ahead
        ("9999-12-31T23:59:59-12:00", None),
        ("0001-01-01T00:00:00+12:00", None),
        ("1989-12-31", None),
        ("1970-01-01", None),
        ("soon", None),
        ("", None),
        (None, None),
        (True, None),
        (float("nan"), None),
        (10**400, None),
        ("9" * 5_000, None),
        ({}, None),
    ],
)
def test_dates(value: object, expected: str | None) -> None:
    found = dates.parse(value, NOW)
    assert (found.isoformat() if found else None) == expected


@given(st.one_of(st.text(max_size=40), st.integers(), st.floats(), st.datetimes().map(str)))
def test_dates_of_anything(value: object) -> None:
    found = dates.parse(value, NOW)
    assert found is None or (dates.EARLIEST <= found <= NOW + timedelta(hours=24) and found.tzinfo is UTC)


HAN = "市政府昨天决定将旧港口的仓库改建为公共图书馆，工程预计明年春天开始，居民对此意见不一。"  # a sentence of our own
TRADITIONAL = "市政府昨天決定將舊港口的倉庫改建為公共圖書館，工程預計明年春天開始，居民對此意見不一。"


@pytest.mark.parametrize(
    ("body", "content_type", "expected"),
    [
        ("Köln".encode(), None, "Köln"),
        ("Köln".encode("cp1252"), None, "Köln"),
        ("Köln".encode("utf-16"), "text/html; charset=iso-8859-1", "Köln"),
        ("\ufeffKöln".encode(), "text/html; charset=koi8-r", "Köln"),
        ("Привет".encode("koi8-r"), "text/html; charset=KOI8-R", "Привет"),
        ("Привет".encode("cp1251"), "text/html; charset='windows-1251'", "Привет"),
        ("<meta charset=gb2312>滨河镕".encode("gb18030"), None, "<meta charset=gb2312>滨河镕"),
        ("<meta charset=utf-16>Köln".encode(), None, "<meta charset=utf-16>Köln"),
        ("“quoted”".encode("cp1252"), "text/html; charset=iso-8859-1", "“quoted”"),
        ("Köln".encode(), "text/html; charset=iso-8859-1", "Köln"),
        ("Köln".encode("cp1252"), "text/html; charset=utf-8", "Köln"),
        (f"<meta charset=gb2312>{HAN}".encode(), None, f"<meta charset=gb2312>{HAN}"),
        (HAN.encode(), "text/html; charset=Shift_JIS", HAN),
        (HAN.encode() * 30 + b"\xff", "text/html; charset=gbk", HAN * 30 + "\ufffd"),
        (HAN.encode("gb18030"), "text/html; charset=gbk", HAN),
        (f"<meta charset=big5>{TRADITIONAL}".encode("big5"), None, f"<meta charset=big5>{TRADITIONAL}"),
        ("联通".encode("gb18030"), "text/html; charset=gbk", "联通"),  # valid UTF-8 by chance
    ],
)
def test_charsets(body: bytes, content_type: str | None, expected: str) -> None:
    assert charset.utf8(body, content_type)[0].decode() == expected


def test_http_is_believed_before_meta() -> None:
    body = "<meta charset=windows-1252>Привет".encode("cp1251")
    assert charset.utf8(body, "text/html; charset=windows-1251")[0].decode().endswith("Привет")


def test_a_single_bad_byte_does_not_change_the_charset() -> None:
    body = ("Grüße " * 500).encode() + b"\xff"
    found, problems = charset.utf8(body, "text/html; charset=utf-8")
    assert found.decode() == "Grüße " * 500 + "\ufffd"
    assert problems == ("1 undecodable characters",)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Headline | The Site", "Headline"),
        ("Headline - the site", "Headline"),
        ("Headline — World — The Site", "Headline — World"),
        ("Headline | site.example", "Headline"),
        ("Headline · Site", "Headline"),
        ("The Site: Headline", "Headline"),
        ("Analysis: Headline", "Analysis: Headline"),
        ("Two parts - and no site", "Two parts - and no site"),
        ("A well-known headline", "A well-known headline"),
        ("The Site", "The Site"),
    ],
)
def test_titles(title: str, expected: str) -> None:
    assert without_site(title, ("The Site", "site.example")) == expected


@pytest.mark.parametrize(
    ("declared", "tops", "headings", "document", "expected"),
    [
        ([], ["Basin drained"], ["Basin drained"], "Basin drained - The Site", "Basin drained"),
        ([], ["The Site"], ["The Site"], "Basin drained | The Site", "Basin drained"),
        ([], ["Quay Blog"], ["Quay Blog"], "The basin is drained | Quay Blog", "The basin is drained"),
        (
            [],
            ["Basin drained at last"],
            ["Basin drained at last"],
            "Quay | Basin drained at last",
            "Basin drained at last",
        ),
        ([], ["News"], ["News", "The basin is drained"], "The basin is drained | Quay Blog", "The basin is drained"),
        ([], ["Latest", "Basin drained"], ["Latest", "Basin drained"], "Basin drained: Quay", "Basin drained"),
        ([], ["Basin drained", "More"], ["Basin drained", "More"], "The Site", "Basin drained"),
        (["水池放空了：滨河日报"], ["水池放空了"], [], None, "水池放空了"),
        (["The Site", "Basin drained"], [], [], "The Site", "Basin drained"),
        (["Basin dr..."], ["Basin drained at last"], [], "Basin dr...", "Basin drained at last"),
        (["Basin drained | World"], ["Basin drained"], [], "Basin drained | World | The Site", "Basin drained"),
        (["A short one for feeds"], ["The long headline of the page"], [], None, "A short one for feeds"),
        ([], [], [], None, None),
    ],
)
def test_headlines(
    declared: list[str], tops: list[str], headings: list[str], document: str | None, expected: str | None
) -> None:
    assert headline(declared, tops, headings, document, ("The Site", "site.example", "滨河日报")) == expected


@pytest.mark.parametrize(
    ("tag", "code"), [("en-US", "en"), ("zh_CN", "zh"), ("DE", "de"), ("x-default", None), ("", None), (None, None)]
)
def test_languages(tag: str | None, code: str | None) -> None:
    assert language_code(tag) == code


@pytest.mark.parametrize(
    "line",
    [
        "Authored by Ann Lee via Substack,",
        "Via Some Blog",
        "dailyblitz.de 5 hours ago",
        "example.org vor 3 Stunden",
        "This article first appeared on The Quay.",
        "This story was originally published by State News.",
        "Republished with permission from The Quay",
        "Republished under a Creative Commons license.",
        "Dieser Text ist zuerst erschienen in der Heidezeitung.",
        "Publicado originalmente en Ribera Noticias",
        "Впервые опубликовано в газете «Вести».",
        "本文首发于滨河日报",
        "来源：新华社",
        "المصدر: صدى الميناء",
        "साभार: ग्राम समाचार",
    ],
)
def test_credits(line: str) -> None:
    assert lines.is_credit(line)
    assert not lines.is_furniture(line)


@pytest.mark.parametrize(
    "line", ["Read Entire Article", "Continue reading at The Quay", "By Ann Lee", "Source: Reuters", "Ann Lee via X,"]
)
def test_credits_beside_a_body(line: str) -> None:
    assert lines.is_credit_beside(line)


@pytest.mark.parametrize(
    ("patterns", "words"), [(phrases.CREDIT, phrases.CREDIT_WORDS), (phrases.BESIDE, phrases.BESIDE_WORDS)]
)
def test_every_pattern_has_a_word_by_which_it_is_looked_for(patterns: tuple[str, ...], words: tuple[str, ...]) -> None:
    without = [pattern for pattern in patterns if not any(word in pattern for word in words)]
    assert without == []


@pytest.mark.parametrize(
    "line",
    [
        "The goods reach the coast via Lindmark and are shipped from there.",
        "First published on November 19, 2019 / 8:16 AM",
        "Share via Email",
        "He said that by Friday everything would be decided.",
    ],
)
def test_no_credits(line: str) -> None:
    assert not lines.is_credit(line)


@pytest.mark.parametrize(
    "line",
    [
        *("Share this article", "Advertisement", "Anzeige", "Related stories:"),
        *("Subscribe to our newsletter", "3 min read"),
        "A post shared by Ann Lee (@ann.lee) on Jun 16, 2019 at 7:30am PDT",
        "Ein Beitrag geteilt von Ann Lee (@annlee) am 23. Okt 2017 um 0:31 Uhr",
        *("Реклама", "LA SUITE APRÈS LA PUBLICITÉ", "תגובות", "많이 본 뉴스", "विज्ञापन", "โฆษณา"),
        *("Читайте также: Дамбу достроят весной", "Baca juga:", "Lees ook | De dam is klaar", "相关阅读：大坝明年完工"),
        *("यह भी पढ़ें: बाँध अगले साल", "اقرأ أيضاً", "関連記事", "Διαβάστε επίσης: Το φράγμα"),
        *("Φωτογραφία: Α. Λι", "图片来源：滨河日报", "Fotoğraf: A. Lee", "사진: 김하늘"),
        *("Follow us on WhatsApp for the news of the quarter", "Подписывайтесь на наш канал в Telegram"),
        *("Kanalımıza WhatsApp'ta abone olun", "关注微信公众号"),
    ],
)
def test_furniture(line: str) -> None:
    assert lines.is_furniture(line)


@pytest.mark.parametrize(
    "line",
    [
        "Share prices fell by nine percent on Monday.",
        "Print is not dead.",
        "Read Entire Article",
        "— Ann Lee (@annlee) September 9, 2016",
        "She wrote to the keeper (@quay) that she would not come. In 2016 nobody had answered yet.",
        "Related parties sold.",
        "Like our rivals at Google, we drew no line.",
        "Join us in the harbour, the invitation on Facebook said, and nobody came.",
        "Читайте также и между строк.",
        "Foto und Film waren ihm gleich.",
        "Telegram wurde 2013 gegründet.",
    ],
)
def test_no_furniture(line: str) -> None:
    assert not lines.is_furniture(line)


@pytest.mark.parametrize(
    "line",
    [
        "Please enable JavaScript to view this page",
        "Subscribe to continue reading",
        "Already a subscriber? Sign in",
        "This post is for paid subscribers",
        "We use cookies to improve your experience",
        "Wir verwenden Cookies",
        "Cet article est réservé aux abonnés",
        "Ya eres suscriptor? Inicia sesión",
        "Материал доступен только для подписчиков",
        "登录后继续阅读",
        "この記事は会員限定です",
        "تسجيل الدخول",
        "पढ़ने के लिए लॉग इन करें",
    ],
)
def test_walls(line: str) -> None:
    assert lines.is_wall(line)


def test_clean_text_is_legal_everywhere() -> None:
    assert text.clean("a\x00b\u202ec\ufeff \xa0 d\ud800\x85e\u200b") == "abc d e"
    assert text.clean("می\u200cخواهم") == "می\u200cخواهم"


@given(st.text())
def test_clean_twice_is_clean_once(value: str) -> None:
    assert text.clean(text.clean(value)) == text.clean(value)


def test_words_are_counted_in_all_scripts() -> None:
    assert text.word_count("three plain words") == 3
    assert text.word_count("全长三十一公里的滨河绿道") == 6
    assert text.word_count("तीन गाँवों में") == 3


@pytest.mark.parametrize(
    ("line", "language", "expected"),
    [
        ("By Ann Lee | May 5, 2025", "en", ("Ann Lee",)),
        ("Por Ana Prieto — 25/06/2025", "es", ("Ana Prieto",)),
        ("2025-06-25 01:00 作者:陆望舒 阅读 4100", "zh", ("陆望舒",)),
        ("By continuing you agree to the terms of use and acknowledge our statement.", "en", ()),
        ("By then it was too late for the ferry and for Ann Lee.", "en", ()),
        ("by Ann Lee / January 19, 2017 / Leave a comment", "en", ("Ann Lee",)),
        ("By Monday, officials said", "en", ()),
        ("Ann Lee", "en", ()),
    ],
)
def test_bylines_in_the_text(line: str, language: str, expected: tuple[str, ...]) -> None:
    assert names.visible(line, (), language) == expected
