"""``world/world.yaml`` and ``world/texts/*.md`` → :class:`~pipeline.demo.nouns.World`.

A copy is made from the page that it copies, as on the web: an aggregator that takes a republisher's page takes the
republisher's credit line and sign-off along. What is true of each page follows from the same plan.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from importlib.resources.abc import Traversable
from string import Template
from typing import Any

import yaml

from pipeline.demo.nouns import Block, FeedPlan, Page, Site, Text, Truth, Version, World

TEXT_KINDS = ("p", "heading", "quote")


class WorldError(ValueError):
    """The demo world's own files contradict themselves; the text names the page."""


@dataclass(frozen=True)
class Frame:
    """What a site puts around every piece that it takes from elsewhere, and around its own."""

    take: str = "text"  # "text" of the page copied, or "all": the lines that the page copied had added, too
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    sign_off: str | None = None  # ends every page of the site, own pieces included


@dataclass(frozen=True)
class Revision:
    """A later state of a page: the changes are made to its first state."""

    at: str
    title: str | None = None
    replace: Mapping[str, str] | None = None
    insert: Mapping[int, str] | None = None
    after: tuple[str, ...] = ()


@dataclass(frozen=True)
class PagePlan:
    """One placement as world.yaml has it. Lines may name {title}, {author}, {url}, {at}, {age}, {from}, {from_host}
    and {from_site}; paragraphs are counted from 1 ("1-4,7").
    """

    path: str
    at: str
    text: str | None = None
    taken_from: str | None = None  # host of the page copied, which publishes the same text
    same_as: str | None = None  # host of another page with this text, both taken from outside the world
    title: str | None = None
    author: str | None = None
    publisher: str | None = None
    kind: str | None = None
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    take: str | None = None
    dateline: str | None = None
    keep: str | None = None
    cut_words: int | None = None
    replace: Mapping[str, str] | None = None
    insert: Mapping[int, str] | None = None
    values: Mapping[str, Any] | None = None
    quote: bool = False
    parts: tuple[Mapping[str, Any], ...] = ()  # {say: text} or {quote: text id, of: host, keep:, cut_words:}
    photo: str | None = None
    canonical: bool = False  # rel=canonical names the page copied
    appears: str | None = None
    revisions: tuple[Mapping[str, Any], ...] = ()
    section: str | None = None
    moved_from: str | None = None


def load_world() -> World:
    """Read the bundled world. Raises WorldError when its files contradict themselves."""
    root = files("pipeline.demo") / "world"
    texts = {text.id: text for text in _texts(root / "texts")}
    raw = yaml.safe_load((root / "world.yaml").read_text(encoding="utf-8"))
    sites: dict[str, Site] = {}
    frames: dict[str, Frame] = {}
    plans: dict[str, tuple[PagePlan, ...]] = {}
    for host, entry in raw["sites"].items():
        values = dict(entry)
        frames[host] = Frame(**_tuples(values.pop("frame", {})))
        plans[host] = tuple(PagePlan(**_tuples(page)) for page in values.pop("pages"))
        feeds = tuple(FeedPlan(**{"name": values["name"], **feed}) for feed in values.pop("feeds"))
        sites[host] = Site(host=host, feeds=feeds, **_tuples(values))
    pages = _Builder(texts, sites, frames, plans).pages()
    ordered = tuple(sorted(pages, key=lambda page: (page.appears_at, page.url)))
    return World(tuple(_moment(step) for step in raw["steps"]), sites, texts, ordered)


def _tuples(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in values.items()}


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _texts(folder: Traversable) -> Iterator[Text]:
    for file in folder.iterdir():
        if not file.name.endswith(".md"):
            continue
        _, head, body = file.read_text(encoding="utf-8").split("---\n", 2)
        meta = yaml.safe_load(head)
        paragraphs = tuple(" ".join(part.split("\n")) for part in body.strip().split("\n\n"))
        yield Text(
            file.name.removesuffix(".md"), meta["title"], meta.get("author"), meta.get("language", "en"), paragraphs
        )


@dataclass(frozen=True)
class _Place:
    """A plan with the site that it belongs to."""

    site: Site
    plan: PagePlan

    @property
    def url(self) -> str:
        return f"http://{self.site.host}{self.plan.path}"

    @property
    def at(self) -> datetime:
        return _moment(self.plan.at)


class _Builder:
    """Turns plans into pages; remembers pages already built, since copies are built from them."""

    def __init__(
        self,
        texts: Mapping[str, Text],
        sites: Mapping[str, Site],
        frames: Mapping[str, Frame],
        plans: Mapping[str, tuple[PagePlan, ...]],
    ) -> None:
        self._texts = texts
        self._frames = frames
        self._places = [_Place(sites[host], plan) for host, many in plans.items() for plan in many]
        self._built: dict[str, Page] = {}

    def pages(self) -> list[Page]:
        """Build all pages."""
        return [self._page(place) for place in self._places]

    def _find(self, host: str, text: str | None, asker: _Place) -> _Place:
        found = [place for place in self._places if place.site.host == host and place.plan.text == text]
        if len(found) != 1:
            raise WorldError(f"{asker.url}: {len(found)} pages of {host} publish {text!r}")
        return found[0]

    def _page(self, place: _Place) -> Page:
        if place.url not in self._built:
            self._built[place.url] = self._build(place)
        return self._built[place.url]

    def _build(self, place: _Place) -> Page:
        plan, site = place.plan, place.site
        origin = self._page(self._find(plan.taken_from, plan.text, place)) if plan.taken_from else None
        if origin and origin.published_at > place.at:
            raise WorldError(f"{place.url}: older than the page that it was taken from")
        text = self._texts[plan.text] if plan.text else None
        title = plan.title or (origin.version(place.at).title if origin else text.title if text else "")
        title = Template(title).substitute(plan.values or {})
        author = plan.author or (text.author if text else None)
        first = Version(place.at, title, tuple(self._blocks(place, origin, text, title, author)))
        appears = _moment(plan.appears) if plan.appears else place.at
        return Page(
            url=place.url,
            host=site.host,
            path=plan.path,
            language=text.language if text else site.language,
            author=author,
            published_at=place.at,
            appears_at=appears,
            versions=(first, *(_revise(first, Revision(**_tuples(raw))) for raw in plan.revisions)),
            truth=self._truth(place, origin, author),
            canonical_url=origin.url if plan.canonical and origin else place.url,
            section=plan.section,
            moved_from=plan.moved_from,
            source=(f"http://{origin.host}/", self._site_name(origin.host)) if origin else None,
        )

    def _blocks(
        self, place: _Place, origin: Page | None, text: Text | None, title: str, author: str | None
    ) -> Iterator[Block]:
        plan, frame = place.plan, self._frames[place.site.host]
        names = {"title": title, "author": author, "url": place.url, "at": place.at}
        if origin:
            hours = max(1, round((place.at - origin.published_at).total_seconds() / 3600))
            age = f"{hours} hour{'s' if hours > 1 else ''}"
            names |= {
                "from": origin.url,
                "from_host": origin.host,
                "from_site": self._site_name(origin.host),
                "age": age,
            }
        around = frame if origin else Frame(sign_off=frame.sign_off)
        yield from (Block("line", line.format_map(names)) for line in (*around.before, *plan.before))
        if plan.photo:
            yield Block("figure", plan.photo)
        take_all = (plan.take or around.take) == "all"
        yield from self._core(place, origin, text, take_all)
        ending = (*plan.after, *around.after, *([frame.sign_off] if frame.sign_off else ()))
        yield from (Block("line", line.format_map(names)) for line in ending)

    def _core(self, place: _Place, origin: Page | None, text: Text | None, take_all: bool) -> Iterator[Block]:
        plan = place.plan
        if origin:
            blocks = list(origin.version(place.at).blocks)
            if not take_all:
                blocks = [block for block in blocks if block.kind in TEXT_KINDS]
        else:
            blocks = _as_blocks(text, plan.values or {}) if text else []
        blocks = _edit(blocks, plan.keep, plan.cut_words, plan.replace, plan.insert)
        if plan.dateline:
            first = next(index for index, block in enumerate(blocks) if block.kind == "p")
            blocks[first] = Block("p", f"{plan.dateline} {blocks[first].text}")
        for block in blocks:
            yield Block("quote", block.text) if plan.quote and block.kind == "p" else block
        for part in plan.parts:
            yield from self._part(place, part)

    def _part(self, place: _Place, part: Mapping[str, Any]) -> Iterator[Block]:
        if "say" in part:
            yield Block("heading" if part["say"].startswith("## ") else "p", part["say"].removeprefix("## "))
            return
        quoted = self._page(self._find(part["of"], part["quote"], place))
        blocks = [block for block in quoted.version(place.at).blocks if block.kind in TEXT_KINDS]
        for block in _edit(blocks, part.get("keep"), part.get("cut_words"), None, None):
            yield Block("quote", block.text)

    def _truth(self, place: _Place, origin: Page | None, author: str | None) -> Truth:
        plan, site = place.plan, place.site
        kind = plan.kind or ("republication" if origin or plan.same_as else "original")
        quotes = [self._find(part["of"], part["quote"], place).url for part in plan.parts if "quote" in part]
        if origin:
            truth = origin.truth
            return Truth(truth.story, kind, origin.url, truth.author, plan.publisher or truth.publisher)
        if plan.same_as:
            truth = self._page(self._find(plan.same_as, plan.text, place)).truth
            return Truth(truth.story, kind, None, truth.author, truth.publisher)
        return Truth(self._label(place), kind, None, author, plan.publisher or site.name, tuple(quotes))

    def _label(self, place: _Place) -> str:
        """The text's id when only one page publishes it first; templated items need the page's own address."""
        roots = [
            other for other in self._places
            if other.plan.text == place.plan.text and not other.plan.taken_from and not other.plan.same_as
        ]  # fmt: skip
        return place.plan.text if place.plan.text and len(roots) == 1 else f"{place.site.host}{place.plan.path}"

    def _site_name(self, host: str) -> str:
        return next(place.site.name for place in self._places if place.site.host == host)


def _as_blocks(text: Text, values: Mapping[str, Any]) -> list[Block]:
    blocks = []
    for raw in text.paragraphs:
        paragraph = Template(raw).substitute(values) if values else raw
        if paragraph.startswith("## "):
            blocks.append(Block("heading", paragraph.removeprefix("## ")))
        elif paragraph.startswith("> "):
            blocks.append(Block("quote", paragraph.removeprefix("> ")))
        else:
            blocks.append(Block("p", paragraph))
    return blocks


def _edit(
    blocks: list[Block],
    keep: str | None,
    cut_words: int | None,
    replace: Mapping[str, str] | None,
    insert: Mapping[int, str] | None,
) -> list[Block]:
    """Apply a copy's changes. Numbers count the blocks before any of them is changed, from 1."""
    kept = _numbers(keep) if keep else set(range(1, len(blocks) + 1))
    edited = []
    for number, block in enumerate(blocks, start=1):
        if number in kept:
            edited.append(_replaced(block, replace or {}))
        if insert and number in insert:
            edited.append(Block("p", insert[number]))
    for old in replace or {}:
        if not any(old in block.text for block in blocks):
            raise WorldError(f"nothing to replace: {old!r}")
    return _first_words(edited, cut_words) if cut_words else edited


def _replaced(block: Block, replace: Mapping[str, str]) -> Block:
    text = block.text
    for old, new in replace.items():
        text = text.replace(old, new)
    return Block(block.kind, text)


def _first_words(blocks: list[Block], limit: int) -> list[Block]:
    """Cut after that many words, mid-sentence, with an ellipsis, as teasers do."""
    result: list[Block] = []
    for block in blocks:
        words = block.text.split()
        if len(words) >= limit:
            return [*result, Block(block.kind, " ".join(words[:limit]) + " …")]
        result.append(block)
        limit -= len(words)
    return result


def _numbers(ranges: str) -> set[int]:
    numbers: set[int] = set()
    for part in str(ranges).split(","):
        first, _, last = part.partition("-")
        numbers |= set(range(int(first), int(last or first) + 1))
    return numbers


def _revise(first: Version, revision: Revision) -> Version:
    blocks = _edit(list(first.blocks), None, None, revision.replace, revision.insert)
    blocks += [Block("line", line) for line in revision.after]
    return Version(_moment(revision.at), revision.title or first.title, tuple(blocks))
