"""The JSON API, version 1: everything that the pages show, and what they let people do, for programs."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Query
from starlette.datastructures import QueryParams
from starlette.requests import Request

from pipeline.exchange import why_record
from pipeline.model import CopyRow, StoryFilter
from pipeline.serve import shapes
from pipeline.serve.asking import cursor, offset_of, position, query_of
from pipeline.serve.identity import AReader
from pipeline.serve.problems import RESPONSES, Problem
from pipeline.serve.refusals import sentence
from pipeline.serve.service import AService, Service
from pipeline.serve.texts import Row, side_by_side
from pipeline.serve.wishes import Listed, View, read_query, unknown


async def only_known(request: Request) -> None:
    """FastAPI dependency: refuses parameters that the description does not name. Raises Problem 422."""
    paths = request.app.openapi()["paths"]
    described = paths[request.scope["route"].path_format][request.method.lower()].get("parameters", ())
    wrong = unknown(request.query_params, (one["name"] for one in described if one["in"] == "query"))
    if wrong:
        raise Problem(422, sentence(wrong), errors=wrong)


router: Final = APIRouter(prefix="/api/v1", responses=RESPONSES, dependencies=[Depends(only_known)])

Id = Annotated[int, Path(ge=1, le=2**31 - 1)]
Number = Annotated[int | None, Query(ge=1, le=2**31 - 1)]
Word = Annotated[str | None, Query(max_length=500)]


@router.get("/stories", tags=["stories"], summary="Stories that fit, newest first; with text, best first")
def stories(
    service: AService,
    reader: AReader,
    view: Annotated[Listed, Query()],
) -> shapes.StoryPage:
    """Filters all have to fit. ``after`` continues where the last page ended, whatever was stored meanwhile."""
    wanted = view.filter(service.store.feeds.all, view.limit + 1)
    limit, text = view.limit, view.words
    if text is None:
        wanted = replace(wanted, older_than=position(view.after))
    skipped = offset_of(view.after)
    found = service.store.shelf.page(wanted, reader.account.id, skipped)
    more = len(found) > limit
    following = (
        (cursor(found[limit - 1].sort_at, found[limit - 1].row.id) if text is None else str(skipped + limit))
        if more
        else None
    )
    return shapes.StoryPage(stories=[shapes.StoryShape.of(one) for one in found[:limit]], next=following)


@router.get("/stories/{story}", tags=["stories"], summary="One story with all copies, evidence and chain")
def story(service: AService, reader: AReader, story: Id) -> shapes.WholeStory:
    """The id of a story that was merged into another one gives that one."""
    view = service.store.stories.get(story)
    shelf = service.store.shelf.page(StoryFilter(ids=(view.row.id,)), reader.account.id)
    if not shelf:
        raise Problem(404, f"no story {story}")
    return shapes.WholeStory.of(view, shelf[0])


@router.get("/stories/{story}/why", tags=["stories"], summary="Why each copy is there, by its canonical URL")
def why(service: AService, _reader: AReader, story: Id) -> dict[str, shapes.WhyShape]:
    """What joins it in figures and passages, what was taken out of its text, which sources it names."""
    view = service.store.stories.get(story)
    reasons, settings = service.pipeline.why(view), service.pipeline.config.dedup
    urls = [(copy, copy.article.canonical_url) for copy in view.members]
    return {url: shapes.WhyShape(**why_record(copy, reasons[url], settings)) for copy, url in urls}


@router.patch("/stories/{story}", tags=["stories"], summary="Mark a story", status_code=204)
def mark(service: AService, reader: AReader, story: Id, marks: shapes.Marks) -> None:
    """Marks are the account's own. They stay when copies join later, and when stories merge."""
    if story not in service.store.shelf.resolve([story]):
        raise Problem(404, f"no story {story}")
    service.store.shelf.set(reader.account.id, [story], read=marks.read, starred=marks.starred)


@router.get("/diff", tags=["articles"], summary="What one text has and another has not")
def diff(
    service: AService,
    _reader: AReader,
    left: Annotated[int, Query(ge=1, le=2**31 - 1, description="an article")],
    right: Annotated[int, Query(ge=1, le=2**31 - 1, description="an article")],
    left_revision: Number = None,
    right_revision: Number = None,
) -> shapes.DiffShape:
    """Any two articles, or two revisions of one."""
    one, other = version(service, left, left_revision), version(service, right, right_revision)
    rows = [_diff_row(row) for row in side_by_side(one.text, other.text)]
    return shapes.DiffShape(left_title=one.title, right_title=other.title, rows=rows)


def version(service: Service, article: int, revision: int | None) -> shapes.RevisionShape:
    """How an article reads, or read in an earlier revision. Raises UnknownName, Problem 404."""
    copy = service.store.stories.copy(article)
    if revision is None or revision == copy.article.revision:
        return _current(copy)
    for one in service.store.articles.revisions(article):
        if one.revision == revision:
            return shapes.RevisionShape(
                revision=one.revision, title=one.title, byline=list(one.byline), seen_at=one.seen_at, text=one.text
            )
    raise Problem(404, f"article {article} has no revision {revision}")


def _current(copy: CopyRow) -> shapes.RevisionShape:
    article = copy.article
    return shapes.RevisionShape(
        revision=article.revision,
        title=article.title,
        byline=list(article.byline),
        seen_at=article.first_seen_at,
        text=article.text,
    )


def _diff_row(row: Row) -> shapes.DiffRow:
    left = None if row.left is None else "".join(words for words, _ in row.left)
    right = None if row.right is None else "".join(words for words, _ in row.right)
    return shapes.DiffRow(op=row.op, left=left, right=right)


@router.get("/articles/{article}", tags=["articles"], summary="One copy with its text")
def article(service: AService, _reader: AReader, article: Id) -> shapes.ArticleShape:
    """By the number that stories give it."""
    return shapes.ArticleShape.of(service.store.stories.copy(article))


@router.get("/articles", tags=["articles"], summary="The copy at an address")
def article_at(
    service: AService, _reader: AReader, url: Annotated[str, Query(min_length=1, max_length=2_048)]
) -> shapes.ArticleShape:
    """In whatever spelling: the address is compared in its canonical form."""
    found = service.store.articles.by_address(url)
    if found is None:
        raise Problem(404, "no article at this address")
    return shapes.ArticleShape.of(service.store.stories.copy(found))


@router.get("/articles/{article}/revisions", tags=["articles"], summary="How an article read before")
def revisions(service: AService, _reader: AReader, article: Id) -> list[shapes.RevisionShape]:
    """Oldest first, the current one last."""
    copy = service.store.stories.copy(article)
    earlier = [
        shapes.RevisionShape(
            revision=one.revision, title=one.title, byline=list(one.byline), seen_at=one.seen_at, text=one.text
        )
        for one in service.store.articles.revisions(article)
    ]
    return [*earlier, _current(copy)]


@router.get("/feeds", tags=["feeds"], summary="All feeds and how they are doing")
def feeds(service: AService, reader: AReader) -> list[shapes.FeedShape]:
    """By name."""
    counts = service.store.shelf.feed_counts(reader.account.id)
    return [shapes.FeedShape.of(one, counts.get(one.id, (0, 0))) for one in service.store.feeds.all()]


@router.post("/feeds", tags=["feeds"], summary="Subscribe", status_code=201)
def subscribe(service: AService, _reader: AReader, feed: shapes.NewFeed) -> shapes.FeedShape:
    """To the feed at an address; one that is there already is given as it is. Its first crawl is the next one."""
    return shapes.FeedShape.of(service.pipeline.feeds.add(feed.url, feed.name, feed.folder), (0, 0))


@router.get("/feeds/{feed}", tags=["feeds"], summary="One feed")
def one_feed(service: AService, reader: AReader, feed: Id) -> shapes.FeedShape:
    """By its number."""
    found = {one.id: one for one in service.store.feeds.all()}.get(feed)
    if found is None:
        raise Problem(404, f"no feed {feed}")
    return shapes.FeedShape.of(found, service.store.shelf.feed_counts(reader.account.id).get(feed, (0, 0)))


@router.delete("/feeds/{feed}", tags=["feeds"], summary="Unsubscribe", status_code=204)
def unsubscribe(service: AService, _reader: AReader, feed: Id) -> None:
    """Its articles stay. A feed of the configuration file has to be removed there (400)."""
    found = {one.id: one for one in service.store.feeds.all()}.get(feed)
    if found is None:
        raise Problem(404, f"no feed {feed}")
    service.pipeline.feeds.remove(found.url)


@router.get("/searches", tags=["searches"], summary="Searches that the account keeps")
def searches(request: Request, service: AService, reader: AReader) -> list[shapes.SearchShape]:
    """By name; each is a feed, too."""
    base = service.base(request)
    return [shapes.SearchShape.of(one, base) for one in service.store.searches.all(reader.account.id)]


@router.post("/searches", tags=["searches"], summary="Keep a search", status_code=201)
def save_search(request: Request, service: AService, reader: AReader, wish: shapes.NewSearch) -> shapes.SearchShape:
    """One of that name is replaced, and stays the same feed."""
    asked = QueryParams(wish.query.removeprefix("?"))
    read_query(View, asked, only_known=True)
    query = query_of(asked)
    return shapes.SearchShape.of(
        service.store.searches.save(reader.account.id, wish.name, query), service.base(request)
    )


@router.delete("/searches/{search}", tags=["searches"], summary="Forget a search", status_code=204)
def remove_search(service: AService, reader: AReader, search: Id) -> None:
    """Its feed is gone then."""
    service.store.searches.remove(reader.account.id, search)


@router.post("/crawl", tags=["feeds"], summary="Crawl now", status_code=202)
def crawl(service: AService, _reader: AReader, wish: shapes.CrawlWish | None = None) -> shapes.CrawlState:
    """Feeds that are named are fetched whether they are due or not. 409 when a crawl is under way."""
    urls = None
    if wish is not None and wish.feeds is not None:
        known = {one.id: one.url for one in service.store.feeds.all()}
        missing = [one for one in wish.feeds if one not in known]
        if missing:
            raise Problem(404, f"no feed {missing[0]}")
        urls = [known[one] for one in wish.feeds]
    if not service.crawls.start(urls):
        raise Problem(409, "a crawl is under way")
    return crawl_state(service, _reader)


@router.get("/crawl", tags=["feeds"], summary="How the crawl is doing")
def crawl_state(service: AService, _reader: AReader) -> shapes.CrawlState:
    """The last one of this store, whoever began it: a person here, the daemon, a command."""
    return shapes.CrawlState.model_validate(service.crawls.state())


@router.post("/check", tags=["articles"], summary="Is this text known?")
def check(service: AService, _reader: AReader, wanted: shapes.TextToCheck) -> shapes.Answer:
    """Whole, as an excerpt, or inside another text."""
    found = service.pipeline.check(wanted.text, wanted.title)
    return shapes.Answer(
        known=[
            shapes.KnownText(
                known_as=one.known_as,
                similarity=one.similarity,
                containment=one.containment,
                coverage=one.coverage,
                story=one.copy.story,
                article=one.copy.id,
                url=one.copy.article.url,
                title=one.copy.article.title,
            )
            for one in found
        ]
    )


@router.get("/statistics", tags=["store"], summary="How much there is")
def statistics(service: AService, reader: AReader) -> shapes.Statistics:
    """Counted at most ten seconds ago."""
    counts = service.kept("counts", service.store.stories.counts, 10.0)
    unread = sum(unread for _, unread in service.store.shelf.feed_counts(reader.account.id).values())
    return shapes.Statistics(**counts, unread=unread)


@router.get("/redundancy", tags=["store"], summary="Who repeats whom")
def redundancy(service: AService, _reader: AReader) -> shapes.Redundancy:
    """Counted at most a minute ago."""
    names = {one.id: one.name for one in service.store.feeds.all()}
    feeds = service.kept("overlap", service.store.overlaps.of_feeds)
    pairs = service.kept("pairs", service.store.overlaps.of_sites)
    return shapes.Redundancy(
        feeds=[
            shapes.OverlapShape(
                feed=one.feed_id,
                name=names.get(one.feed_id, ""),
                stories=one.stories,
                shared=one.shared,
                late=one.late,
                median_lag_s=one.median_lag_s,
                first=list(one.first),
            )
            for one in feeds
        ],
        pairs=[
            shapes.PairShape(source=one.source, taker=one.taker, stories=one.stories, median_lag_s=one.median_lag_s)
            for one in pairs
        ],
    )
