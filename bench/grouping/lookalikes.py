"""Articles that look alike and are not the same piece. Each maker returns the articles of one instance of one trap."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from itertools import count
from string import Formatter

from bench.grouping import brief, changes, standing, trades
from bench.grouping.bank import LANGUAGES
from bench.grouping.desk import Desk, Draft
from bench.grouping.prose import Piece, cast_for, headline, paragraph, sentence, write
from bench.grouping.scene import MANY, NOT_JUDGED, Scene
from bench.grouping.truth import Labelled
from pipeline.model import Link

VIDEO_LINES = (
    "Now playing Up next Autoplay Share this video Copy link Embed code Feedback",
    "Most watched this week Trending in news Editors' picks Behind the scenes Full episodes Live stream Podcasts",
    "Sign up for breaking news alerts and the morning briefing You have been added to our list Thanks for subscribing",
    "Watch on your television Download the app for phones and tablets Help and contact Accessibility Terms of use",
)


Maker = Callable[[Scene], list[Labelled]]


# --- forms of trades ----------------------------------------------------------------------------------------------


def trade(name: str) -> Maker:
    """Two or three items from one form: another subject on one site, on two sites, or the same subject another day."""

    def make(scene: Scene) -> list[Labelled]:
        rng, half = scene.desk.rng, scene.desk.bank.half
        usable = [one for one in trades.forms(half)[0] if one.trade == name and one.language in scene.desks]
        if not usable:
            return []
        form = rng.choice(usable)
        desk = scene.desks[form.language]
        there = replace(scene, desk=desk)
        first = trades.fill(form, half, rng)
        start = desk.moment()
        sites = desk.pick(2)
        pages = [there.page(first[0], first[1], sites[0], start)]
        signs = {first[2].get("sign"), first[2].get("star")} - {None}  # a sign has one horoscope a day
        for number in range(rng.randint(1, 2)):
            kept: dict[str, str] = {}
            same_subject = rng.random() < 0.34 or name == "bulletin"
            if same_subject:
                kept = {key: value for key, value in first[2].items() if key in ("l", "org", "sign", "star")}
            if name == "horoscope" and not same_subject:
                kept = {key: value for key, value in first[2].items() if key in ("d", "month", "weekday", "p", "l")}
            title, body, values = trades.fill(form, half, rng, **kept)
            while not same_subject and signs & {values.get("sign"), values.get("star")}:
                title, body, values = trades.fill(form, half, rng, **kept)
            signs |= {values.get("sign"), values.get("star")} - {None}
            another_day = start + timedelta(days=(number + 1) * rng.randint(1, 3) if same_subject else 0)
            where = sites[0] if same_subject or rng.random() < 0.5 else sites[1]
            pages.append(there.page(title, body, where, another_day))
        return there.each(pages)

    return make


def form(scene: Scene) -> list[Labelled]:
    """A form in any language: the sentences fixed, names, places and figures filled in."""
    desk = scene.desk
    bank, rng = desk.bank, desk.rng
    frames = []
    for _ in range(rng.randint(6, 10)):
        pattern = rng.choice(bank[rng.choice(("person", "figure", "figure"))])
        frames.append(_frame(pattern, desk))
    title = _frame(rng.choice(bank["headline"]), desk)
    pages = []
    for where in desk.pick(2):
        cast = cast_for(bank, rng)
        body = [
            desk.fill(frame, cast, y=str(rng.randint(1931, 2024)), n=str(rng.randint(20, 9000))) for frame in frames
        ]
        pages.append(scene.page(desk.fill(title, cast), body, where))
    return scene.each(pages)


def _frame(pattern: str, desk: Desk) -> str:
    """A pattern with its plain phrases filled in, its names and figures left open."""
    sections = {"s": "subj", "v": "verb", "o": "obj", "m": "mod", "a": "adv", "w": "open", "j": "join"}
    values = {}
    for _, name, _, _ in Formatter().parse(pattern):
        if name:
            section = sections.get(name.rstrip("0123456789"))
            values[name] = desk.rng.choice(desk.bank[section]) if section else "{" + name + "}"
    return pattern.format_map(values)


# --- one event, one source, other texts ---------------------------------------------------------------------------


def two_reports(scene: Scene) -> list[Labelled]:
    """Two or three reports of one event: the same people, places and one quoted sentence; otherwise their own words."""
    desk = scene.desk
    cast = cast_for(desk.bank, desk.rng)
    shared = [
        desk.fill(desk.rng.choice(desk.bank["quote"]), cast),
        desk.fill(desk.rng.choice(desk.bank["figure"]), cast),
    ]
    start = desk.moment()
    pages = []
    for where in desk.pick(desk.rng.randint(2, 3)):
        body = [
            paragraph(desk.bank, cast, desk.rng, desk.rng.randint(1, 3), "wire") for _ in range(desk.rng.randint(5, 9))
        ]
        for one in shared:
            body.insert(desk.rng.randint(1, len(body)), one)
        at = start + timedelta(minutes=desk.rng.randint(0, 300))
        pages.append(scene.page(headline(desk.bank, cast, desk.rng), body, where, at))
    return scene.each(pages)


def shared_tweets(scene: Scene) -> list[Labelled]:
    """Two short items around the same two posts."""
    desk = scene.desk
    cast = cast_for(desk.bank, desk.rng)
    posts = [changes.tweet(desk, cast), changes.tweet(desk, cast)]
    pages = []
    for where in desk.pick(2):
        own = [paragraph(desk.bank, cast, desk.rng, 2) for _ in range(desk.rng.randint(2, 3))]
        body = [own[0], posts[0], own[1], posts[1], *own[2:]]
        pages.append(scene.page(headline(desk.bank, cast, desk.rng), body, where))
    return scene.each(pages)


def transcript(scene: Scene) -> list[Labelled]:
    """A long speech in its words, and three articles that quote it at length."""
    desk = scene.desk
    cast = cast_for(desk.bank, desk.rng)
    speech = [paragraph(desk.bank, cast, desk.rng, desk.rng.randint(3, 5), "blog") for _ in range(16)]
    pages = [scene.page(headline(desk.bank, cast, desk.rng), speech)]
    for where in desk.pick(3):
        body = [paragraph(desk.bank, cast, desk.rng, 2, "wire") for _ in range(5)]
        for part in desk.rng.sample(speech, 2):
            body.insert(
                desk.rng.randint(1, len(body)), f"“{part.replace('“', '').replace('”', '').replace(chr(34), '')}”"
            )
        pages.append(scene.page(headline(desk.bank, cast, desk.rng), body, where))
    return scene.each(pages)


def translation(scene: Scene) -> list[Labelled]:
    """A piece and its translation: no text in common, only the figures, the author and a link."""
    desk = scene.desk
    other = scene.desks[
        desk.rng.choice([one for one in scene.desks if one != desk.bank.language] or [desk.bank.language])
    ]
    piece = write(desk.bank, desk.rng, words=desk.rng.randint(200, 500))
    first = scene.page(piece.title, piece.paragraphs, byline=(piece.author,))
    made = write(other.bank, other.rng, piece.genre, sum(desk.bank.length(part) for part in piece.paragraphs))
    there = replace(scene, desk=other)
    second = there.page(made.title, made.paragraphs, links=(Link(first.url, ""),), byline=(piece.author,))
    return scene.each([first, second])


def summary(scene: Scene) -> list[Labelled]:
    """A machine's summary: the same people and figures in new sentences, one borrowed clause, a link."""
    desk = scene.desk
    piece = write(desk.bank, desk.rng, words=desk.rng.randint(300, 700))
    first = scene.page(piece.title, piece.paragraphs)
    points = [sentence(desk.bank, piece.cast, desk.rng) for _ in range(desk.rng.randint(5, 8))]
    second = scene.page(headline(desk.bank, piece.cast, desk.rng), points, links=(Link(first.url, ""),))
    return scene.each([first, second])


# --- the same words around other pieces ---------------------------------------------------------------------------


def _standing(desk: Desk, sentences: int) -> str:
    return paragraph(desk.bank, cast_for(desk.bank, desk.rng), desk.rng, sentences, "essay")


def _short(desk: Desk, low: int = 130, high: int = 260) -> Piece:
    return write(desk.bank, desk.rng, "blog", desk.rng.randint(low, high))


def promo_footer(scene: Scene) -> list[Labelled]:
    """Two essays of one author with one promotional footer of some 70 words."""
    desk = scene.desk
    footer = (_standing(desk, 4), desk.line("newsletter", outlet="Notes"), desk.line("contributor", outlet="Notes"))
    pieces = [_short(desk) for _ in range(2)]
    where = desk.pick(1)[0]
    return scene.each(
        [scene.page(one.title, (*one.paragraphs, *footer), where, byline=(pieces[0].author,)) for one in pieces]
    )


def series_intro(scene: Scene) -> list[Labelled]:
    """Three columns of a series under the same introduction, on one site or syndicated to several."""
    desk = scene.desk
    lead = _standing(desk, desk.rng.randint(3, 5))
    sites = desk.pick(3) if desk.rng.random() < 0.4 else desk.pick(1) * 3
    pieces = [_short(desk, 120, 220) for _ in range(3)]
    start = desk.moment()
    series = desk.title()
    return scene.each(
        [
            scene.page(
                f"{series} ({number + 1})", (lead, *one.paragraphs), sites[number], start + timedelta(days=7 * number)
            )
            for number, one in enumerate(pieces)
        ]
    )


def contributor_box(scene: Scene) -> list[Labelled]:
    """A standing box of teasers and credentials before the body, on two pages of one site."""
    desk = scene.desk
    box = [desk.line("related", title=desk.title()) for _ in range(4)] + [_standing(desk, 3)]
    where = desk.pick(1)[0]
    return scene.each([scene.page(one.title, (*box, *one.paragraphs), where) for one in (_short(desk), _short(desk))])


def newsletter_issue(scene: Scene) -> list[Labelled]:
    """Two issues of a newsletter: greeting, sponsor and farewell stand, the items change."""
    desk = scene.desk
    hello, sponsor, bye = _standing(desk, 2), _standing(desk, 3), _standing(desk, 2)
    where, start, title = desk.pick(1)[0], desk.moment(), desk.title()
    pages = []
    for number in range(2):
        items = [_standing(desk, 2) for _ in range(desk.rng.randint(3, 5))]
        body = (hello, *items[:2], sponsor, *items[2:], bye, desk.line("newsletter", outlet=where.name))
        pages.append(scene.page(title, body, where, start + timedelta(days=7 * number)))
    return scene.each(pages)


def video_furniture(scene: Scene) -> list[Labelled]:
    """Video pages whose furniture is far longer than the item."""
    desk = scene.desk
    where = desk.pick(1)[0]
    furniture = (
        list(VIDEO_LINES) if desk.bank.half == "development" else [line.replace(" ", " · ", 3) for line in VIDEO_LINES]
    )
    furniture += [desk.line("related", title=desk.title()) for _ in range(5)] + [_standing(desk, 2)]
    pages = []
    for _ in range(4):
        cast = cast_for(desk.bank, desk.rng)
        title = headline(desk.bank, cast, desk.rng)
        pages.append(scene.page(title, (title, sentence(desk.bank, cast, desk.rng), *furniture), where))
    return scene.each(pages)


def _wall_text(half: str, kind: str) -> list[str]:
    text = (trades.FOLDER / "walls.txt").read_text(encoding="utf-8")
    return text.split(f"= {half} {kind}\n")[1].split("\n\n")[0].strip().split("\n")


def wall(kind: str) -> Maker:
    """Pages of one site behind a wall: one body under several addresses and titles."""

    def make(scene: Scene) -> list[Labelled]:
        desk = scene.desk
        where = desk.pick(1)[0]
        if desk.bank.language == "en":
            body = _wall_text(desk.bank.half, kind)
        else:
            sections = ("newsletter", "newsletter", "share", "rights", "more")
            body = [desk.line(section, outlet=where.name, host=where.host) for section in sections]
            body.insert(2, _standing(desk, 2))
        return scene.each([scene.page(desk.title(), body, where) for _ in range(4)], NOT_JUDGED)

    return make


def stub(scene: Scene) -> list[Labelled]:
    """Pages with nothing but a line or two: scripts off, moved, not found."""
    desk = scene.desk
    where = desk.pick(1)[0]
    body = (desk.line("more", outlet=where.name, host=where.host), desk.line("rights", outlet=where.name))
    return scene.each([scene.page(desk.title(), body, where) for _ in range(3)], NOT_JUDGED)


# --- pages that hold several pieces -------------------------------------------------------------------------------


def _pieces(scene: Scene, number: int) -> tuple[list[Piece], list[Labelled]]:
    desk = scene.desk
    pieces = [write(desk.bank, desk.rng, "local", desk.rng.randint(130, 350)) for _ in range(number)]
    pages = [scene.page(one.title, one.paragraphs, byline=(one.author,)) for one in pieces]
    return pieces, scene.each(pages)


def digest(scene: Scene) -> list[Labelled]:
    """Three to five pieces, whole or their first halves, one after the other on one page; and the pieces themselves."""
    desk = scene.desk
    pieces, out = _pieces(scene, desk.rng.randint(3, 5))
    body: list[str] = []
    for one in pieces:
        keep = len(one.paragraphs) if desk.rng.random() < 0.7 else max(1, len(one.paragraphs) // 2)
        body += [one.title, *one.paragraphs[:keep]]
    page = scene.page(desk.title(), body, at=desk.moment() + timedelta(days=91))
    return [*out, scene.alone(page, "digest", MANY)]


def tag_page(scene: Scene) -> list[Labelled]:
    """A listing: headline, date and first 40 words of each of six articles; and the articles."""
    desk = scene.desk
    pieces, out = _pieces(scene, 6)
    body: list[str] = []
    for one in pieces:
        body += [one.title, desk.date(desk.moment()), *changes.teaser(desk, Draft(one.title, one.paragraphs), 40)]
    return [*out, scene.alone(scene.page(desk.title(), body), "tag page", MANY)]


def live_page(scene: Scene) -> list[Labelled]:
    """The latest, hour by hour: paragraphs of three articles under clock times, among its own."""
    desk = scene.desk
    pieces, out = _pieces(scene, 3)
    body: list[str] = []
    for one in pieces:
        for part in one.paragraphs[: max(2, len(one.paragraphs) // 2)]:
            body += [f"{desk.rng.randint(6, 21)}:{desk.rng.randint(0, 59):02}", part, _standing(desk, 2)]
    return [*out, scene.alone(scene.page(desk.title(), body), "live page", MANY)]


def yearly_wrap(scene: Scene) -> list[Labelled]:
    """The year of a column in one page: the first paragraph of each of six instalments; and the instalments."""
    desk = scene.desk
    pieces, out = _pieces(scene, 6)
    body = [_standing(desk, 3)]
    for one in pieces:
        body += [one.paragraphs[0], _standing(desk, 1)]
    return [*out, scene.alone(scene.page(desk.title(), body), "wrap", MANY)]


TRADES = (
    "weather", "earnings", "sports_result", "obituary", "real_estate", "job_ad", "horoscope", "press_template",
    "release_notes", "recipe", "court_listing", "stock_table", "exhibition", "bulletin",
)  # fmt: skip
TRAPS: Mapping[str, Maker] = {name.replace("_", " "): trade(name) for name in TRADES} | {
    "form in any language": form,
    "two reports": two_reports,
    "shared posts": shared_tweets,
    "transcript": transcript,
    "translation": translation,
    "summary": summary,
    "promo footer": promo_footer,
    "series intro": series_intro,
    "contributor box": contributor_box,
    "newsletter issues": newsletter_issue,
    "video furniture": video_furniture,
    "login wall": wall("login wall"),
    "cookie wall": wall("cookie wall"),
    "stub": stub,
    "digest": digest,
    "tag page": tag_page,
    "live page": live_page,
    "yearly wrap": yearly_wrap,
    "digest of strangers": standing.digest_of_strangers,
    "roundup": standing.roundup,
    "live days": standing.live_days,
    "about box": standing.about_box,
    "column": standing.column,
    "corrections": standing.corrections,
    "site frame": standing.site_frame,
    "statement": standing.statement,
    "follow-up": standing.follow_up,
    "short column": brief.short_column,
    "short release": brief.short_release,
    "digest of few": brief.digest_of_few,
    "notice": brief.notice,
}


def make(desks: Mapping[str, Desk], trap: str, instances: int) -> Iterator[list[Labelled]]:
    """So many instances of one trap, the languages in turn."""
    languages = [language for language in LANGUAGES if language in desks]
    for number in count():
        if number == instances:
            return
        desk = desks[languages[number % len(languages)]]
        yield TRAPS[trap](Scene(desk, desks, trap, f"{trap} {number}"))
