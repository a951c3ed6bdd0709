"""Where one instance of a look-alike is made, and the ways in which its articles are labelled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bench.grouping.desk import Desk, Draft, Site
from bench.grouping.truth import Labelled
from pipeline.model import Article, Kind, Link

ORIGINAL = frozenset({Kind.ORIGINAL})
MANY = frozenset({Kind.DIGEST, Kind.ORIGINAL})  # whether a page of parts is called a digest depends on the parts
NOT_JUDGED: frozenset[Kind] = frozenset()  # a wall is no article, so it has no kind


@dataclass(frozen=True, slots=True)
class Scene:
    """Where one instance of a trap is made: the desk of its language, all desks, and its names."""

    desk: Desk
    desks: Mapping[str, Desk]
    trap: str
    name: str

    def alone(self, article: Article, story: str, kinds: frozenset[Kind] = ORIGINAL) -> Labelled:
        """An article that is a story of its own."""
        language = article.language or "en"
        return Labelled(article, f"{self.name}/{story}", kinds, trap=self.trap, instance=self.name, language=language)

    def page(
        self,
        title: str,
        body: Sequence[str],
        where: Site | None = None,
        at: datetime | None = None,
        links: Sequence[Link] = (),
        byline: Sequence[str] = (),
    ) -> Article:
        """A page with this text."""
        place = where or self.desk.rng.choice(self.desk.sites)
        moment = at or self.desk.moment()
        return self.desk.article(Draft(title, tuple(body), links=tuple(links)), place, moment, byline=byline)

    def each(self, pages: Sequence[Article], kinds: frozenset[Kind] = ORIGINAL) -> list[Labelled]:
        """Pages that are all stories of their own."""
        return [self.alone(page, str(number), kinds) for number, page in enumerate(pages)]
