"""HTML element names by how they behave in text (HTML standard, "Rendering" and "Void elements")."""

from __future__ import annotations

# fmt: off
INLINE = frozenset({
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "img",
    "ins", "kbd", "label", "mark", "q", "rb", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub", "sup",
    "time", "tt", "u", "var", "wbr",
})
VOID = frozenset({
    "area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "img", "input", "keygen", "link",
    "meta", "param", "source", "track", "wbr",
})
NOT_TEXT = frozenset({
    "aside", "audio", "button", "canvas", "dialog", "embed", "figcaption", "head", "iframe", "input", "math", "nav",
    "noscript", "object", "rp", "rt", "script", "select", "style", "svg", "template", "textarea", "title", "video",
})
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
TABLE = frozenset({"table", "tbody", "thead", "tfoot", "tr", "td", "th"})
# fmt: on
