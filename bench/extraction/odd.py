"""Twelve further layouts, of pages on which extractors go wrong: byline and day are only shown, not declared."""

from __future__ import annotations

import html
import json

from bench.extraction.scene import Scene, cards, document, menu, p

Shown = tuple[str, tuple[str, ...]]


def _head(scene: Scene) -> str:
    """Headline, a link to the author's page, the day."""
    return (
        f"<h1>{html.escape(scene.piece.title)}</h1>"
        f'<div class="x2"><a href="/author/17">{html.escape(scene.piece.author)}</a> '
        f"<span>{scene.date:%d.%m.%Y}</span></div>"
    )


def _line(scene: Scene) -> str:
    return html.escape(scene.more(1)[0])


def _link(scene: Scene, number: int = 0) -> str:
    return f'<a href="/s/{number}">{html.escape(scene.headline())}</a>'


def _amp(scene: Scene) -> Shown:
    text = scene.piece.paragraphs
    body = (
        f"<amp-sidebar><ul><li>{_link(scene)}</li></ul></amp-sidebar><article>{_head(scene)}"
        f'<amp-img src="a.jpg"><noscript><img src="a.jpg"></noscript></amp-img>'
        f'<div class="amp-text">{p(text[:2])}<amp-ad></amp-ad>{p(text[2:])}</div></article>'
        f'<amp-consent id="c"><div><p>{_line(scene)}</p></div></amp-consent>'
    )
    return document(scene, "", body), text


def _application(scene: Scene) -> Shown:
    """What a framework renders: names made by machines, elements of its own, the text once more in a script."""
    text = scene.piece.paragraphs
    data = json.dumps({"props": {"body": list(text)}})
    shown = "".join(f'<x-block class="sc-{n}k"><div><span>{html.escape(one)}</span></div></x-block>' for n, one in
                    enumerate(text))  # fmt: skip
    body = (
        f'<div id="__next"><div class="sc-1ab">{_head(scene)}<div class="sc-9x">{shown}</div></div><x-list>'
        + "".join(f"<x-card>{_link(scene, n)}</x-card>" for n in range(8))
        + f'</x-list></div><script type="application/json">{data}</script>'
    )
    return document(scene, "", body), text


def _divisions(scene: Scene) -> Shown:
    """Paragraphs that are divs, beside teasers that are too."""
    text = scene.piece.paragraphs
    lines = "".join(f"<div>{html.escape(one)}</div>" for one in text)
    teasers = "".join(f"<div>{_link(scene, n)}<div>{_line(scene)}</div></div>" for n in range(5))
    body = f'<div class="q1">{_head(scene)}<div class="q2">{lines}</div></div><div class="q3">{teasers}</div>'
    return document(scene, "", body), text


def _lines(scene: Scene) -> Shown:
    """One cell of text between line breaks, as on old sites; more headlines than text below."""
    text = scene.piece.paragraphs
    lines = "<br><br>\n".join(map(html.escape, text))
    others = "<br>".join(_link(scene, n) for n in range(12))
    body = f'<center>{_head(scene)}</center><p align="justify"><font face="Arial">{lines}</font></p><hr>{others}'
    return document(scene, "", body), text


def _live(scene: Scene) -> Shown:
    """Entries with a headline each."""
    shown: list[str] = []
    entries = ""
    for one in scene.piece.paragraphs:
        headline = scene.headline()
        shown += [headline, one]
        entries += f'<div class="entry"><h3>{html.escape(headline)}</h3><p>{html.escape(one)}</p></div>'
    return document(scene, "", f'{menu(scene)}{_head(scene)}<div class="live">{entries}</div>'), tuple(shown)


def _interview(scene: Scene) -> Shown:
    """Questions, some of one word, and answers."""
    shown: list[str] = []
    lines = ""
    for number, one in enumerate(scene.piece.paragraphs):
        question = scene.headline()
        question = (question.split()[0] if number % 3 == 2 else question) + "?"
        shown += [question, one]
        lines += f"<p><strong>{html.escape(question)}</strong></p><p>{html.escape(one)}</p>"
    return document(scene, "", f"{menu(scene)}<article>{_head(scene)}{lines}</article>"), tuple(shown)


def _captions(scene: Scene) -> Shown:
    """A picture with a line under it after every paragraph, in elements without a name."""
    text = scene.piece.paragraphs
    lines = "".join(
        f'<p>{html.escape(one)}</p><div><img src="{n}.jpg"><span>{html.escape(scene.headline())}</span></div>'
        for n, one in enumerate(text)
    )
    return document(scene, "", f"{menu(scene)}<article>{_head(scene)}{lines}</article>"), text


def _consent(scene: Scene) -> Shown:
    """A layer above the article that asks for consent at length."""
    text = scene.piece.paragraphs
    layer = f'<div class="l1"><div>{p(scene.more(3))}<button>{html.escape(scene.headline())}</button></div></div>'
    return document(scene, "", f'{layer}{menu(scene)}{_head(scene)}<div class="b">{p(text)}</div>'), text


def _boxes(scene: Scene) -> Shown:
    """Boxes of links, and a teaser, within the text."""
    text = scene.piece.paragraphs
    links = "".join(f"<li>{_link(scene, n)}</li>" for n in range(3))
    box = f'<div class="k3"><b>{html.escape(scene.headline()[:20])}</b><ul>{links}</ul></div>'
    teaser = f'<div class="k7"><h4>{_link(scene)}</h4><p>{_line(scene)}</p></div>'
    between = f"<p><strong>{_link(scene)}</strong></p>"
    body = f"{_head(scene)}{p(text[:1])}{box}{p(text[1:3])}{teaser}{p(text[3:4])}{between}{p(text[4:])}{box}"
    return document(scene, "", f"{menu(scene)}<article>{body}</article>"), text


def _brief(scene: Scene) -> Shown:
    """One paragraph, and more text in the teasers beside it."""
    text = scene.piece.paragraphs[:1]
    teasers = "".join(f"<div>{_link(scene, n)}<p>{_line(scene)}</p></div>" for n in range(4))
    return document(scene, "", f'<div class="n">{_head(scene)}{p(text)}</div><div class="r">{teasers}</div>'), text


def _several(scene: Scene) -> Shown:
    """Articles before and after that the page only announces."""
    text = scene.piece.paragraphs

    def announced(count: int) -> str:
        return "".join(f"<article><h2>{_link(scene, n)}</h2><p>{_line(scene)}</p></article>" for n in range(count))

    return document(scene, "", f"{announced(3)}<article>{_head(scene)}{p(text)}</article>{announced(4)}"), text


def _list(scene: Scene) -> Shown:
    """The text is a list with numbers."""
    text = scene.piece.paragraphs
    items = "".join(f"<li>{html.escape(one)}</li>" for one in text[1:])
    body = f"<article>{_head(scene)}{p(text[:1])}<ol>{items}</ol></article><ul>{cards(scene, 5)}</ul>"
    return document(scene, "", menu(scene) + body), text


# fmt: off
LAYOUTS = (
    _amp, _application, _divisions, _lines, _live, _interview, _captions, _consent, _boxes, _brief, _several, _list,
)
# fmt: on
