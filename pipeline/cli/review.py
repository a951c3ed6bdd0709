"""``onecopy review``: questions about pairs that were decided narrowly, answered at the terminal or through a pipe."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.moments import local
from pipeline.cli.options import ConfigOption, JsonOption, opened
from pipeline.cli.output import Out, plain, stdout
from pipeline.cli.why import figures, passages
from pipeline.errors import UsageError

if TYPE_CHECKING:
    from pipeline.app import Pipeline
    from pipeline.config import DedupSettings
    from pipeline.model import CopyRow
    from pipeline.review import Question

YES = frozenset(("y", "yes"))
NO = frozenset(("n", "no"))
SKIP = frozenset(("s", "skip", ""))
QUIT = frozenset(("q", "quit"))

LimitOption = Annotated[int, typer.Option(min=1, metavar="N", help="At most N pairs.")]
AnswerOption = Annotated[
    tuple[str, str] | None,
    typer.Option("--answer", metavar="PAIR yes|no", help="Answer one question.", show_default=False),
]
LabelsOption = Annotated[bool, typer.Option("--labels", help="Print the answers as JSON lines instead.")]


def review(
    context: typer.Context,
    limit: LimitOption = 20,
    answer: AnswerOption = None,
    labels: LabelsOption = False,
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Decide on pairs that the rules decided narrowly.

    Asks at the terminal: one piece or not? The answers last, as those of `merge` and `never-merge`; `words` takes them
    back. In a pipe it only lists the pairs.
    """
    with opened(context, config, asking=True) as pipeline:
        if labels:
            _labels(stdout(), pipeline)
        elif answer is not None:
            pair, word = answer
            if word not in YES | NO:
                raise UsageError(f"--answer {pair} {word}: the answer is yes or no")
            said = pipeline.review.answer(pair, word in YES)
            stdout().print(plain(f"Word {said.word.id}: {said.word.verb} {' '.join(said.word.urls)}"))
        else:
            _ask(stdout(), pipeline, limit, json)


def _labels(out: Out, pipeline: Pipeline) -> None:
    from pipeline.exchange import label_record

    for label in pipeline.review.labels():
        out.json(label_record(label))


def _ask(out: Out, pipeline: Pipeline, limit: int, as_json: bool) -> None:
    settings = pipeline.config.dedup
    asking = not as_json and out.terminal and sys.stdin is not None and sys.stdin.isatty()
    questions = pipeline.review.queue(limit)
    if not questions and not as_json:
        out.print("No pair is near a threshold, or all of them were answered.")
    for question in questions:
        if as_json:
            from pipeline.exchange import question_record

            out.json(question_record(question, settings))
            continue
        show(out, question, settings)
        if asking:
            word = _answer()
            if word in QUIT:
                return
            if word not in SKIP:
                pipeline.review.answer(question.pair, word in YES)


def _answer() -> str:
    while True:
        word = input("One piece? [y]es, [n]o, [s]kip, [q]uit: ").strip().lower()
        if word in YES | NO | SKIP | QUIT:
            return word


def show(out: Out, question: Question, settings: DedupSettings) -> None:
    """Two articles, what the rules say about them, what they share and what only one of them has."""
    match = question.compared.match
    assert match is not None  # the queue is made of matches
    out.item(question.pair, plain(figures(match, question.a.article.canonical_url, settings)))
    out.item("", _named("a", question.a))
    out.item("", _named("b", question.b))
    for text in passages(question.compared.passages, turned=False):
        out.item("", plain(f"both: {text}"))
    for name, apart in (("a", question.compared.only_a), ("b", question.compared.only_b)):
        for one in apart:
            out.item("", plain(f"only {name}: {one.words:,} words: “{one.quote}”"))
    out.print()


def _named(name: str, copy: CopyRow) -> str:
    article = copy.article
    at = local(article.published_at) if article.published_at else "no date"
    return plain(f"{name}: story {copy.story}, {at}, {article.title or '(no title)'} {article.url}")
