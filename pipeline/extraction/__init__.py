"""What a page says: its text, what it declares about itself, and the article that both make with the feed's word."""

from pipeline.extraction.article import better_text, make_article, plausible
from pipeline.extraction.from_feed import from_entry
from pipeline.extraction.learned import learn
from pipeline.extraction.page import extract
from pipeline.extraction.parts import joined

__all__ = ["better_text", "extract", "from_entry", "joined", "learn", "make_article", "plausible"]
