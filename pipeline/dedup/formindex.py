"""The table of forms, compiled, and found by how a line begins: few of them are tried on ordinary prose."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product

from pipeline.dedup.fold import fold
from pipeline.dedup.formsyntax import OPENING, analyse
from pipeline.dedup.formtable import FORMS

LONGEST_SHORT = 160  # characters of a byline or an aggregator's stamp; twice the longest met

_AUTHOR = r"[^\W\d_][^|:;()<>@\d\"]{1,90}?"
_OUTLET = r"[^\W_][^|;()<>\"]{1,70}?"
# A quoted name may stand behind a word or two that say what it is.
_MARKED = r'(?P<{name}>(?:[^\W\d_]{{1,24}} ){{0,2}}" ?[^|;()<>"]{{2,70}}?(?: ?")?|{expression})'
_PLACEHOLDERS = {
    "{A}": f"(?P<author>{_AUTHOR})",
    "{O}": _MARKED.format(name="outlet", expression=_OUTLET),
    "{C}": _MARKED.format(name="capitalised", expression=_OUTLET),
    "{M}": r'"?(?P<media>[^\W_][^,|;()<>"]{1,60}?)"?',
    "{O2}": _OUTLET,
    "{U}": r"(?P<url>https?://\S{3,300}?)",
    "{N}": r"(?:\d{1,4}|an?|one|einer?|einem|une?|un[oa]?|un'|en|ett|één|een|um|uma|एक)",
    "{D}": r"(?P<date>[^|;()]{0,20}\d[^|;()]{0,30}?)",
    "{Y}": r"(?:19|20)\d\d(?:-(?:19|20)?\d\d)?",
}
# Sentences that may follow a credit in the same line: a licence, an address, an invitation to read on.
_REST = (
    r"(?:(?:(?<!\bst)(?<!\b\w)\.|[!;:)]) .{0,280}+|[。,!;](?=[\u3041-\u9fff]).{0,280}+|。.{0,280}+| ?[(|].{0,280}+"
    r"|(?-i:, (?=[a-zß-öø-ÿа-яёіїєґα-ωά-ώ])).{0,280}+"
    r"|,? (?:and (?:is|was|has|have|are|appears|can|may|re|cross|used|posted|shared)"
    r"|under|with|unter|sous|bajo|sob|sotto|in (?:partnership|collaboration) with|peut être|kann|puede|può|pode"
    r"|onder|på licens|na licencji|под|lisansı"
    r"|und (?:wird|wurde|ist|erscheint)|mit (?:freundlicher |ausdrücklicher )?(?:genehmigung|erlaubnis)"
    r"|et (?:est|a été|reproduite?|republiée?|reprise?)|avec l'|y (?:se|es|fue|ha sido|reproducid|republicad)[oa]?"
    r"|e (?:è|viene|riprodott|ripubblicat|é|foi|reproduzid|republicad)[oa]?|con (?:permiso|autorización|il permesso)"
    r"|com (?:a )?(?:permissão|autorização)|en (?:is|wordt|werd|hier)|met toestemming|i (?:jest|został|przedrukow)"
    r"|za zgodą|с (?:любезного )?разрешения|и (?:публикуется|перепечатан|воспроизводится)|ve (?:izinle|burada)"
    r")\b.{0,280}+)?"
)

_ANY_REST = r"(?:[ .,!;:)。(|].*+)?"  # all that _REST allows, and more
_RESTS = {"credit": _REST, "byline": r"(?: ?\([^()\d]{2,20})?"}


@dataclass(frozen=True, slots=True)
class Form:
    """One row of the table."""

    number: int
    language: str
    role: str
    row: str  # folded
    holds: tuple[str, ...]  # a line without any of these can't match; never empty, "" when nothing is known

    def fullmatch(self, line: str) -> re.Match[str] | None:
        """A whole line in this form, with what may follow it. Compiled when first needed: few forms ever are."""
        # What may follow a credit takes 6 ms to compile, ten times as long as most rows: only for lines that may do.
        if self.role == "credit" and _compile(self.row, _ANY_REST).fullmatch(line) is None:
            return None
        return _compile(self.row, _RESTS.get(self.role, "")).fullmatch(line)


class FormIndex:
    """The forms that can match a line, by how the line begins: few of them for ordinary prose."""

    def __init__(self, rows: Sequence[tuple[str, str, str]]) -> None:
        # By place, is it short, is it ASCII: then by opening. "" holds the forms that can begin with anything.
        self._by_opening: dict[tuple[frozenset[str], bool, bool], dict[str, list[Form]]] = {}
        for number, (language, role, row) in enumerate(rows):
            folded = fold(row)
            span = analyse(folded)
            form = Form(number, language, role, folded, tuple(sorted(span.holds)) or ("",))
            for roles in _PLACES:
                if role in roles:
                    self._enter(form, roles, span.begun)

    def _enter(self, form: Form, roles: frozenset[str], openings: Iterable[str]) -> None:
        foreign = not any(text.isascii() for text in form.holds)
        for short, ascii_only in product((True, False), repeat=2):
            by_opening = self._by_opening.setdefault((roles, short, ascii_only), {})
            if (short or form.role not in _SHORT) and not (ascii_only and foreign):
                for opening in openings:
                    by_opening.setdefault(opening, []).append(form)

    def candidates(self, plain: str, roles: frozenset[str]) -> list[Form]:
        """Of the forms in one of :data:`_PLACES`, those worth trying on a :func:`flat` line, in the table's order."""
        openings = self._by_opening[roles, len(plain) <= LONGEST_SHORT, plain.isascii()]
        found: list[Form] = []
        for end in range(OPENING + 1):
            for form in openings.get(plain[:end], ()):
                for text in form.holds:  # any() over a generator takes three times as long
                    if text in plain:
                        found.append(form)
                        break
        if len(found) > 1:
            return sorted({form.number: form for form in found}.values(), key=lambda form: form.number)
        return found


# Which roles a line can have, by where it stands.
ANYWHERE = frozenset({"furniture", "more"})
EVERYWHERE = ANYWHERE | {"credit", "stamp", "agency", "rights", "own"}
HEAD = EVERYWHERE | {"byline"}
CREDIT = frozenset({"credit"})
_SHORT = frozenset({"byline", "stamp"})
_PLACES = (ANYWHERE, EVERYWHERE, HEAD, CREDIT)


@cache
def _compile(row: str, rest: str = "") -> re.Pattern[str]:
    pattern = row
    for name, expression in _PLACEHOLDERS.items():
        # A placeholder that stands twice in a form is captured where it stands first.
        pattern = pattern.replace(name, expression, 1).replace(name, re.sub(r"\?P<\w+>", "?:", expression))
    return re.compile(f"(?:{pattern}){rest}", re.IGNORECASE)


@cache
def index() -> FormIndex:
    """The table of forms, read at its first use."""
    return FormIndex(FORMS)
