"""What class and id names say of an element: furniture, or the body of an article.

Sites all over the world name these things in English, so a list of words does for pages in any language. A name is
only a hint: :mod:`pipeline.extraction.choice` disregards it where it would cost a large part of the page's text.
"""

from __future__ import annotations

import re
from functools import lru_cache

FURNITURE, CERTAIN, BODY, HIDDEN = 1, 2, 3, 4

_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")  # "relatedPosts", "related-posts" and "related_posts" alike

# fmt: off
_CERTAIN = ("comment", "consent", "cookie", "copyright", "disqus", "footer", "gdpr", "livefyre")
_STARTS = (
    "addtoany", "advert", "author", "banner", "breadcrumb", "byline", "caption", "carousel", "credit", "disclaimer",
    "donat", "feedback", "feedflare", "followus", "hidden", "login", "menubar", "modal", "mostpop", "mostread",
    "navbar", "navigation", "newsletter", "noprint", "outbrain", "pager", "pagina", "paywall", "popular", "popup",
    "promo", "readmore", "recirc", "recommend", "related", "respond", "screenreader", "seealso", "share", "sharing",
    "sidebar", "signup", "slider", "social", "sponsor", "subscri", "survey", "syndicat", "taboola", "teaser",
    "timestamp", "toolbar", "tooltip", "trending", "visuallyhidden", "zergnet",
)
_WORDS = frozenset({
    "ad", "ads", "adv", "bio", "cta", "dfp", "embed", "embeds", "hide", "info", "infos", "menu", "message",
    "messages", "meta", "nav", "overlay", "poll", "rating", "ratings", "reply", "skip", "tag", "tags", "tools",
    "upsell", "widget", "widgets",
})
_PAIRS = frozenset(
    tuple(pair.split())
    for pair in (
        "also like", "also read", "bread crumb", "follow on", "follow us", "left rail", "more from", "more news",
        "more on", "more stories", "most popular", "most read", "next article", "next post", "no print",
        "prev article", "previous article", "print hide", "print only", "read also", "read more", "read next",
        "right rail", "screen reader", "see also", "side bar", "side rail", "sign up", "sr only", "up next",
        "visually hidden", "wp caption", "you may",
    )
)
# What a wall lets through or keeps back, which is the article; the words before it ask to subscribe.
_BEHIND_A_WALL = frozenset({"only", "content", "preview"})
_BODIES = frozenset({
    "articlebody", "articlecontent", "articletext", "bodytext", "entrycontent", "entrytext", "postcontent", "postbody",
    "posttext", "storybody", "storycontent", "storytext",
})
_BODY_PAIRS = frozenset(
    [(piece, part) for piece in ("article", "entry", "post", "story") for part in ("body", "content", "text")]
    + [("name", "body"), ("body", "text")]
)
# fmt: on
_WIDGETS = (  # never text, in feeds neither
    "wp-caption-text",
    "image-caption",
    "subscription-widget",
    "subscribe-widget",
    "sharedaddy",
    "share-buttons",
    "addtoany",
    "feedflare",
    "jp-relatedposts",
    "newsletter-signup",
)  # fmt: skip
# What a page builder and a blog host call every frame, those of articles too (Elementor, Blogger).
_FRAMES = ("elementor-widget", "widget Blog")
_LONGEST = 500  # characters of a class attribute that are looked at


def kind(name: str) -> int:
    """What a class or id names: BODY, HIDDEN, FURNITURE around articles, a kind CERTAIN to be that, or neither (0)."""
    return _kind(name[:_LONGEST])


@lru_cache(maxsize=32_768)  # a site's names are the same on all its pages
def _kind(name: str) -> int:
    for frame in _FRAMES:
        name = name.replace(frame, "")
    kinds = {_of_token(token) for token in name.split()}
    if BODY in kinds:
        return BODY
    found = max(kinds, default=0)
    return HIDDEN if found == FURNITURE and any(widget in name for widget in _WIDGETS) else found


@lru_cache(maxsize=32_768)
def _of_token(token: str) -> int:
    found = 0
    words = [word.lower() for word in _WORD.findall(token)]
    for before, word, after in zip(("", *words), words, (*words[1:], ""), strict=False):
        if word in _BODIES or (before, word) in _BODY_PAIRS:
            return BODY
        if word != "subscriber" or after not in _BEHIND_A_WALL:
            found = max(found, FURNITURE if (before, word) in _PAIRS else _of_word(word))
    return found


@lru_cache(maxsize=32_768)
def _of_word(word: str) -> int:
    if word.startswith(_CERTAIN):
        return 0 if word.startswith("commentar") else CERTAIN
    return FURNITURE if word in _WORDS or word.startswith(_STARTS) else 0
