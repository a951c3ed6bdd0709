"""The figures, for people on a terminal and for machines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console, Group
from rich.table import Table

from bench.grouping.measures import Decisions, Grouping, Ratio
from bench.grouping.truth import Labelled

HEADLINE = ("P", "R", "Rx", "Rexc", "F1", "B3 P", "B3 R", "B3 F")


def headline(found: Grouping) -> dict[str, float]:
    """The measures that every method has, 0 to 1."""
    values = (
        found.precision.value,
        found.recall.value,
        found.across.value,
        found.excerpts.value,
        found.f1,
        found.b_precision,
        found.b_recall,
        found.b_f,
    )
    return dict(zip(HEADLINE, (round(value, 4) for value in values), strict=True))


def summary(found: Grouping, decided: Decisions) -> dict[str, float]:
    """All that floors are pinned for: shares to be high, and counts of merged look-alikes to be low."""
    out = headline(found)
    out["original right"] = round(decided.originals.value, 4)
    out["parent right"] = round(decided.parents.value, 4)
    out["kind right"] = round(decided.kinds.value, 4)
    for percent, ratio in found.spun.items():
        out[f"spun {percent} % found"] = round(ratio.value, 4)
        out[f"spun {percent} % marked"] = round(decided.spun_marked[percent].value, 4)
    out["spun precision"] = round(decided.spun_precision.value, 4)
    out["merged look-alikes"] = found.merged_traps.hits
    return out


def machine(
    found: Grouping, decided: Decisions, peers: Mapping[str, Grouping], about: Mapping[str, Any]
) -> dict[str, Any]:
    """Everything, as plain data for JSON."""
    return {
        "about": dict(about),
        "summary": summary(found, decided),
        "look-alikes": {trap: _pair(ratio) for trap, ratio in found.traps.items()},
        "languages": {
            language: {"P": round(p.value, 4), "R": round(r.value, 4)} for language, (p, r) in found.languages.items()
        },
        "changes": {change: _pair(ratio) for change, ratio in found.changes.items()},
        "parents": {change: _pair(ratio) for change, ratio in decided.parents_by_change.items()},
        "kinds": {f"{truth} -> {got}": count for (truth, got), count in sorted(decided.confusion.items())},
        "baselines": {
            name: headline(one) | {"merged look-alikes": one.merged_traps.hits} for name, one in peers.items()
        },
    }


def _pair(ratio: Ratio) -> list[int]:
    return [ratio.hits, ratio.of]


def table(
    found: Grouping, decided: Decisions, peers: Mapping[str, Grouping], about: Mapping[str, Any], console: Console
) -> None:
    """Print all of it."""
    line = ", ".join(f"{key} {value}" for key, value in about.items())
    console.print(f"[bold]grouping[/bold]: {line}")
    console.print(_methods(found, peers))
    console.print(_decisions(found, decided))
    console.print(_traps(found, peers))
    console.print(Group(_languages(found), _changes(found, decided), _confusion(decided)))


def _methods(found: Grouping, peers: Mapping[str, Grouping]) -> Table:
    out = Table("method", *HEADLINE, "false pairs", "look-alikes merged", title="stories")
    for name, one in [("onecopy", found), *peers.items()]:
        merged = one.merged_traps
        out.add_row(
            name,
            *(f"{value:.3f}" for value in headline(one).values()),
            str(len(one.false_pairs)),
            f"{merged.hits} of {merged.of}",
        )
    return out


def _decisions(found: Grouping, decided: Decisions) -> Table:
    out = Table("decision", "right", "of", "share", title="within stories")
    rows = {"original": decided.originals, "copied from": decided.parents, "kind": decided.kinds}
    for percent, ratio in found.spun.items():
        rows[f"spun {percent} %: found"] = ratio
        rows[f"spun {percent} %: marked"] = decided.spun_marked[percent]
    rows["marked spun, and is"] = decided.spun_precision
    for name, ratio in rows.items():
        out.add_row(name, str(ratio.hits), str(ratio.of), f"{ratio.value:.3f}" if ratio.of else "-")
    return out


def _traps(found: Grouping, peers: Mapping[str, Grouping]) -> Table:
    out = Table("look-alike", "instances", "merged by onecopy", *peers, title="look-alikes that were merged")
    for trap, ratio in sorted(found.traps.items()):
        mine = f"[red]{ratio.hits}[/red]" if ratio.hits else "0"
        out.add_row(trap, str(ratio.of), mine, *(str(one.traps[trap].hits) for one in peers.values()))
    return out


def _languages(found: Grouping) -> Table:
    out = Table("language", "P", "R", "pairs", title="languages")
    for language, (p, r) in found.languages.items():
        out.add_row(language, f"{p.value:.3f}", f"{r.value:.3f}", str(r.of))
    return out


def _changes(found: Grouping, decided: Decisions) -> Table:
    out = Table("change", "copies", "in their story", "copied from right", title="what was done to copies")
    for change, ratio in sorted(found.changes.items()):
        parent = decided.parents_by_change.get(change)
        right = f"{parent.value:.3f}" if parent and parent.of else "-"
        out.add_row(change, str(ratio.of), f"{ratio.value:.3f}", right)
    return out


def _confusion(decided: Decisions) -> Table:
    truths = sorted({truth for truth, _ in decided.confusion})
    answers = sorted({got for _, got in decided.confusion})
    out = Table("truth \\ decided", *answers, title="kinds")
    for truth in truths:
        out.add_row(truth, *(str(decided.confusion.get((truth, got), 0) or ".") for got in answers))
    return out


def failures(world: Sequence[Labelled], found: Grouping, decided: Decisions, console: Console, limit: int) -> None:
    """A few examples of everything that went wrong, texts shortened."""
    by_url = {one.url: one for one in world}
    console.rule("merged though different")
    seen: dict[str, int] = {}
    for pair in found.false_pairs:
        key = by_url[pair[0]].trap or by_url[pair[1]].trap or "story"
        seen[key] = seen.get(key, 0) + 1
        if seen[key] <= limit:
            _show(console, key, [by_url[url] for url in pair])
    console.rule("copies not in their story")
    for url in found.missed[: limit * 3]:
        _show(console, "missed", [by_url[url]])
    console.rule("wrong original")
    for got, truth in decided.wrong_originals[: limit * 3]:
        _show(console, "decided, truth", [by_url[got], by_url[truth]])
    console.rule("wrong source")
    for url, source in decided.wrong_parents[: limit * 3]:
        named = [by_url[source]] if source else []
        truths = [by_url[parent] for parent in sorted(by_url[url].parents)]
        _show(console, "copy, " + ("decided, truth" if named else "truth"), [by_url[url], *named, *truths])
    console.rule("wrong kind")
    for url, why in decided.wrong_kinds[: limit * 3]:
        _show(console, why, [by_url[url]])


def _show(console: Console, what: str, articles: Sequence[Labelled]) -> None:
    console.print(f"[bold]{what}[/bold]")
    for one in articles:
        article = one.article
        lines = [line if len(line) <= 78 else line[:75] + "..." for line in article.text.split("\n") if line]
        shown = lines if len(lines) <= 7 else [*lines[:3], f"[... {len(lines) - 6} more lines]", *lines[-3:]]
        when = f"{article.published_at:%Y-%m-%d %H:%M}" if article.published_at else "no date"
        console.print(f"  {article.url}  {when}  {', '.join(one.changes)}", markup=False, highlight=False)
        for text in shown:
            console.print(f"    | {text}", markup=False, highlight=False)
