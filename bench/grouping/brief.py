"""Little of its own beside much that stands: short letters, notices and releases, and pages of few pieces.

The shares vary widely, for a rule that holds at one length and share may fail at another.
"""

from __future__ import annotations

from datetime import timedelta

from bench.grouping.desk import Desk
from bench.grouping.prose import Cast, cast_for, headline, person, sentence, write
from bench.grouping.scene import MANY, Scene
from bench.grouping.truth import Labelled

_SLOTS = {"s": "subj", "v": "verb", "o": "obj", "m": "mod"}


def _said(desk: Desk, words: int, cast: Cast | None = None) -> list[str]:
    """Paragraphs of one to three sentences, at least so many words, that end with the sentence that reaches them."""
    people, length = cast or cast_for(desk.bank, desk.rng), 0
    out: list[str] = []
    glue = "" if desk.bank.language in ("zh", "ja") else " "
    while length < words:
        one = sentence(desk.bank, people, desk.rng)
        length += desk.bank.length(one)
        if out and desk.rng.random() < 0.5:
            out[-1] += glue + one
        else:
            out.append(one)
    return out


def short_column(scene: Scene) -> list[Labelled]:
    """Two to five weeks of a column: a short answer between standing words, first or last of them sometimes missing."""
    desk, rng = scene.desk, scene.desk.rng
    title, author = desk.title(), person(desk.bank, rng)
    hello, bye = (_said(desk, rng.randint(15, 110)) if rng.random() < 0.85 else [] for _ in range(2))
    weeks = rng.randint(2, 5)
    sites = desk.pick(weeks) if rng.random() < 0.5 else desk.pick(1) * weeks
    start, numbered, signed = desk.moment(), rng.random() < 0.4, rng.random() < 0.5
    pages = []
    for week, where in enumerate(sites):
        body = (*hello, *_said(desk, rng.randint(20, 110)), *bye)
        named = f"{title} ({week + 1})" if numbered else title
        at = start + timedelta(days=7 * week)
        pages.append(scene.page(named, body, where, at, byline=(author,) if signed else ()))
    return scene.each(pages)


def short_release(scene: Scene) -> list[Labelled]:
    """Two or three releases of one company: short news over a longer description, under headlines that name it."""
    desk, rng = scene.desk, scene.desk.rng
    cast = cast_for(desk.bank, rng)
    box, clerk = _said(desk, rng.randint(50, 200), cast), person(desk.bank, rng)
    count = rng.randint(2, 3)
    sites = desk.pick(count) if rng.random() < 0.5 else desk.pick(1) * count
    company = cast.bodies[0] if rng.random() < 0.5 else ""
    start, signed = desk.moment(), rng.random() < 0.4
    pages = []
    for day, where in enumerate(sites):
        news = _said(desk, rng.randint(25, 130), cast)
        title = f"{company}: {headline(desk.bank, cast, rng)}" if company else headline(desk.bank, cast, rng)
        at = start + timedelta(days=day * rng.randint(0, 20))
        pages.append(scene.page(title, (*news, *box), where, at, byline=(clerk,) if signed else ()))
    return scene.each(pages)


def digest_of_few(scene: Scene) -> list[Labelled]:
    """Two to four pieces of any length on one page, of which one is known, whichever; the headline may name it."""
    desk, rng = scene.desk, scene.desk.rng
    pieces = [write(desk.bank, rng, "local", rng.randint(40, 320)) for _ in range(rng.randint(2, 4))]
    known = rng.choice(pieces)
    length = sum(map(desk.bank.length, known.paragraphs))
    rest = sum(desk.bank.length(part) for one in pieces if one is not known for part in one.paragraphs)
    if rest < length / 2:  # a page that is two thirds one piece is that piece with something else on it
        pieces.append(write(desk.bank, rng, "local", length))
    named = rng.random() < 0.5
    lead = _said(desk, 20) if rng.random() < 0.3 else []
    body = lead + [line for one in pieces for line in ((one.title,) if named else ()) + one.paragraphs]
    first = scene.page(known.title, known.paragraphs, byline=(known.author,))
    late, where = desk.moment(), desk.pick(1)[0]
    titles = ["; ".join(one.title for one in pieces[:2]), "; ".join(one.title for one in pieces)]
    titles += [f"{where.name}, {desk.date(late)}", desk.title(), pieces[-1].title if known is not pieces[-1] else ""]
    return [*scene.each([first]), scene.alone(scene.page(rng.choice(titles), body, where, late), "digest", MANY)]


def notice(scene: Scene) -> list[Labelled]:
    """A notice that one site prints day by day under one headline: one or two sentences, or a figure, are the day's."""
    desk, rng = scene.desk, scene.desk.rng
    cast = cast_for(desk.bank, rng)
    frame = [sentence(desk.bank, cast, rng) for _ in range(rng.randint(3, 12))]
    fresh = rng.sample(range(len(frame)), rng.randint(1, 2))
    figures = rng.random() < 0.5
    pattern = rng.choice(desk.bank["figure"])
    fixed = {slot: rng.choice(desk.bank[section]) for slot, section in _SLOTS.items()}
    where, start, title, town = desk.pick(1)[0], desk.moment(), desk.title(), cast.places[0]
    dated, days = rng.random() < 0.4, rng.randint(2, 4)
    pages = []
    for day in range(days):
        body = list(frame)
        for at in fresh:
            year, count = str(rng.randint(1931, 2024)), str(rng.randint(20, 9000))
            body[at] = (
                desk.fill(pattern, cast, **fixed, l=town, y=year, n=count, n3="100", j=desk.bank["join"][0])
                if figures
                else sentence(desk.bank, cast_for(desk.bank, rng), rng)
            )
        moment = start + timedelta(days=day)
        pages.append(scene.page(f"{title}, {desk.date(moment)}" if dated else title, body, where, moment))
    return scene.each(pages)
