"""What was learned of sites, and the stored pages that it is learned from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import bindparam, func, select

from pipeline.model import Learned, Repeated
from pipeline.store.engine import Database
from pipeline.store.rows import AnyRow
from pipeline.store.schema import article, learned

PAGES: Final = 50  # the newest of a site
CHARACTERS: Final = 30_000  # of each text: some 5,000 words, and so much at most of a text made to be long


@dataclass(frozen=True, slots=True)
class SitePages:
    """The newest pages of a site as (text, place), newest first, and what was learned before they came."""

    pages: tuple[tuple[str, str | None], ...]
    before: Learned | None
    newest: int  # article id


class LearnedSites:
    """One row a site. Raises StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database
        target = database.insert(learned)
        changed = ("version", "learned_at", "pages", "place", "furniture", "newest")
        self._upsert = target.on_conflict_do_update(
            index_elements=["site"], set_={name: target.excluded[name] for name in changed}
        )

    def of(self, site: str) -> Learned | None:
        """What is known of a site; None when nothing was learned yet."""
        with self._database.read() as connection:
            row = connection.execute(_OF, {"site": site}).one_or_none()
        return None if row is None else _learned(row)

    def all(self) -> list[Learned]:
        """What is known of every site, by name."""
        with self._database.read() as connection:
            return [_learned(row) for row in connection.execute(select(learned).order_by(learned.c.site))]

    def pages(self, site: str, *, at_least: int) -> SitePages | None:
        """What there is to learn from; None while fewer than ``at_least`` articles are new since the last time."""
        with self._database.read() as connection:
            known = connection.execute(_OF, {"site": site}).one_or_none()
            since = 0 if known is None else known.newest
            fresh, newest = connection.execute(_FRESH, {"site": site, "since": since}).one()
            if fresh < at_least:
                return None
            rows = connection.execute(_PAGES, {"site": site}).all()
        return SitePages(tuple((row.text, row.place) for row in rows), _learned(known) if known else None, newest)

    def keep(self, found: Learned, newest: int) -> None:
        """Replace what was known of a site; ``newest`` is the id of the last article that it was learned from."""
        values = {
            "site": found.site,
            "version": found.version,
            "learned_at": found.learned_at,
            "pages": found.pages,
            "place": found.place,
            "furniture": [(one.line, one.pages) for one in found.furniture],
            "newest": newest,
        }
        with self._database.write() as connection:
            connection.execute(self._upsert, values)


def _learned(row: AnyRow) -> Learned:
    furniture = tuple(Repeated(line, pages) for line, pages in row.furniture)
    return Learned(row.site, row.version, row.learned_at, row.pages, furniture, row.place)


_OF: Final = select(learned).where(learned.c.site == bindparam("site"))
_FRESH: Final = select(func.count(), func.max(article.c.id)).where(
    article.c.site == bindparam("site"), article.c.id > bindparam("since"), article.c.stub.is_(False)
)
_PAGES: Final = (
    select(func.substr(article.c.text, 1, CHARACTERS).label("text"), article.c.place)
    .where(article.c.site == bindparam("site"), article.c.stub.is_(False))
    .order_by(article.c.id.desc())
    .limit(PAGES)
)
