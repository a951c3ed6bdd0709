"""Pages that share more than their furniture and are not one piece: standing texts, roundups, statements."""

from __future__ import annotations

from datetime import timedelta

from bench.grouping.desk import Desk
from bench.grouping.prose import Piece, cast_for, headline, paragraph, write
from bench.grouping.scene import MANY, Scene
from bench.grouping.truth import Labelled

_UNQUOTED = dict.fromkeys(map(ord, '“”„«»「」"'))


def _text(desk: Desk, words: int, genre: str = "essay") -> list[str]:
    """Paragraphs of some two sentences about something of their own, at least so many words."""
    cast, out, length = cast_for(desk.bank, desk.rng), [], 0
    while length < words:
        out.append(paragraph(desk.bank, cast, desk.rng, desk.rng.randint(1, 3), genre))
        length += desk.bank.length(out[-1])
    return out


def _pieces(desk: Desk, number: int, low: int = 120, high: int = 320) -> list[Piece]:
    return [write(desk.bank, desk.rng, "local", desk.rng.randint(low, high)) for _ in range(number)]


# --- pages that hold several pieces -------------------------------------------------------------------------------


def digest_of_strangers(scene: Scene) -> list[Labelled]:
    """Three to six whole pieces on one page, of which only the first, at its head, is known by itself."""
    desk = scene.desk
    pieces = _pieces(desk, desk.rng.randint(3, 6))
    named = desk.rng.random() < 0.5
    body = [line for one in pieces for line in ((one.title,) if named else ()) + one.paragraphs]
    known = scene.page(pieces[0].title, pieces[0].paragraphs, byline=(pieces[0].author,))
    late, where = desk.moment() + timedelta(days=desk.rng.choice((0, 91))), desk.pick(1)[0]
    titles = [f"{where.name}, {desk.date(late)}", "; ".join(one.title for one in pieces[:3]), desk.title()]
    page = scene.page(desk.rng.choice(titles), body, where, late)
    return [*scene.each([known]), scene.alone(page, "digest", MANY)]


def roundup(scene: Scene) -> list[Labelled]:
    """A page that takes a quarter or more of each of several pieces, as they appear or afterwards."""
    desk = scene.desk
    pieces = _pieces(desk, desk.rng.randint(3, 6), 100, 260)
    start = desk.moment()
    pages = [
        scene.page(one.title, one.paragraphs, at=start + timedelta(hours=desk.rng.randint(0, 12)), byline=(one.author,))
        for one in pieces
    ]
    body = _text(desk, 15) if desk.rng.random() < 0.3 else []
    for one in pieces:
        share = desk.rng.uniform(0.25, 0.95)
        body += one.paragraphs[: max(1, round(share * len(one.paragraphs)))]
        body += _text(desk, 20) if desk.rng.random() < 0.4 else []
    page = scene.page(desk.title(), body, at=start + timedelta(hours=desk.rng.randint(4, 30)))
    return [*scene.each(pages), scene.alone(page, "roundup", MANY)]


def live_days(scene: Scene) -> list[Labelled]:
    """Two or three days of one live page: what is known so far stands, some of the last day's posts stand again."""
    desk = scene.desk
    where, start, known = desk.pick(1)[0], desk.moment(), _text(desk, 90)
    title, posts, pages = desk.title(), [], []
    for day in range(desk.rng.randint(2, 3)):
        fresh = [
            [f"{desk.rng.randint(6, 21)}:{desk.rng.randint(0, 59):02}", *_text(desk, 40)]
            for _ in range(desk.rng.randint(5, 9))
        ]
        body = [*known, *(line for post in [*fresh, *posts] for line in post)]
        pages.append(scene.page(f"{title} ({day + 1})", body, where, start + timedelta(days=day)))
        posts = fresh[:2]
    return scene.each(pages, MANY)


# --- the same words around other pieces ---------------------------------------------------------------------------


def about_box(scene: Scene) -> list[Labelled]:
    """Two press releases of one company, on one service or two: other news over the same description and contacts."""
    desk = scene.desk
    box = _text(desk, desk.rng.randint(60, 140), "press")
    sites = desk.pick(2) if desk.rng.random() < 0.5 else desk.pick(1) * 2
    pieces = _pieces(desk, 2, 110, 240)
    return scene.each(
        [scene.page(one.title, (*one.paragraphs, *box), where) for one, where in zip(pieces, sites, strict=True)]
    )


def column(scene: Scene) -> list[Labelled]:
    """A syndicated column: the same headline, first and last words every week, another letter answered."""
    desk = scene.desk
    title, hello, bye = desk.title(), _text(desk, 40, "blog"), _text(desk, 40, "blog")
    sites = desk.pick(3) if desk.rng.random() < 0.6 else desk.pick(1) * 3
    start = desk.moment()
    pages = []
    for week, where in enumerate(sites):
        body = (*hello, *_text(desk, desk.rng.randint(90, 200), "blog"), *bye)
        pages.append(scene.page(title, body, where, start + timedelta(days=7 * week)))
    return scene.each(pages)


def corrections(scene: Scene) -> list[Labelled]:
    """A page of one site of which each day a few notices go and a few come, over a standing first paragraph."""
    desk = scene.desk
    where, start, title, lead = desk.pick(1)[0], desk.moment(), desk.title(), _text(desk, 40)
    rows = [_text(desk, 25) for _ in range(desk.rng.randint(5, 8))]
    pages = []
    for day in range(desk.rng.randint(2, 3)):
        body = [*lead, *(line for row in rows for line in row)]
        dated = f"{title}, {desk.date(start + timedelta(days=day))}" if desk.rng.random() < 0.5 else title
        pages.append(scene.page(dated, body, where, start + timedelta(days=day)))
        fresh = len(rows) // 2 + 1
        rows = [_text(desk, 25) for _ in range(fresh)] + rows[: len(rows) - fresh]
    return scene.each(pages)


def site_frame(scene: Scene) -> list[Labelled]:
    """Three articles of one site with the site's menu, boxes and footer left in: a fifth to two fifths of each text."""
    desk = scene.desk
    where = desk.pick(1)[0]
    pieces = _pieces(desk, 3, 120, 420)
    size = sum(desk.bank.length(part) for part in pieces[0].paragraphs) * desk.rng.uniform(0.25, 0.65)
    frame = [desk.line(section, outlet=where.name, host=where.host) for section in ("share", "newsletter", "rights")]
    frame += [desk.line("related", title=desk.title()) for _ in range(4)] + _text(desk, int(size))
    cut = len(frame) // 2
    return scene.each([scene.page(one.title, (*frame[:cut], *one.paragraphs, *frame[cut:]), where) for one in pieces])


# --- one event, one source, other texts ---------------------------------------------------------------------------


def statement(scene: Scene) -> list[Labelled]:
    """Two or three reports around one statement, printed in full: a third of each, with or without quotation marks."""
    desk = scene.desk
    said = _text(desk, desk.rng.randint(50, 110), "press")
    if desk.rng.random() < 0.5:
        said = [f"“{part.translate(_UNQUOTED)}”" for part in said]
    length = sum(desk.bank.length(part) for part in said)
    start, pages = desk.moment(), []
    for where in desk.pick(desk.rng.randint(2, 3)):
        own = _text(desk, int(length * desk.rng.uniform(1.6, 2.6)), "wire")
        at = desk.rng.randint(1, len(own))
        when = start + timedelta(minutes=desk.rng.randint(0, 600))
        pages.append(scene.page(desk.title(), (*own[:at], *said, *own[at:]), where, when))
    return scene.each(pages)


def follow_up(scene: Scene) -> list[Labelled]:
    """The next day's news over the background of the day before: two fifths of each text."""
    desk = scene.desk
    cast = cast_for(desk.bank, desk.rng)
    background = _text(desk, desk.rng.randint(60, 160), "wire")
    length = sum(desk.bank.length(part) for part in background)
    sites = desk.pick(1) * 2 if desk.rng.random() < 0.5 else desk.pick(2)
    start, pages = desk.moment(), []
    for day, where in enumerate(sites):
        news = [paragraph(desk.bank, cast, desk.rng, 2, "wire")]
        while sum(desk.bank.length(part) for part in news) < length * 1.5:
            news.append(paragraph(desk.bank, cast, desk.rng, desk.rng.randint(1, 2), "wire"))
        title = headline(desk.bank, cast, desk.rng)
        pages.append(scene.page(title, (*news, *background), where, start + timedelta(days=day)))
    return scene.each(pages)
