"""What a page says: its text, what it declares about itself, and the article that both make with the feed's word."""

from pipeline.extraction.article import better_text, is_home, make_article, plausible
from pipeline.extraction.from_feed import from_entry
from pipeline.extraction.learned import learn
from pipeline.extraction.page import WALL, extract
from pipeline.extraction.parts import joined

__all__ = ["WALL", "better_text", "extract", "from_entry", "is_home", "joined", "learn", "make_article", "plausible"]
