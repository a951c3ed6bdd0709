"""Why two texts that agree are not the same piece. Each veto says so in words, or "" when it has nothing to say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from difflib import SequenceMatcher

import numpy as np

from pipeline.dedup.formtable import CALENDAR
from pipeline.dedup.pair import (
    Pair,
    Side,
    days_apart,
    differing,
    exchanged,
    names,
    numbers,
    one_headline,
    own_subject,
    replaced,
    stems,
    title_support,
)
from pipeline.dedup.text import is_fact, is_number
from pipeline.dedup.thresholds import Thresholds
from pipeline.moments import known

LEAST_TOLD = 0.1  # of headlines that agree; a text that holds nothing of either is a wall on two sites
TABLE = 6  # of so many words of a table one is a number, at least; running text has one in ten or twenty
ROW = 50  # tokens of a slot that are aligned at once, with at most 200 of the other's
SURELY_ONE = 0.97  # Jaccard: what differs then is a misprint
REPLACED = 2  # the least that is exchanged for another subject: who, and where or when (121 hand-written worlds)
SPELLED_ALIKE = 0.6  # similarity of two spellings: Kyiv and Kiev, Petersen and Pedersen
LONG_SLOT, LONG_NAME = 200, 40  # tokens, characters; to align more takes time by the square
DENSE = 50  # words to a figure exchanged, at most: an update changes fewer (hand-written: a form 7-40, an update 75)
FIGURES = 3  # (or names) exchanged, at least; one date may be two
PHRASE = 4  # words; fewer are corrected in a page that is printed again
LONG_CALENDAR = frozenset(word for word in CALENDAR if len(word) >= 3)  # the shorter ones are prepositions, too
SAME_HEADLINE = 0.8  # Jaccard of title words: a typing error or another spelling apart


def _too_short(pair: Pair, t: Thresholds) -> str:
    return "too short to tell" if min(pair.short.words, pair.long.words) < t.min_tokens else ""


def _two_headlines(pair: Pair, t: Thresholds) -> bool:
    """Do the headlines speak of two things? So they do when one is missing."""
    return pair.titles < t.title_differs and not one_headline(pair.short.article.title, pair.long.article.title)


def _same_site_template(pair: Pair, t: Thresholds) -> str:
    """Two short pages of one site under two headlines: what they have in common is the site's.

    The shortest may agree in every word and still be a wall or a notice, unless one person signed both on one day.
    """
    if not pair.same_site or pair.longest >= t.same_site_words:
        return ""
    alike = pair.found.jaccard >= t.same_site_jaccard or not _two_headlines(pair, t)
    wall = pair.longest < t.standing_words and _reworded_headline(pair) and not _one_hand(pair)
    return "" if alike and not wall else "same site, other title: furniture or a template"


def _reworded_headline(pair: Pair) -> bool:
    """Does each headline say something that the other doesn't?"""
    a, b = pair.short.article.title, pair.long.article.title
    return bool(a and b) and pair.titles < SAME_HEADLINE and not one_headline(a, b)


def _one_hand(pair: Pair) -> bool:
    """Do both bear the same byline and day?"""
    a, b = pair.short.article, pair.long.article
    if not a.byline or a.byline != b.byline or a.published_at is None or b.published_at is None:
        return False
    return a.published_at.date() == b.published_at.date()


def _other_lead(pair: Pair, t: Thresholds) -> str:
    """Two items of one site that differ in headline and first words, and agree in what stands around every item."""
    if not pair.same_site or pair.longest > t.same_site_words or not _two_headlines(pair, t):
        return ""
    leads = [side.cover[: round(t.lead_words * side.reading.tokens_per_word)] for side in pair.sides]
    differ = all(int(np.count_nonzero(lead)) * 2 < len(lead) for lead in leads)
    return "same site, other title and other first words" if differ else ""


def _standing_text(pair: Pair, t: Thresholds) -> str:
    """A wall, a notice, a player's furniture: one text under headlines that have nothing to do with it.

    On one site both headlines have to be about what the texts share, for a site seldom prints a piece twice, and what
    the headlines have in common may be a pattern; across sites one is enough, for who takes a piece over often writes a
    headline of its own; none is needed where one of the texts names the other as its source. What agrees less may be
    furniture around two pieces, however long.
    """
    two = _two_headlines(pair, t)
    if not pair.same_site and (pair.longest > t.standing_words or not (two or _reworded_headline(pair))):
        return ""
    titles = [side.article.title for side in pair.sides]
    others = titles[::-1] if pair.same_site else [None, None]
    support = [title_support(side, other) for side, other in zip(pair.sides, others, strict=True)]
    told = [share for share in support if share is not None]
    if len(told) < len(support) and not two:
        return ""
    choose = min if pair.same_site else max
    enough = t.title_support if pair.same_site or two else LEAST_TOLD
    if not told or choose(told) >= enough or names(pair.short, pair.long) or names(pair.long, pair.short):
        return ""
    return "a standing text under other headlines"


def _bulletin(pair: Pair, t: Thresholds) -> str:
    """What a site prints again and again: the tide table, the morning's newsletter."""
    days = {side.article.published_at.date() for side in pair.sides if side.article.published_at}
    issues = pair.near_length >= t.near_length or pair.titles >= t.title_differs
    if not pair.same_site or len(days) < 2 or not issues:
        return ""
    short = pair.longest < t.bulletin_words
    renewed = pair.longest < t.same_site_words and _renewed(pair, t)
    return "a recurring item of another day" if short or renewed or pair.found.jaccard < t.bulletin_jaccard else ""


def _renewed(pair: Pair, t: Thresholds) -> bool:
    """Has each of the two a figure or a phrase where the other has another one?"""
    if exchanged(pair, PHRASE):
        return True
    # A note with a year above a reprint is added, and stands for nothing.
    places = [{before for (before, _), _ in differing(side)} for side in pair.sides]
    if places[0].isdisjoint(places[1]):
        return False
    return any(_foreign(side, other, t)[0] for side, other in (pair.sides, pair.sides[::-1]))


def _one_template(pair: Pair, t: Thresholds) -> str:
    """Two texts from one template: the words agree, the numbers and names in between do not."""
    if pair.found.jaccard >= SURELY_ONE:
        return ""
    foreign = [_foreign(side, other, t) for side, other in (pair.sides, pair.sides[::-1])]
    for index, (what, limit) in enumerate((("numbers", t.foreign_numbers), ("names and numbers", t.foreign_facts))):
        if min(found[index] for found in foreign) < FIGURES:
            continue
        masks = [(side.reading.numbers, side.reading.facts)[index] for side in pair.sides]
        kept = [int(np.count_nonzero(side.cover & mask)) for side, mask in zip(pair.sides, masks, strict=True)]
        shares = [found[index] / (found[index] + rest) for found, rest in zip(foreign, kept, strict=True)]
        if min(shares) >= limit:
            return f"one template with other {what}"
    return ""


def _foreign(side: Side, other: Side, t: Thresholds) -> tuple[int, int]:
    """The numbers, and the names and numbers, in what differs that stand there for others.

    A slot is compared with the same slot of the other text, word by word: that a number fills another slot there, too,
    is chance. Where the other has no such slot, a fact is foreign when it stands nowhere in it: text may have moved.
    """
    there = {before: tokens for (before, _), tokens in differing(other)}
    longest = t.slot_words * side.reading.tokens_per_word
    numbers_found = facts = 0
    for (before, _), tokens in differing(side):
        if not any(map(is_fact, tokens)):
            continue
        others = there.get(before)
        if len(tokens) > longest and not (others and _table(tokens, others)):
            continue
        mine = [token.casefold() for token in tokens]
        same = [token in other.reading.vocabulary for token in mine] if others is None else _in_line(mine, others)
        found = [token for token, agrees in zip(tokens, same, strict=True) if not agrees and is_fact(token)]
        facts += len(found)
        numbers_found += sum(map(is_number, found))
    return numbers_found, facts


def _form_filled_in(pair: Pair, t: Thresholds) -> str:
    """Two texts that differ in figures alone: a notice of another day under however much that always stands there.

    Much that stands makes the share of what is exchanged small. But who updates a report or takes it over adds
    sentences, or leaves some out; here nothing but a few words is more or less.
    """
    if pair.found.jaccard >= SURELY_ONE:
        return ""
    ours, theirs = ({before: (behind, tokens) for (before, behind), tokens in differing(side)} for side in pair.sides)
    longest = t.slot_words * pair.short.reading.tokens_per_word
    figures = places = 0
    for before in ours.keys() | theirs.keys():
        inside = before and any(before in side and side[before][0] for side in (ours, theirs))
        left, right = ((side[before][1] if before in side else ()) for side in (ours, theirs))
        most = max(len(left), len(right))
        if most > longest and not (most <= 2 * longest and _one_row(left, right) and _one_row(right, left)):
            if inside:
                return ""
            continue  # what a site puts above and below
        if not (left and right):
            if inside and max(len(left), len(right)) > PHRASE * pair.short.reading.tokens_per_word:
                return ""
            continue
        exchanged_here = _figures_exchanged(left, right)
        figures += exchanged_here
        places += exchanged_here > 0
    least = (FIGURES - 1, 1) if days_apart(pair, t.later_days) else (FIGURES, 2)
    filled = figures >= least[0] and places >= least[1] and figures * DENSE >= min(side.words for side in pair.sides)
    return "one form with other figures" if filled else ""


def _figures_exchanged(left: Sequence[str], right: Sequence[str]) -> int:
    """How many figures and months one slot has for others. Another way to write the same ones is none (1200, 1,200)."""
    mine, others = ([token for token in tokens if is_number(token)] for tokens in (left, right))
    if "".join(mine) == "".join(others):
        mine, others = [], []
    months = [{name for token in tokens if (name := token.casefold()) in LONG_CALENDAR} for tokens in (left, right)]
    numbers_exchanged = min((Counter(mine) - Counter(others)).total(), (Counter(others) - Counter(mine)).total())
    return numbers_exchanged + min(len(months[0] - months[1]), len(months[1] - months[0]))


def _table(tokens: Sequence[str], others: Sequence[str]) -> bool:
    """Are two long differing runs rows of one table: full of numbers, as long, and half of the words the same?"""
    numbers = sum(1 for token in tokens if is_number(token))
    if numbers * TABLE < len(tokens) or abs(len(tokens) - len(others)) * 10 > len(tokens):
        return False
    return _one_row(tokens, others)


def _one_row(tokens: Sequence[str], others: Sequence[str]) -> bool:
    """Have two differing runs most of their words in common, whatever their figures?"""
    labels = Counter(token for token in tokens if not is_number(token))
    return (labels & Counter(others)).total() * 2 > labels.total()


def _in_line(tokens: Sequence[str], others: Sequence[str]) -> list[bool]:
    """For each token of a slot: does it stand in the other text's, at its place among the words around it?

    A long row is compared piece by piece, as far as the lengths agree: to align two hostile ones takes cubic time.
    """
    there = [token.casefold() for token in others]
    if len(there) > 4 * max(len(tokens), ROW):
        anywhere = frozenset(there)
        return [token in anywhere for token in tokens]
    pieces = -(-len(tokens) // ROW)
    same: list[bool] = []
    for at in range(pieces):
        mine, theirs = (_piece(row, at, pieces, overlap) for row, overlap in ((tokens, 0), (there, ROW // 2)))
        agrees = [False] * len(mine)
        for block in SequenceMatcher(None, mine, theirs, autojunk=False).get_matching_blocks():
            agrees[block.a : block.a + block.size] = [True] * block.size
        same += agrees
    return same


def _piece(row: Sequence[str], at: int, pieces: int, overlap: int) -> Sequence[str]:
    return row[max(0, len(row) * at // pieces - overlap) : len(row) * (at + 1) // pieces + overlap]


def _other_words(pair: Pair, t: Thresholds) -> str:
    """A short text with words replaced all over: a horoscope, a forecast, a listing filled in anew.

    Long texts of that kind are spun; in so short a one the two can't be told apart, and forms are what one meets.
    """
    if pair.short.words >= t.form_words or pair.near_length < t.near_length:
        return ""
    rate = min(replaced(side, t.gap_words) for side in pair.sides)
    return "one template with other words" if rate >= t.replaced_words else ""


def _other_subject(pair: Pair, t: Thresholds) -> str:
    """Two texts from one template, each about what its own headline names: a cable to another president.

    Who takes a piece over and writes a headline of its own, of another part of it, names what stands in both. Words
    that were replaced all over, in the headlines too, are another matter; so is one name that a paper spells otherwise
    (Kiev, soccer) or corrects: something else has to be exchanged as well.
    """
    if pair.found.jaccard >= SURELY_ONE or pair.near_length < t.near_length:
        return ""
    if min(replaced(side, t.gap_words) for side in pair.sides) >= t.replaced_words:
        return ""
    mine, theirs = (own_subject(side, other) for side, other in (pair.sides, pair.sides[::-1]))
    if not mine or not theirs:
        return ""
    there = {before: tokens for (before, _), tokens in differing(pair.long)}
    slots = [(tokens, there[before]) for (before, _), tokens in differing(pair.short) if before in there]
    about = any(mine & stems(left) and theirs & stems(right) for left, right in slots)
    return "one template about other things" if about and _exchanges_much(slots) else ""


def _exchanges_much(slots: Iterable[tuple[Sequence[str], Sequence[str]]]) -> bool:
    """Is a whole phrase exchanged, or two things? Two spellings of one word are none."""
    found: set[tuple[str, str]] = set()
    for left, right in slots:
        if min(len(left), len(right)) > LONG_SLOT:
            return True
        ours, others = ([token.casefold() for token in tokens[:LONG_SLOT]] for tokens in (left, right))
        for tag, start, end, at, until in SequenceMatcher(None, ours, others, autojunk=False).get_opcodes():
            if tag != "replace":
                continue
            one, other = "".join(ours[start:end])[:LONG_NAME], "".join(others[at:until])[:LONG_NAME]
            if SequenceMatcher(None, one, other, autojunk=False).ratio() < SPELLED_ALIKE:
                found.add((one, other))
            if len(found) >= REPLACED or min(end - start, until - at) > PHRASE:
                return True
    return False


def _dated_issue(pair: Pair, t: Thresholds) -> str:
    """Two issues of what appears day by day, wherever: each headline names its day or one beside."""
    one, other = (_days_named(side) for side in pair.sides)
    named = one and other and one.isdisjoint(other)
    return "a recurring item of another day" if named and _renewed(pair, t) else ""


def _days_named(side: Side) -> set[date]:
    """The days around its publication whose number stands in a headline."""
    at = side.article.published_at
    days = (at.date() + timedelta(days=number) for number in (-1, 0, 1)) if at and known(at) else ()
    told = numbers(side.article.title)
    return {day for day in days if day.day in told}


VETOES: tuple[Callable[[Pair, Thresholds], str], ...] = (
    _too_short,
    _same_site_template,
    _other_lead,
    _standing_text,
    _bulletin,
    _one_template,
    _form_filled_in,
    _other_words,
    _dated_issue,
    _other_subject,
)
