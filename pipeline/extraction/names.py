"""Bylines to lists of person names: "By Ann Lee and Bo Wu, staff writers" -> ("Ann Lee", "Bo Wu").

Credits of agencies ("Associated Press") stay: they are who wrote it. Roles, affiliations, e-mail addresses, handles,
dates and the site's own name go.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import takewhile

from pipeline.extraction.text import clean, is_among, letters, unescape

MAX_NAMES = 20
_MAX_LENGTH = 60
_MAX_WORDS = 6
_MAX_LINE = 100  # characters: a visible byline; longer lines that begin with "By" are sentences

_BY = re.compile(
    r"^\W*(?:(?:article|story|words|text|report|written|authored|posted|submitted|published|reported|analysis|opinion)\s+)?"
    r"by[\s:]+",
    re.IGNORECASE,
)
_AUTHOR_WORD = re.compile(
    r"^\W*(?:authors?|autore?s?|autor(?:in|es)?|auteurs?|автор[ыи]?|текст|作者|记者|本报记者|撰文|文|著者|बقلم|بقلم|كتبت?|لेखक|लेखक|द्वारा|"
    r"الكاتب|기자|نویسنده|تحریر|yazan|penulis|ผู้เขียน|tác giả|mwandishi|συντάκτης|szerző)"
    r"\s*(?:[:：/|,،]\s*|\s+)",
    re.IGNORECASE,
)
# One-word prepositions are also parts of names ("Di Maio", "Von Miller"): only in their language, before a capital.
_BY_IN = {
    "de": r"von",
    "fr": r"par",
    "es": r"por",
    "pt": r"por",
    "it": r"(?:di|a cura di)",
    "nl": r"door",
    "sv": r"av",
    "no": r"av",
    "nb": r"av",
    "da": r"af",
    "pl": r"(?:przez|oprac\.)",
    "id": r"oleh",
    "ms": r"oleh",
    "ro": r"de",
    "sw": r"na",
}
_AND_IN = {
    "de": "und",
    "fr": "et",
    "es": "y|e",
    "pt": "e",
    "it": "e",
    "nl": "en",
    "sv": "och",
    "no": "og",
    "nb": "og",
    "da": "og",
    "pl": "i",
    "ru": "и",
    "uk": "і|та",
    "ar": "و",
    "hi": "और|व",
    "tr": "ve",
}
_SEPARATOR = re.compile(r"\s*[,;|•·/&\n、，；]\s*|\s+[-–—]\s+|\s+(?:and|with)\s+", re.IGNORECASE)
_ROLE = re.compile(
    r"\b(?:writers?|correspondents?|reporters?|editors?|journalists?|columnists?|contributors?|contributing|producers?|"
    r"anchor|photo(?:graph(?:er)?)?s?|staff|bureau|fellow|intern|admin|administrator|guest|professor|lecturer|university|"
    r"college|institute|school|department|ph\.?d|m\.?d|redakteur(?:in)?|reporterin|korrespondent(?:in)?|redaktion|"
    r"journaliste|correspondant|rédaction|rédacteur|periodista|redacción|corresponsal|giornalista|redazione|"
    r"корреспондент|редактор|редакция|обозреватель)\b|编辑|通讯员|特派|संवाददाता|مراسل|محرر",
    re.IGNORECASE,
)
# What buttons beside a byline begin with; sites that leave theirs in English are many.
_BUTTON = re.compile(r"(?:more|view|follow|close|contact|read|see|share|show|subscribe|e-?mail)\s", re.IGNORECASE)
_COMPANY = re.compile(r"\b(?:gmbh|ag|inc|ltd|llc|s\.?a\.?|s\.?p\.?a|b\.?v|oy|ab|a/s)\.?$", re.IGNORECASE)
_NOT_A_NAME = re.compile(r"@|https?:|www\.|\d|\.(?:com|org|net)\b", re.IGNORECASE)
_DEGREE = re.compile(r"(?:ba|bsc|ma|ms|msc|mba|md|do|jd|rn|rd|rdn|mph|cpa|dds|llm|esq|by)", re.IGNORECASE)
# What forms and templates hold where a name should be.
_PLACEHOLDER = re.compile(
    r"name|authors?|autor|user|username|unknown|anonymous|none|null|undefined|n/?a|archives?", re.IGNORECASE
)
_SUFFIX = re.compile(r"(?:jr|sr|ii|iii|iv)\.?", re.IGNORECASE)
_TRAILING = re.compile(r"\s+(?:for|in|at|on|of the|updated|published|posted|\()\s*.*$")
_HAN_NAMES = re.compile(r"[\u4e00-\u9fff·]{2,4}(?:\s+[\u4e00-\u9fff·]{2,4})+")
_HAN_LABEL = re.compile(r"(?:作者|记者|撰文)\s*[:：]\s*([\u4e00-\u9fff·]{2,4})(?![\u4e00-\u9fff])")
_ROLE_BESIDE = re.compile(
    r"^(?:本报|新华社)?记者\s*|^【?[\u4e00-\u9fff]{0,8}专栏作者\s*|\s*(?:记者|报道)$|\s+(?:선임|수습)?(?:기자|특파원)$"
)
_AGENCY = re.compile(
    r"\b(?:associated press|reuters|agence france[- ]presse|bloomberg|united press international|"
    r"(?:deutsche )?presse-agentur|xinhua|press trust of india|tass|ansa|efe|kyodo|yonhap|anadolu)\b|"
    r"新华社|法新社|路透社",
    re.IGNORECASE,
)

_BEHIND_BAR = re.compile(r"[|｜]\s*[^\W\d][^|\d]+$")
_BEFORE_AGENCY = re.compile(
    rf"(?<!\bthe)(?<!\bagenzia)(?<!\bagencia)(?<!\bagency)(?<!\bагентство)\s+(?={_AGENCY.pattern})", re.IGNORECASE
)


def split(values: Iterable[str], site_names: Iterable[str | None] = (), language: str | None = None) -> tuple[str, ...]:
    """The person names (and agencies) in bylines as met, in order, each once, at most 20.

    ``site_names`` are names of the publication: they are left out unless nobody else is named. Single words behind a
    publisher say where it sits ("SPIEGEL ONLINE, Hamburg, Germany").
    """
    own = {letters(name) for name in site_names if name}
    names: dict[str, str] = {}
    sites: dict[str, str] = {}
    for value in values:
        if value.lstrip().lower().startswith(("http:", "https:", "//")):  # a profile's address, as Facebook asked for
            continue
        found = _names(unescape(value[:1_000]), language)
        if found and (is_among(found[0], own) or _COMPANY.search(found[0])):
            found[1:] = [name for name in found[1:] if " " in name]
        for name in found:
            (sites if is_among(name, own) else names).setdefault(letters(name), name)
    return tuple((names or sites).values())[:MAX_NAMES]


def visible(line: str, site_names: Iterable[str | None] = (), language: str | None = None) -> tuple[str, ...]:
    """The names in a line of text that says it is a byline ("By Ann Lee | May 5", "作者：张伟 阅读 4100"); else ()."""
    han = _HAN_LABEL.search(line)
    if han:
        return (han[1],)
    if len(line) > _MAX_LINE or _without_prefix(line, language) == line:
        return ()
    found = split([line], site_names, language)
    leading = list(takewhile(_is_capitalised, found))
    # What follows names may be a button's; what follows a single word, as in "By Monday, officials said", is more text.
    return _whole(found) if len(leading) == len(found) else tuple(name for name in leading if " " in name)


def likely(texts: Iterable[str], site_names: Iterable[str | None] = (), language: str | None = None) -> tuple[str, ...]:
    """As :func:`split`, of texts that only seem to name somebody: what begins or ends as no name does is left out.

    So is a single word beside names of several (a day of the week, a place, a label) and what a button says.
    """
    found = split(texts, site_names, language)
    return _whole([name for name in found if _is_capitalised(name) and not _BUTTON.match(name)])


def _whole(found: Sequence[str]) -> tuple[str, ...]:
    return tuple([name for name in found if " " in name] or found)


def names_outlet(byline: str) -> bool:
    """Whether a byline names a news agency, or something without digits behind a bar ("By Ann Lee | The Quay")."""
    return bool(_AGENCY.search(byline) or _BEHIND_BAR.search(byline))


def _is_capitalised(name: str) -> bool:
    """Whether first and last word begin as names do, in scripts that have capitals."""
    words = name.split()
    return not (words[0][0].islower() or words[-1][0].islower())


def _names(value: str, language: str | None) -> list[str]:
    text = _without_prefix("\n".join(clean(line) for line in value.splitlines()).strip(), language)
    if _HAN_NAMES.fullmatch(text):
        return text.split()
    text = _BEFORE_AGENCY.sub("\n", text)
    conjunction = _AND_IN.get(language or "")
    if conjunction:
        text = re.sub(rf"\s+(?:{conjunction})\s+", "\n", text)
    found: list[str] = []
    for part in _SEPARATOR.split(text):
        if found and _SUFFIX.fullmatch(part.strip()):
            found[-1] = f"{found[-1]} {part.strip()}"
        elif name := _name(_without_prefix(part, language)):
            found.append(name)
    return found


def _without_prefix(text: str, language: str | None) -> str:
    text = _AUTHOR_WORD.sub("", _BY.sub("", text))
    preposition = _BY_IN.get(language or "")
    if preposition:
        text = re.sub(rf"^\W*(?i:{preposition})\s+(?=[^\W\d_a-zà-ÿ])", "", text)
    return text


def _name(part: str) -> str | None:
    """One part of a byline if it can be a name, capitals folded; else None."""
    text = _ROLE_BESIDE.sub("", _TRAILING.sub("", part)).strip(" \t\n.:()[]【】\"'“”*_-–—")
    text += "." if re.search(r"\b(?:Jr|Sr)$", text) and "." in part else ""
    if not text or len(text) > _MAX_LENGTH or len(text.split()) > _MAX_WORDS:
        return None
    if _NOT_A_NAME.search(text) or _DEGREE.fullmatch(text) or _PLACEHOLDER.fullmatch(text):
        return None
    if not letters(text):
        return None
    # References give initials: "Kim, S. L."
    if text.isascii() and all(len(letters(word)) < 2 for word in text.split()):
        return None
    if _ROLE.search(text) and not _AGENCY.search(text):
        return None
    if text.isupper() and len(text) > 4 and text.isascii():
        text = text.title()
    return text
