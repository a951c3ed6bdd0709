"""Stories: an original and its copies, each taken from one before it, marks accumulating from hop to hop."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bench.grouping import changes
from bench.grouping.desk import AGENCIES, Desk, Draft, Site, aggregator, own_site, relay
from bench.grouping.prose import Piece, cast_for, paragraph, write
from bench.grouping.truth import Labelled
from pipeline.model import Article, Kind, Link

DEEPEST = 5  # hops from the original
_LONGEST_WAIT_H = 72.0


@dataclass(frozen=True, slots=True)
class Node:
    """A published page of a story."""

    article: Article
    draft: Draft
    where: Site
    depth: int
    kept: float  # share of the original's words that are left
    added: float  # words added, as a share of the original's
    silent_parents: frozenset[str]  # whom a copy that names nobody may have it from, this page included


@dataclass(frozen=True, slots=True)
class Hop:
    """How a copy names its source."""

    draft: Draft
    where: Site
    fields: Mapping[str, object]
    named: bool
    own_clock: bool = False  # an aggregator's date is its own
    byline: bool = True  # is the author's name kept in the page's metadata?
    published: datetime | None = None  # when the hop's own marks say so


def story(desk: Desk, name: str, copies: int) -> list[Labelled]:
    """An original and so many copies, some of them copies of copies."""
    piece = write(desk.bank, desk.rng)
    first, labelled = _original(desk, piece, name)
    nodes, out = [first], [labelled]
    for _ in range(copies):
        parents = [node for node in nodes if node.depth < DEEPEST and node.kept > 0.5]
        parent = parents[-1] if desk.rng.random() < 0.6 else desk.rng.choice(parents)
        node, label = _copy(desk, piece, parent, name, {one.where.name for one in nodes})
        if node is not None:
            nodes.append(node)
        out.append(label)
    return out


def _original(desk: Desk, piece: Piece, name: str) -> tuple[Node, Labelled]:
    where = own_site(piece.author, desk.rng) if desk.rng.random() < 0.25 else desk.rng.choice(desk.sites)
    draft = Draft(piece.title, piece.paragraphs)
    published = desk.moment()
    if desk.rng.random() < 0.4:
        line = desk.line("byline", author=piece.author, outlet=where.name, date=desk.date(published))
        draft = replace(draft, head=(line,))
    if desk.rng.random() < 0.3:
        draft = replace(draft, tail=(desk.line("contributor", piece.cast, author=piece.author, outlet=where.name),))
    article = desk.article(draft, where, published, byline=(piece.author,))
    node = Node(article, draft, where, 0, 1.0, 0.0, frozenset({article.canonical_url}))
    return node, _label(desk, node, name, frozenset({Kind.ORIGINAL}), frozenset(), original=True)


def _copy(desk: Desk, piece: Piece, parent: Node, name: str, taken: set[str]) -> tuple[Node | None, Labelled]:
    """One more copy; its node is None when nobody copies it on (an excerpt, a commentary)."""
    draft = replace(
        parent.draft, head=(), body=(*parent.draft.head, *parent.draft.body, *parent.draft.tail), tail=(), changes=()
    )
    roll = desk.rng.random()
    if roll < 0.10:
        return None, _teaser(desk, piece, parent, draft, name)
    if 0.10 <= roll < 0.16 and sum(desk.bank.length(part) for part in piece.paragraphs) > 300:
        return None, _link_blog(desk, parent, name)
    if 0.16 <= roll < 0.24:
        return None, _commentary(desk, parent, draft, name)
    style = desk.rng.choices(tuple(_STYLES), tuple(weight for _, weight in _STYLES.values()))[0]
    where = _site(desk, style, taken)
    draft, kept, added = _treated(desk, piece, parent, draft, where)
    hop = _STYLES[style][0](desk, piece, parent, draft, where)
    wrapped = not desk.bank.unspaced and desk.rng.random() < 0.05
    final = hop.draft.changed(style)
    if wrapped:
        final = changes.hard_wrap(desk, final)
    article = _publish(desk, final, hop, parent, piece)
    url = article.canonical_url
    traced = bool(changes.TRACES & set(final.changes))
    node = Node(
        article,
        final,
        hop.where,
        parent.depth + 1,
        kept,
        added,
        frozenset({url}) if traced else frozenset({url}) | parent.silent_parents,
    )
    parents = frozenset({parent.article.canonical_url}) if hop.named else parent.silent_parents
    label = _label(desk, node, name, _kinds(kept, added), parents)
    return (None if wrapped else node), label


def _treated(desk: Desk, piece: Piece, parent: Node, draft: Draft, where: Site) -> tuple[Draft, float, float]:
    """The changes beside the naming of the source; with the share kept and added so far."""
    kept, added = parent.kept, parent.added
    whole = sum(desk.bank.length(part) for part in piece.paragraphs)
    for change, share in changes.TREATMENTS.items():
        if desk.rng.random() >= share:
            continue
        before = desk.bank.length(draft.text)
        changed = change(desk, draft, piece.cast, where)
        after = desk.bank.length(changed.text)
        if change in (changes.cut_end, changes.cut_middle):
            if kept * after / before < 0.45:
                continue  # shorter would be an excerpt: made on purpose elsewhere
            kept *= after / before
        elif after > before:
            added += (after - before) / whole
        draft = changed
    return draft, kept, added


def _kinds(kept: float, added: float) -> frozenset[Kind]:
    """What a copy may rightly be called, by what was cut and added; near the borders two answers are right."""
    kinds = {Kind.REPUBLICATION}
    if kept < 0.6:
        kinds.add(Kind.EXCERPT)
    if added > 0.45:
        kinds.add(Kind.COMMENTARY)
    return frozenset(kinds)


# --- ways to name a source ----------------------------------------------------------------------------------------


def _site(desk: Desk, style: str, taken: set[str]) -> Site:
    """Where a copy of this style stands: a site that has none of this story yet."""
    special = {"relay": relay, "aggregated": aggregator}.get(style)
    if special is not None:
        where = special(desk.bank.half, desk.rng)
        if where.name not in taken:
            return where
    return desk.rng.choice([one for one in desk.sites if one.name not in taken])


def _given(desk: Desk, parent: Node, piece: Piece) -> dict[str, str]:
    moment = parent.article.published_at or parent.article.first_seen_at
    return {
        "author": piece.author,
        "outlet": parent.where.name,
        "host": parent.where.host,
        "url": parent.article.url,
        "date": desk.date(moment),
    }


def _credit_head(desk: Desk, piece: Piece, parent: Node, draft: Draft, where: Site) -> Hop:
    line = desk.line("credit", piece.cast, **_given(desk, parent, piece))
    return Hop(replace(draft, head=(line, *draft.head)), where, {}, True)


def _credit_tail(desk: Desk, piece: Piece, parent: Node, draft: Draft, where: Site) -> Hop:
    tail = [desk.line("credit", piece.cast, **_given(desk, parent, piece))]
    if desk.rng.random() < 0.4:
        tail.append(desk.line("rights", outlet=where.name))
    return Hop(replace(draft, tail=(*draft.tail, *tail)), where, {}, True, byline=desk.rng.random() < 0.5)


def _relay(desk: Desk, piece: Piece, parent: Node, draft: Draft, where: Site) -> Hop:
    """Credit at the head, the relay's own signature and date at the foot."""
    if not where.handle:
        return _credit_head(desk, piece, parent, draft, where)
    line = desk.line("credit", piece.cast, **_given(desk, parent, piece))
    moment = (parent.article.published_at or parent.article.first_seen_at) + timedelta(hours=desk.rng.uniform(1, 50))
    dated = f"{moment:%a, %m/%d/%Y - %H:%M}"
    sign = (where.handle, dated) if desk.rng.random() < 0.5 else (f"{where.handle} {dated}",)
    changed = draft.changed("sign-off", head=(line, *draft.head), tail=(*draft.tail, *sign))
    return Hop(changed, where, {}, True, byline=False, published=moment)


def _link_back(desk: Desk, piece: Piece, parent: Node, draft: Draft, where: Site) -> Hop:
    line = desk.line("linkback", piece.cast, **_given(desk, parent, piece))
    links = (*draft.links, Link(parent.article.url, parent.draft.title))
    return Hop(replace(draft, tail=(*draft.tail, line), links=links), where, {}, True)


def _canonical(_: Desk, __: Piece, parent: Node, draft: Draft, where: Site) -> Hop:
    return Hop(draft, where, {"declared_url": parent.article.url}, True)


def _based_on(_: Desk, __: Piece, parent: Node, draft: Draft, where: Site) -> Hop:
    return Hop(draft, where, {"based_on": (parent.article.url,)}, True)


def _feed_source(_: Desk, __: Piece, parent: Node, draft: Draft, where: Site) -> Hop:
    fields = {"source_title": parent.where.name, "source_url": f"https://{parent.where.host}/feed"}
    return Hop(draft, where, fields, True)


def _aggregated(desk: Desk, piece: Piece, parent: Node, draft: Draft, where: Site) -> Hop:
    """The whole text under an aggregator's stamp."""
    stamp = desk.line("stamp", piece.cast, **_given(desk, parent, piece))
    return Hop(replace(draft, head=(stamp, *draft.head)), where, {}, True, own_clock=True, byline=False)


def _silent(desk: Desk, _: Piece, __: Node, draft: Draft, where: Site) -> Hop:
    return Hop(draft, where, {}, False, byline=desk.rng.random() < 0.5)


Style = Callable[[Desk, Piece, Node, Draft, Site], Hop]
_STYLES: Mapping[str, tuple[Style, float]] = {
    "credit at head": (_credit_head, 0.22),
    "credit at tail": (_credit_tail, 0.2),
    "relay": (_relay, 0.13),
    "link back": (_link_back, 0.12),
    "canonical": (_canonical, 0.07),
    "based on": (_based_on, 0.04),
    "feed source": (_feed_source, 0.06),
    "aggregated": (_aggregated, 0.08),
    "silent": (_silent, 0.08),
}


def _publish(desk: Desk, draft: Draft, hop: Hop, parent: Node, piece: Piece) -> Article:
    before = parent.article.published_at or parent.article.first_seen_at
    published: datetime | None = hop.published or before + timedelta(hours=desk.rng.uniform(0.2, _LONGEST_WAIT_H))
    if hop.own_clock:
        published = before + timedelta(hours=desk.rng.uniform(-8, 48))
    elif hop.named and hop.published is None and desk.rng.random() < 0.12:
        published = None
    seen = (published or before) + timedelta(minutes=desk.rng.randint(1, 6000))
    byline = (piece.author,) if hop.byline else ()
    return desk.article(draft, hop.where, published, byline=byline, seen=seen, **hop.fields)


# --- the ends of chains -------------------------------------------------------------------------------------------


def _teaser(desk: Desk, piece: Piece, parent: Node, draft: Draft, name: str) -> Labelled:
    """An aggregator's first 120 words or so, broken off, with an invitation to read on."""
    whole = sum(desk.bank.length(part) for part in piece.paragraphs)
    words = min(desk.rng.randint(60, 140), int(whole * 0.45))
    where = aggregator(desk.bank.half, desk.rng)
    given = _given(desk, parent, piece)
    head = (desk.line("stamp", piece.cast, **given),) if desk.rng.random() < 0.6 else ()
    junk = changes.CLUTTER[desk.bank.half]
    clean = replace(draft, body=tuple(part for part in draft.body if part not in junk))
    cut = Draft(draft.title, changes.teaser(desk, clean, words), head, (desk.line("more", piece.cast, **given),))
    cut = replace(cut, links=(Link(parent.article.url, parent.draft.title),)).changed("teaser")
    hop = Hop(cut, where, {}, True, own_clock=True, byline=False)
    article = _publish(desk, cut, hop, parent, piece)
    node = Node(article, cut, where, parent.depth + 1, 0.3, 0.0, frozenset())
    return _label(desk, node, name, frozenset({Kind.EXCERPT}), frozenset({parent.article.canonical_url}))


def _link_blog(desk: Desk, parent: Node, name: str) -> Labelled:
    """A sentence of somebody's own, a passage from the middle, and the address."""
    own = cast_for(desk.bank, desk.rng)
    passage = changes.quote_from_middle(desk, parent.draft)
    lead = paragraph(desk.bank, own, desk.rng, 1)
    draft = Draft(desk.title(), (lead, *passage, parent.article.url), links=(Link(parent.article.url, ""),))
    draft = draft.changed("link-blog quote")
    where = desk.rng.choice(desk.sites)
    moment = (parent.article.published_at or parent.article.first_seen_at) + timedelta(hours=desk.rng.uniform(1, 60))
    article = desk.article(draft, where, moment)
    node = Node(article, draft, where, parent.depth + 1, 0.3, 0.1, frozenset())
    return _label(desk, node, name, frozenset({Kind.EXCERPT}), frozenset({parent.article.canonical_url}))


def _commentary(desk: Desk, parent: Node, draft: Draft, name: str) -> Labelled:
    """The whole copy inside a longer text of somebody else's."""
    around = changes.commentary(desk, draft)
    around = replace(around, title=desk.title(), links=(Link(parent.article.url, parent.draft.title),))
    where = desk.rng.choice([one for one in desk.sites if one != parent.where])
    moment = (parent.article.published_at or parent.article.first_seen_at) + timedelta(hours=desk.rng.uniform(2, 90))
    article = desk.article(around, where, moment)
    node = Node(article, around, where, parent.depth + 1, 1.0, 1.2, frozenset())
    return _label(desk, node, name, frozenset({Kind.COMMENTARY}), frozenset({parent.article.canonical_url}))


def _label(
    desk: Desk, node: Node, name: str, kinds: frozenset[Kind], parents: frozenset[str], *, original: bool = False
) -> Labelled:
    return Labelled(
        node.article,
        name,
        kinds,
        parents,
        node.draft.changes,
        original=original,
        language=desk.bank.language,
    )


# --- stories of other shapes --------------------------------------------------------------------------------------


def wire(desk: Desk, name: str) -> list[Labelled]:
    """One agency item in three to six papers, the agency's own page not among them.

    Nobody copied from anybody here, so neither kinds nor sources nor the original are judged.
    """
    piece = write(desk.bank, desk.rng, "wire", desk.rng.randint(200, 700))
    agency = desk.rng.choice(AGENCIES[desk.bank.half])
    dateline = desk.line("dateline", l=piece.cast.places[0], L=piece.cast.places[0].upper(), agency=agency)
    start = desk.moment()
    made: list[tuple[Article, Draft]] = []
    for where in desk.pick(desk.rng.randint(3, 6)):
        draft = Draft(piece.title, (f"{dateline} {piece.paragraphs[0]}", *piece.paragraphs[1:])).changed("dateline")
        for change in (changes.new_headline, changes.cut_end, changes.captions, changes.boxes, changes.typography):
            if desk.rng.random() < 0.4:
                draft = change(desk, draft, piece.cast, where)
        if desk.rng.random() < 0.5:
            draft = replace(draft, tail=(*draft.tail, desk.line("rights", outlet=agency)))
        published = start + timedelta(minutes=desk.rng.randint(0, 2000))
        made.append((desk.article(draft, where, published, byline=(agency,)), draft))
    return [
        Labelled(article, name, changes=(*draft.changes, "wire"), language=desk.bank.language)
        for article, draft in made
    ]


def versions(desk: Desk, name: str) -> list[Labelled]:
    """Three versions of a developing story: a new lead each time, the oldest paragraphs gone; J(A, C) is small."""
    pieces = write(desk.bank, desk.rng, "wire", desk.rng.randint(600, 900))
    parts = pieces.paragraphs
    window, step = len(parts) * 5 // 9, len(parts) * 2 // 9
    start = desk.moment()
    out: list[Labelled] = []
    for number, where in enumerate(desk.pick(3)):
        draft = Draft(pieces.title, parts[number * step : number * step + window])
        draft = changes.new_headline(desk, draft, pieces.cast, where).changed("wire versions")
        article = desk.article(draft, where, start + timedelta(hours=3 * number), byline=(pieces.author,))
        before = frozenset(one.url for one in out)
        kinds = frozenset({Kind.ORIGINAL if number == 0 else Kind.REPUBLICATION})
        out.append(
            Labelled(article, name, kinds, before, draft.changes, original=number == 0, language=desk.bank.language)
        )
    return out


def spun(desk: Desk, name: str, percent: int) -> list[Labelled]:
    """An original and a copy with so many of a hundred words replaced, naming nobody."""
    piece = write(desk.bank, desk.rng, words=desk.rng.randint(200, 800))
    first, label = _original(desk, piece, name)
    draft, replaced = changes.spin(desk, Draft(piece.title, piece.paragraphs), percent)
    where = desk.rng.choice([one for one in desk.sites if one != first.where])
    published = (first.article.published_at or first.article.first_seen_at) + timedelta(hours=desk.rng.uniform(1, 60))
    article = desk.article(draft, where, published)
    copy = Labelled(
        article,
        name,
        # A tenth of the words is what an editor may replace too.
        frozenset({Kind.SPUN, Kind.REPUBLICATION}) if percent <= 10 else frozenset({Kind.SPUN}),
        frozenset({first.article.canonical_url}),
        draft.changes,
        replaced=replaced,
        spun=percent,
        language=desk.bank.language,
    )
    return [label, copy]
