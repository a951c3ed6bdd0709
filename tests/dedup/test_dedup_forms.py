"""Credit and furniture lines: every example of tests/data/forms.tsv is read as it says, and prose is left alone."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.dedup import formindex, forms
from pipeline.dedup.fold import fold
from pipeline.dedup.forms import HEAD_LINES, LONGEST_LINE, TAIL_LINES, Form, FormIndex, Mark, read_marks
from pipeline.dedup.formsyntax import OPENING, analyse, flat
from pipeline.dedup.formtable import FORMS
from pipeline.dedup.text import read

PARAGRAPH = (
    "{}. The harbour master of a small town keeps a log of the tides, and nobody has read it in years but for him, "
    "his cat and a man who comes over the hill on Sundays to ask what the water did."
)
BODY = [PARAGRAPH.format(number) for number in range(HEAD_LINES + TAIL_LINES + 4)]
MIDDLE = HEAD_LINES + 2
LANGUAGES = "en de fr es it pt nl pl ru zh ja ar hi tr ko sv uk th".split()


class Example(NamedTuple):
    language: str
    role: str
    line: str
    author: str
    outlet: str
    url: str

    @property
    def expected(self) -> tuple[str, ...]:
        return (self.role, *map(fold, (self.author, self.outlet, self.url)))


def examples() -> list[Example]:
    path = Path(__file__).parents[1] / "data" / "forms.tsv"
    return [Example(*row.split("\t")) for row in path.read_text(encoding="utf-8").splitlines()[1:]]


EXAMPLES = [example for example in examples() if example.role != "body"]
PROSE = [example for example in examples() if example.role == "body"]


def seen(mark: Mark) -> tuple[str, ...]:
    return (mark.role, *(fold(part or "") for part in (mark.author, mark.outlet, mark.url)))


def named(example: Example) -> str:
    return f"{example.language}-{example.role}-{re.sub('[^ -~]', '', example.line)[:30]}"


@pytest.mark.parametrize("example", EXAMPLES, ids=named)
def test_a_line_is_read_as_the_table_says(example: Example) -> None:
    if example.role != "sign-off":
        marks, body = read_marks("\n".join([example.line, *BODY]))
        assert [seen(mark) for mark in marks] == [example.expected]
        assert body == BODY
    if example.role != "byline":
        marks, body = read_marks("\n".join([*BODY, example.line]))
        assert [seen(mark) for mark in marks] == [example.expected]
        assert body == BODY


@pytest.mark.parametrize("example", PROSE, ids=named)
def test_prose_that_begins_like_a_credit_stays_body(example: Example) -> None:
    for lines in ([example.line, *BODY], [*BODY, example.line], [*BODY[:MIDDLE], example.line, *BODY[MIDDLE:]]):
        assert read_marks("\n".join(lines)) == ((), lines)


def test_there_are_examples_of_every_language_and_enough_of_them() -> None:
    count = Counter(example.language for example in EXAMPLES)
    assert len(EXAMPLES) >= 250
    assert len(PROSE) >= 120
    assert {language for language in LANGUAGES if count[language] < 8} == set()
    assert set(LANGUAGES) <= {example.language for example in PROSE}


EVERY_FORM = [Form(n, language, role, fold(row), ("",)) for n, (language, role, row) in enumerate(FORMS)]


def accepts(form: Form, line: str) -> bool:
    core = forms._core(fold(" ".join(line.split())))
    found = form.fullmatch(core)
    return found is not None and forms._as_mark(form, found.groupdict(), core, line) is not None


@pytest.mark.parametrize("form", EVERY_FORM, ids=lambda form: f"{form.number}-{form.language}-{form.role}")
def test_every_form_has_an_example(form: Form) -> None:
    assert any(accepts(form, example.line) for example in EXAMPLES if example.role == form.role)


# --- where a line may stand


def test_credits_count_only_near_head_and_tail_and_a_mere_name_only_at_the_head() -> None:
    credit, byline = "This article was originally published in The Ledger.", "By Jane Roe"
    in_the_middle = [*BODY[:MIDDLE], credit, byline, *BODY[MIDDLE:]]
    assert read_marks("\n".join(in_the_middle)) == ((), in_the_middle)
    assert [mark.role for mark in read_marks("\n".join([byline, *BODY, credit, byline]))[0]] == ["byline", "credit"]


def test_furniture_and_invitations_to_read_on_go_wherever_they_stand() -> None:
    lines = [*BODY[:MIDDLE], "Share | Tweet | Email", "Read the full story at The Ledger »", *BODY[MIDDLE:]]
    marks, body = read_marks("\n".join(lines))
    assert [mark.role for mark in marks] == ["furniture", "more"]
    assert body == BODY


def test_a_line_over_the_limit_is_never_a_credit() -> None:
    long = "This article was originally published in The Ledger. " + "word " * 60
    assert len(long) > LONGEST_LINE
    assert read_marks("\n".join([long.strip(), *BODY]))[0] == ()


def test_a_name_over_a_date_is_a_sign_off() -> None:
    marks, body = read_marks("\n".join([*BODY, "Tyler Marsh", "Mon, 06/30/2025 – 02:00"]))
    assert marks == (Mark("sign-off", "Tyler Marsh Mon, 06/30/2025 - 02:00", author="Tyler Marsh"),)
    assert body == BODY


def test_a_name_over_a_date_above_the_text_is_its_author() -> None:
    for name in ("Jane Roe", "By Jane Roe"):
        marks, body = read_marks("\n".join([name, "Mon, 06/30/2025 – 02:00", *BODY]))
        assert [(mark.role, mark.author) for mark in marks] == [("byline", "Jane Roe")]
        assert body == BODY


def test_a_line_that_repeats_the_title_is_no_body() -> None:
    title = "Harbour log reveals “a hundred years” of tides"
    marks, body = read_marks("\n".join([title.replace("“", '"').replace("”", '"').upper(), *BODY]), title)
    assert [mark.role for mark in marks] == ["title"]
    assert body == BODY


def test_a_credit_that_closes_a_paragraph_is_taken_out_of_it() -> None:
    about = "Jane Roe keeps bees in Havenport and writes about tides."
    marks, body = read_marks("\n".join([*BODY, about + " This essay first appeared in The Ledger."]))
    assert [seen(mark) for mark in marks] == [("credit", "", "The Ledger", "")]
    assert body == [*BODY, about]


@pytest.mark.parametrize(
    ("line", "dateline", "outlet"),
    [
        ("OSLO (Meridian) — The ferry line will close.", "OSLO (Meridian) —", "Meridian"),
        ("BERGEN, Norway (MP) - The ferry line will close.", "BERGEN, Norway (MP) -", "MP"),
        ("Oslo, June 3 (Meridian) -- The ferry line will close.", "Oslo, June 3 (Meridian) --", "Meridian"),
        (
            "HAVENPORT, June 3, 2025 /MP-Newswire/ -- The line will close.",
            "HAVENPORT, June 3, 2025 /MP-Newswire/ --",
            "MP-Newswire",
        ),
        ("(Meridian) - The ferry line will close.", "(Meridian) -", "Meridian"),
        ("Havenport, Jun 3 (MPI) The ferry line will close.", "Havenport, Jun 3 (MPI)", "MPI"),
        ("Havenport [Northland], June 3 (MNI): The line will close.", "Havenport [Northland], June 3 (MNI):", "MNI"),
        ("उत्तर घाट, तीन जून (संदेश) नौका सेवा बंद होगी।", "उत्तर घाट, तीन जून (संदेश)", "संदेश"),
        ("ঘাটপুর, ৩ জুন (বার্তা) : ফেরি বন্ধ হবে।", "ঘাটপুর, ৩ জুন (বার্তা) :", "বার্তা"),
        ("الميناء - 3 يونيو (الشروق) - يغلق خط العبارة.", "الميناء - 3 يونيو (الشروق) -", "الشروق"),
        ("(北岸社記者王大明海港3日電)渡輪航線將關閉。", "(北岸社記者王大明海港3日電)", "北岸社"),
        ("NEW HAVEN: The ferry line will close.", "NEW HAVEN:", None),
        ("Berlin (mpd) - Die Fähre stellt den Betrieb ein.", "Berlin (mpd) -", "mpd"),
        ("Madrid, 3 jun (EPM).- La línea cerrará.", "Madrid, 3 jun (EPM).-", "EPM"),
        ("МОСКВА, 3 июня (Меридиан) — Линия закроется.", "МОСКВА, 3 июня (Меридиан) —", "Меридиан"),
        ("北岸社海港6月3日电(记者王小明)渡轮航线将关闭。", "北岸社海港6月3日电(记者王小明)", "北岸社"),
        ("【港町通信】フェリー航路が廃止される。", "【港町通信】", "港町通信"),
        ("(서울=북부두통신) 김하늘 기자 = 여객선 노선이 폐지된다.", "(서울=북부두통신) 김하늘 기자 =", "북부두통신"),
    ],
)
def test_datelines_are_cut_from_the_first_paragraph_only(line: str, dateline: str, outlet: str | None) -> None:
    marks, body = read_marks("\n".join([line, *BODY]))
    assert [(mark.role, mark.line, mark.outlet) for mark in marks] == [("dateline", dateline, outlet)]
    assert body[0] == line[len(dateline) :].strip()
    assert read_marks("\n".join([*BODY, line])) == ((), [*BODY, line])


@pytest.mark.parametrize(
    "line",
    [
        "Smith, in June (CEO) of the ferry line, will leave.",
        "Summer concert, June 12 (Thursday) at the bandstand.",
        "Anna Blom, May Holm (Oslo) and others left.",
        "बंदरगाह के पुराने कर्मचारी और उनके साथी (तस्वीर में) - सब चले गए।",
    ],
)
def test_names_and_captions_are_no_datelines(line: str) -> None:
    assert read_marks("\n".join([line, *BODY])) == ((), [line, *BODY])


def test_hard_wrapped_lines_are_joined_into_their_paragraphs() -> None:
    first = [
        "The harbour master of a small town keeps a log of the tides",
        "and has done so for forty years without",
    ] * 4
    second = [
        "Nobody reads it now but for him and his cat and a man from",
        "over the hill, who asks what the water did",
    ] * 4
    wrapped = "\n".join([*first, "", *second])
    assert read_marks(wrapped)[1] == [" ".join(first), " ".join(second)]
    assert read(wrapped).tokens == read(" ".join(first) + "\n" + " ".join(second)).tokens


# --- nothing is lost, nothing breaks

ANY_LINE = st.one_of(
    st.sampled_from([example.line for example in (*EXAMPLES, *PROSE)]),
    st.text(alphabet=st.characters(exclude_characters="\n", exclude_categories=["Cs"]), max_size=60),
    st.builds(
        "{}{}{}".format,
        st.sampled_from(["By ", "via ", "Source: ", "Von ", "来源:", "© 2025 ", "("]),
        st.text(alphabet="abz ,.|-()/\"'0189 AZéя中", max_size=80),
        st.sampled_from(["", ".", ")", " 5 hours ago", ", June 3, 2025"]),
    ),
)


@given(st.lists(ANY_LINE, max_size=30), st.none() | ANY_LINE)
@settings(max_examples=200, deadline=None)
def test_every_word_of_a_text_ends_in_the_body_or_in_a_mark(lines: list[str], title: str | None) -> None:
    marks, body = read_marks("\n".join(lines), title)
    kept = Counter(fold(" ".join([*body, *(mark.line for mark in marks)])).split())
    given_words = Counter(fold(" ".join(lines)).split())
    missing, added = given_words - kept, kept - given_words
    # A cut inside a line may part a word from its punctuation; letters are never lost or made.
    assert Counter("".join(missing.elements())) == Counter("".join(added.elements()))


def check_lookup(line: str) -> None:
    """Looking forms up by their openings gives all that match, in the table's order."""
    core = forms._core(fold(" ".join(line.split())))
    roles = formindex.HEAD if len(core) <= formindex.LONGEST_SHORT else formindex.HEAD - formindex._SHORT
    matching = [form.number for form in EVERY_FORM if form.role in roles and form.fullmatch(core)]
    candidates = [form.number for form in forms.index().candidates(flat(core), formindex.HEAD)]
    assert [number for number in candidates if number in matching] == matching
    assert candidates == sorted(set(candidates))


@given(ANY_LINE)
@settings(max_examples=300, deadline=None)
def test_lookup_by_opening_changes_no_result(line: str) -> None:
    check_lookup(line)


@pytest.mark.parametrize("language", sorted({example.language for example in EXAMPLES}))
def test_lookup_by_opening_finds_the_examples_forms(language: str) -> None:
    for example in (*EXAMPLES, *PROSE):
        if example.language == language:
            for line in (example.line, example.line.upper(), example.line.lower()):
                check_lookup(line)


# --- the syntax of forms


@pytest.mark.parametrize(
    ("form", "begun", "holds"),
    [
        ("via {O}", {"via "}, {"via "}),
        ("(?:a|bc)? ?def", {"def", "a de", "adef", "bcde", "bc d", " def"}, {"def"}),
        ("{O} {N} (?:hour|day)s? ago", {""}, {" ago"}),
        (r"\(?source:? {O}", {"(sou", "sour"}, {"source"}),
        (
            "[(【]?本文(?:转载自|摘自){O}",
            {"(本文转", "(本文摘", "【本文转", "【本文摘", "本文转载", "本文摘自"},
            {"本文", "转载自"},
        ),
        ("İÇ{2}x", {"iç"}, {"i"}),
        (".{2,60} is", {""}, {" is"}),
        (r"\d{1,5}|now", {"", "now"}, set()),
    ],
)
def test_what_a_form_begins_with_and_must_hold(form: str, begun: set[str], holds: set[str]) -> None:
    span = analyse(form)
    assert {text[:OPENING] for text in begun} == set(span.begun)
    assert not holds or span.holds <= holds


@pytest.mark.parametrize("form", ["(?P<x>a)", "(a)", "a)", "(?:a", "^a", "a|*b", "a{", "(?=a)b"])
def test_syntax_that_the_analysis_does_not_know_is_refused(form: str) -> None:
    with pytest.raises(ValueError, match=r"at \d+|unclosed"):
        analyse(form)


# --- cost

REPEATED = [
    "a, ", "A, ", "By A, ", "a and ", "a | ", "A 1, ", "1 ", "... ", "-1 ", "(", ")", "a.b ", "via a. ", "Aa",
    " - by a", "the press ", "share ", "share, ", "from a's ", "a for a, ", "a reported from ", "published by a in ",
    "a, press 1, ", "5 hours ago ", '"a" ', "源", "から", "に掲載された", "本文转载自", "из а, ",
]  # fmt: skip
BEGINNINGS = [
    "",
    "By ",
    "via ",
    "This article was published by a, ",
    "© 2025 ",
    "(Reporting by ",
    "The post ",
    "From ",
    "bu yazı ",
]


def adversarial(length: int) -> list[str]:
    """Lines that make many forms go far before they fail: separators over and over, and an end that fits nothing."""
    return [(beginning + repeated * length)[: length - 1] + "@" for beginning in BEGINNINGS for repeated in REPEATED]


def prose(length: int) -> list[str]:
    text = " ".join(BODY)
    return [text[start : start + length] for start in range(len(adversarial(length)))]


def cost(read_all: Callable[[], object]) -> float:
    """Processor seconds, the least of five runs: what else runs on the machine can only add."""

    def once() -> float:
        start = time.process_time()
        read_all()
        return time.process_time() - start

    return min(once() for _ in range(5))


def reading(lines: Iterable[str]) -> Callable[[], object]:
    return lambda: [forms._match(line, line, True, True) for line in lines]


def test_twice_as_long_a_line_costs_a_bounded_multiple() -> None:
    reading(adversarial(40))()  # compiles the table
    costs = {length: cost(reading(adversarial(length))) for length in (80, 160, LONGEST_LINE)}
    # Linear is 2, quadratic 4, cubic 8; measured are 1.5 to 3, and less than 1 from 160 on, where bylines end.
    assert costs[160] <= 6 * costs[80]
    assert costs[LONGEST_LINE] <= 6 * costs[160]


def test_the_worst_lines_cost_a_bounded_multiple_of_prose() -> None:
    reading(prose(40))()
    for length in (80, 160, LONGEST_LINE):
        ordinary = cost(reading(prose(length))) / len(prose(length))
        worst = max((cost(reading([line])), line) for line in adversarial(length))
        assert worst[0] <= 300 * ordinary, worst[1]  # measured: 25 to 50


def test_no_form_repeats_a_group_without_bound() -> None:
    # A bounded repeat of a bounded line stays polynomial; "(?:...)*" could be exponential, unless it is possessive.
    risky = [row for _, _, row in FORMS if re.search(r"\)(?:[*+](?!\+)|\{\d+,\})", row)]
    assert risky == []


@given(st.from_regex(formindex._REST, fullmatch=True))
def test_what_may_follow_a_credit_passes_the_quick_look(rest: str) -> None:
    assert re.fullmatch(formindex._ANY_REST, rest) or "\n" in rest


def test_ordinary_prose_tries_few_forms() -> None:
    index: FormIndex = forms.index()
    tried = [len(index.candidates(flat(fold(example.line)), formindex.HEAD)) for example in PROSE]
    assert sum(tried) / len(tried) <= len(FORMS) / 20
