"""Articles on several pages: which address is the next part, and what the parts are together."""

from __future__ import annotations

import pytest

from pipeline.extraction import extract, joined
from pipeline.extraction.parts import next_part

URL = "https://site.example/news/a-story-about-water"


@pytest.mark.parametrize(
    ("url", "declared"),
    [
        (URL, f"{URL}/2"),
        (URL, f"{URL}/2/"),
        (f"{URL}/", f"{URL}/page/2/"),
        (URL, f"{URL}?page=2"),
        (f"{URL}?utm_source=rss", f"{URL}?seite=2"),
        (f"{URL}?id=7", f"{URL}?id=7&page=2"),
        (f"{URL}/2", f"{URL}/3"),
        ("https://site.example/story", "https://site.example/story/2"),
        (f"{URL}?page=9", f"{URL}?page=10"),
        (f"{URL}.html", f"{URL}-2.html"),
        (f"{URL}-2.html", f"{URL}-3.html"),
        (URL.replace("https://", "http://www."), f"{URL}/2"),
    ],
)
def test_next_parts(url: str, declared: str) -> None:
    assert next_part(url, ["https://site.example/other", declared]) == declared


@pytest.mark.parametrize(
    "declared",
    [
        "https://site.example/news/another-story",
        "https://other.example/news/a-story-about-water/2",
        URL,
        f"{URL}/3",
        f"{URL}/1",
        f"{URL}-2",
        f"{URL}?page=3",
        "https://site.example/news?page=2",
        f"{URL}/2024",
        f"{URL}?page=two",
    ],
)
def test_what_is_no_next_part(declared: str) -> None:
    assert next_part(URL, [declared]) is None


def part(number: int, link: str, title: str = "Basin to be drained") -> str:
    text = "".join(
        f"<p>Paragraph {number}.{n} tells how the basin was drained in that year, and by whom.</p>" for n in "abcde"
    )
    intro = "<p>The basin of 1911 is to be drained before winter comes, says the council of the town.</p>"
    return f"<html><head><title>{title}</title></head><body><article>{intro}{text}</article>{link}</body></html>"


def test_parts_are_one_text_without_what_they_repeat() -> None:
    first = extract(part(1, "<link rel='next' href='/news/a-story-about-water/2'>"), URL)
    second = extract(part(2, f'<a rel="nofollow next" href="{URL}/3">on</a>', "Basin to be drained (2)"), f"{URL}/2")
    third = extract(part(3, ""), f"{URL}/3")
    assert (first.more, second.more, third.more) == (f"{URL}/2", f"{URL}/3", None)
    whole = joined(first, [second, third])
    assert whole.text.count("The basin of 1911") == 1
    assert [f"Paragraph {n}.e" in whole.text for n in (1, 2, 3)] == [True] * 3
    assert (whole.more, joined(first, [second]).more) == (None, f"{URL}/3")


def test_another_piece_is_no_part() -> None:
    first = extract(part(1, ""), URL)
    other = extract(part(2, "", "The ferry runs again"), f"{URL}/2")
    assert joined(first, [other]) == first
