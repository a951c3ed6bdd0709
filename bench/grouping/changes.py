"""What sites do to a text that they take over: each change a function from draft to draft."""

from __future__ import annotations

import random
import re
import textwrap
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import replace

from bench.grouping.bank import Bank
from bench.grouping.desk import AGENCIES, Desk, Draft, Site
from bench.grouping.prose import Cast, cast_for, fill, paragraph, sentence

Change = Callable[[Desk, Draft, Cast, Site], Draft]

# Where a sentence ends: at a full stop before a space, or at one that is never part of a number or an address.
_STOPS = re.compile(r"(?<=[.!?।؟])[\"”»]?\s+(?=\S)|(?<=[。！？])(?=[^”」』）\s])")
_LONGEST_MARK = 18  # words; a shorter line may be a credit, a caption or a byline, and stays a line
_WORD = re.compile(r"\S+\s*")
_SMALL = re.compile(r"(?<![\d.,:/-])(1[0-2]|[2-9])(?![\d.,:/%-])")
# Lines that extraction leaves in: menus, scripts, a weather box. English and code even on pages in other languages.
CLUTTER = {
    "development": (
        "Home News Sport Business Opinion Culture Travel Puzzles Shop Jobs Archive",
        "window.adslots = window.adslots || []; adslots.push({ mode: 'thumbs-b', container: 'below-article' });",
        "Today: areas of fog early, then partly cloudy. High 19. Winds NE at 5 to 10 mph. Tonight: clear skies. Low 8.",
        "Enter City and State or Zip Code. Your weather is set to Millstead. You can change the location at any time.",
        "Skip to main content Log in Register My account Newsletters E-paper Contact us",
    ),
    "evaluation": (
        "Menu Latest Politics Local Football Motoring Food Obituaries Classifieds Horoscopes Weather Lottery",
        "googletag.cmd.push(function() { googletag.display('div-gpt-ad-7731-2'); }); var pageType = 'story';",
        "5-Day Forecast: Mon 12/4 showers, Tue 14/6 sunny spells, Wed 11/7 rain, Thu 9/3 wind, Fri 10/2 cloudy.",
        "You have 3 free articles left this month. Already a subscriber? Sign in to link your account.",
        "Now playing: 0:00 / 1:32. Up next. Autoplay on. Volume 90%. Press shift question mark for shortcuts.",
    ),
}  # fmt: skip


def new_headline(desk: Desk, draft: Draft, cast: Cast, _: Site) -> Draft:
    """Another headline for the same text."""
    return draft.changed("new headline", title=fill(desk.rng.choice(desk.bank["headline"]), desk.bank, cast, desk.rng))


def cut_end(desk: Desk, draft: Draft, *_: object) -> Draft:
    """The last 10 to 50 % fall to the lack of space, and the tail with them."""
    keep = max(1, round(len(draft.body) * desk.rng.uniform(0.5, 0.9)))
    if keep >= len(draft.body):
        return draft
    return draft.changed("cut at end", body=draft.body[:keep], tail=())


def cut_middle(desk: Desk, draft: Draft, *_: object) -> Draft:
    """A quarter of the paragraphs in the middle go."""
    if len(draft.body) < 5:
        return draft
    gone = set(desk.rng.sample(range(1, len(draft.body)), max(1, len(draft.body) // 4)))
    body = tuple(part for number, part in enumerate(draft.body) if number not in gone)
    return draft.changed("cut in middle", body=body)


def intro(desk: Desk, draft: Draft, *_: object) -> Draft:
    """A sentence or two of the site's own before the text."""
    lead = paragraph(desk.bank, cast_for(desk.bank, desk.rng), desk.rng, desk.rng.randint(1, 2))
    return draft.changed("intro added", body=(lead, *draft.body))


def outro(desk: Desk, draft: Draft, _: Cast, where: Site) -> Draft:
    """A note and a contributor line after it."""
    own = cast_for(desk.bank, desk.rng)
    note = paragraph(desk.bank, own, desk.rng, 2)
    box = desk.line("contributor", own, outlet=where.name)
    return draft.changed("outro added", tail=(*draft.tail, note, box))


def captions(desk: Desk, draft: Draft, cast: Cast, where: Site) -> Draft:
    """Captions between the paragraphs."""
    body: list[str] = []
    for part in draft.body:
        body.append(part)
        if desk.rng.random() < 0.3:
            body.append(desk.line("caption", cast, outlet=where.name))
    return draft.changed("captions", body=tuple(body))


def boxes(desk: Desk, draft: Draft, _: Cast, where: Site) -> Draft:
    """Newsletter, related-link and share lines between and below the paragraphs."""
    body = list(draft.body)
    for section in ("newsletter", "related", "share"):
        at = desk.rng.randint(1, len(body)) if section == "related" else len(body)
        body.insert(at, desk.line(section, outlet=where.name, title=desk.title()))
    return draft.changed("boxes", body=tuple(body))


def clutter(desk: Desk, draft: Draft, *_: object) -> Draft:
    """Menus, scripts and weather boxes that an extractor took for text."""
    lines = desk.rng.sample(CLUTTER[desk.bank.half], 3)
    return draft.changed("clutter", head=(lines[0], lines[1], *draft.head), tail=(*draft.tail, lines[2]))


def hard_wrap(desk: Desk, draft: Draft, *_: object) -> Draft:
    """Lines broken at a fixed width, paragraphs kept apart by an empty line, as old feeds and mail have them."""
    if desk.bank.unspaced:
        return draft
    width = desk.rng.choice((64, 72, 78))
    parts = (*draft.head, *draft.body, *draft.tail)
    lines = [line for part in parts for line in (*textwrap.wrap(part, width, break_long_words=False), "")]
    return draft.changed("hard wrap", head=(), body=tuple(lines[:-1]), tail=())


def typography(desk: Desk, draft: Draft, *_: object) -> Draft:
    """Other quotation marks, dashes, spaces and ellipses, and another Unicode composition."""
    composed = desk.rng.random() < 0.5
    curly = desk.rng.random() < 0.5

    def restyle(text: str) -> str:
        text = text.replace("…", "...").replace("—", "–").replace("'", "’")
        if curly:
            text = re.sub(r'"([^"]*)"', "“\\1”", text).replace("«", "„").replace("»", "“")
        else:
            text = re.sub("[“”„«»]", '"', text)
        text = re.sub(r"(?<=\d) ", "\u00a0", text)
        return unicodedata.normalize("NFC" if composed else "NFD", text)

    return draft.changed(
        "typography",
        title=restyle(draft.title),
        body=tuple(map(restyle, draft.body)),
        head=tuple(map(restyle, draft.head)),
        tail=tuple(map(restyle, draft.tail)),
    )


def reparagraph(desk: Desk, draft: Draft, *_: object) -> Draft:
    """Paragraphs split into single sentences, or merged with their neighbour; short lines stay as they are."""
    glue = "" if desk.bank.language in ("zh", "ja") else " "
    merge = desk.rng.random() < 0.5
    junk = CLUTTER[desk.bank.half]
    body: list[str] = []
    open_paragraph = False
    for part in draft.body:
        prose = desk.bank.length(part) > _LONGEST_MARK and part not in junk
        if prose and merge and open_paragraph:
            body[-1] += glue + part
            open_paragraph = False
        else:
            body += [part] if merge or not prose else _sentences(part)
            open_paragraph = prose
    return draft.changed("paragraphs", body=tuple(body))


def copy_edit(desk: Desk, draft: Draft, *_: object) -> Draft:
    """A light hand: 3 to 8 % of the words replaced, adverbs dropped, sentences otherwise kept."""
    share = desk.rng.uniform(0.03, 0.08)
    body, _done = replace_words(desk.bank, draft.body, share, desk.rng)
    return draft.changed("copy-edited", body=body)


def house_style(desk: Desk, draft: Draft, cast: Cast, _: Site) -> Draft:
    """Small numbers spelt out, people by their surname after the first mention, the percent sign written out."""
    numbers, bank = desk.bank["numbers"], desk.bank
    body = [_SMALL.sub(lambda found: numbers[int(found[0])], part) for part in draft.body]
    if bank.language not in ("zh", "ja"):
        body = [part.replace("%", f" {bank['percent'][0]}") for part in body]
    for name in cast.people:
        words = name.split()
        if len(words) != 2:
            continue
        last = words[0] if bank.language == "ko" else words[1]
        known = False
        for at, part in enumerate(body):
            if name in part:
                body[at] = part.replace(name, last) if known else part
                known = True
    return draft.changed("house style", body=tuple(body))


def dateline(desk: Desk, draft: Draft, cast: Cast, _: Site) -> Draft:
    """An agency's city before the first words."""
    agency = desk.rng.choice(AGENCIES[desk.bank.half])
    where = cast.places[0]
    line = desk.line("dateline", l=where, L=where.upper(), agency=agency)
    return draft.changed("dateline", body=(f"{line} {draft.body[0]}", *draft.body[1:]))


def spin(desk: Desk, draft: Draft, percent: int) -> tuple[Draft, float]:
    """Every so many of a hundred words replaced by a stand-in; and the share that really was."""
    body, done = replace_words(desk.bank, draft.body, percent / 100, desk.rng)
    title, _ = replace_words(desk.bank, (draft.title,), percent / 100, desk.rng)
    return draft.changed(f"spun {percent} %", body=body, title=title[0]), done


def replace_words(
    bank: Bank, parts: tuple[str, ...], share: float, rng: random.Random
) -> tuple[tuple[str, ...], float]:
    """Replace about ``share`` of all words, names and figures never; and the share of words that was replaced.

    Plain phrases are chosen at random until the share is reached; when all are replaced, that is the share there is.
    """
    pattern, pairs = bank.stand_ins
    total = sum(bank.length(part) for part in parts)
    spots = [
        (number, found.start(), found.end()) for number, part in enumerate(parts) for found in pattern.finditer(part)
    ]
    rng.shuffle(spots)
    chosen: set[tuple[int, int]] = set()
    done = 0
    for number, start, end in spots:
        if done >= share * total:
            break
        done += max(1, bank.length(parts[number][start:end]))
        chosen.add((number, start))
    out = []
    for number, part in enumerate(parts):

        def other(found: re.Match[str], number: int = number) -> str:
            if (number, found.start()) not in chosen:
                return found[0]
            new = pairs[found[0].casefold()]
            return new[:1].upper() + new[1:] if found[0][:1].isupper() else new

        out.append(pattern.sub(other, part))
    return tuple(out), done / total if total else 0.0


def teaser(desk: Desk, draft: Draft, words: int) -> tuple[str, ...]:
    """The first so many words, broken off in mid-sentence."""
    return _first(desk.bank, draft.body, words, desk.rng.choice(("...", "…", " [...]", " […]")))


def quote_from_middle(desk: Desk, draft: Draft) -> tuple[str, ...]:
    """One to three paragraphs from the middle, at most some 140 words."""
    prose = [part for part in draft.body if desk.bank.length(part) >= 12]  # no captions
    taken: list[str] = []
    length = 0
    for part in prose[max(1, len(prose) // 3) :]:
        size = desk.bank.length(part)
        if taken and length + size > 140:
            break
        taken.append(part)
        length += size
        if length >= 80:
            break
    return tuple(taken)


def commentary(desk: Desk, draft: Draft) -> Draft:
    """The whole text inside somebody's own, which is about as long again."""
    own = cast_for(desk.bank, desk.rng)
    aim = sum(desk.bank.length(part) for part in draft.body) * desk.rng.uniform(0.9, 1.4)
    mine: list[str] = []
    length = 0
    while length < aim or len(mine) < 2:
        mine.append(paragraph(desk.bank, own, desk.rng, desk.rng.randint(2, 4)))
        length += desk.bank.length(mine[-1])
    before = max(1, len(mine) // 4)
    return replace(draft, body=(*mine[:before], *draft.body, *mine[before:]), tail=()).changed("commentary")


def _first(bank: Bank, body: tuple[str, ...], words: int, end: str) -> tuple[str, ...]:
    out: list[str] = []
    left = words
    for part in body:
        size = bank.length(part)
        if size < left:
            out.append(part)
            left -= size
            continue
        if bank.unspaced:
            cut = part[: max(8, round(len(part) * left / max(size, 1)))]
        else:
            cut = "".join(_WORD.findall(part)[: max(2, left)]).rstrip(" .,;:!?")
        out.append(cut + end)
        break
    return tuple(out)


def _sentences(text: str) -> list[str]:
    return [part.strip() for part in _STOPS.split(text) if part.strip()]


def tweet(desk: Desk, cast: Cast) -> str:
    """A short post of one person, quoted."""
    handle = "@" + "".join(desk.rng.choice("abcdefghklmnoprstuv") for _ in range(8))
    return f"“{sentence(desk.bank, cast, desk.rng)} {sentence(desk.bank, cast, desk.rng)}” — {handle}"


# What a site may do beside naming its source, and how often.
TREATMENTS: Mapping[Change, float] = {
    new_headline: 0.5,
    boxes: 0.3,
    typography: 0.25,
    captions: 0.2,
    reparagraph: 0.2,
    cut_end: 0.15,
    cut_middle: 0.12,
    copy_edit: 0.12,
    house_style: 0.12,
    intro: 0.15,
    outro: 0.15,
    clutter: 0.12,
}
# What a later copy, itself naming nobody, still shows of the hop before it. Furniture is no trace: it is cut as noise.
TRACES = frozenset(
    {"cut at end", "cut in middle", "intro added", "outro added", "copy-edited", "house style", "captions", "sign-off"}
)
