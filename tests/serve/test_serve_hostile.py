"""What hostile feeds and pages put into fields stays text, in a real browser too; what other sites' pages try fails."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import time
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any
from urllib.parse import urlencode

import feedparser
import httpx
import pytest

from pipeline.config import ServeSettings
from pipeline.serve.identity import hash_password
from tests.serve.conftest import Served

CHROMIUM = shutil.which("chromium")
chromium_only = pytest.mark.skipif(
    CHROMIUM is None and not os.environ.get("CI"), reason="chromium is not installed (Debian: apt install chromium)"
)

# Each would call pwned() if it were markup, an attribute, a style, a script or an address to follow.
PAYLOADS = [
    "<script>pwned()</script>",
    "<ScRiPt>pwned()</sCrIpT>",
    "</title><script>pwned()</script>",
    "</textarea><script>pwned()</script>",
    "</style><script>pwned()</script>",
    "</script><script>pwned()</script>",
    "--><script>pwned()</script>",
    "]]><script>pwned()</script>",
    "<![CDATA[<script>pwned()</script>]]>",
    "<img src=x onerror=pwned()>",
    '"><img src=x onerror=pwned()>',
    "'><img src=x onerror=pwned()>",
    '" onmouseover="pwned()" autofocus onfocus="pwned()" x="',
    "' onfocus='pwned()' autofocus='",
    "<svg onload=pwned()>",
    "<svg/onload=pwned()>",
    "<svg><script>pwned()</script></svg>",
    "<svg><animate onbegin=pwned() attributeName=x dur=1s>",
    "</text></svg><script>pwned()</script>",
    '"/></svg><img src=x onerror=pwned()>',
    "<body onload=pwned()>",
    "<iframe src=javascript:parent.pwned()></iframe>",
    '<iframe srcdoc="<script>parent.pwned()</script>"></iframe>',
    "<object data=javascript:pwned()></object>",
    "<embed src=javascript:pwned()>",
    "<a href=javascript:pwned()>x</a>",
    "<a href='jAvAsCrIpT:pwned()'>x</a>",
    "<a href='java\tscript:pwned()'>x</a>",
    "<a href='&#106;avascript:pwned()'>x</a>",
    "<a href=data:text/html,<script>pwned()</script>>x</a>",
    "<a href=vbscript:pwned()>x</a>",
    "<form action=javascript:pwned()><input type=submit></form>",
    "<button formaction=javascript:pwned()>x</button>",
    "<input autofocus onfocus=pwned()>",
    "<select autofocus onfocus=pwned()>",
    "<textarea autofocus onfocus=pwned()>",
    "<details open ontoggle=pwned()>",
    "<video><source onerror=pwned()></video>",
    "<audio src=x onerror=pwned()>",
    "<marquee onstart=pwned()>",
    "<meta http-equiv=refresh content='0;url=javascript:pwned()'>",
    "<base href=javascript:pwned()//>",
    "<link rel=stylesheet href=javascript:pwned()>",
    "<style>@import 'javascript:pwned()';</style>",
    "<div style=background:url(javascript:pwned())>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=x onerror=pwned()&gt;'>",
    "<noscript><p title='</noscript><img src=x onerror=pwned()>'>",
    "<template><script>pwned()</script></template>",
    "<xmp><script>pwned()</script></xmp>",
    "<isindex action=javascript:pwned() type=submit>",
    "&lt;script&gt;pwned()&lt;/script&gt;",
    "&#60;script&#62;pwned()&#60;/script&#62;",
    "%3Cscript%3Epwned()%3C/script%3E",
    "\\u003cscript\\u003epwned()\\u003c/script\\u003e",
    "{{constructor.constructor('pwned()')()}}",
    "{% raw %}{{ pwned() }}",
    "${pwned()}",
    "javascript:pwned()",
    "<scr<script>ipt>pwned()</scr</script>ipt>",
    "<<script>script>pwned()</script>",
    "<img src=x:x onerror\n=\npwned()>",
    "<img/src=x/onerror=pwned()>",
    "<a\x0bhref=javascript:pwned()>x",
    "\u202e<script>pwned()</script>",
    "＜script＞pwned()＜/script＞",
    "<dialog open onfocus=pwned() tabindex=1 autofocus>",
]
WORDS = " ".join(f"word{number}" for number in range(80))


@pytest.fixture(scope="module")
def lines() -> list[str]:
    """Articles with a payload in every field that a page or a feed fills, in pairs, so that there are chains."""
    assert len(PAYLOADS) >= 60
    made = []
    for number, payload in enumerate(PAYLOADS):
        body = " ".join(f"w{number}x{at}" for at in range(60))
        for site in ("one", "two"):
            made.append(
                {
                    "url": f"http://{site}.test/{number}?q=%22%3E%3Cscript%3Epwned()",
                    "title": f"{payload} {site}",
                    "byline": [payload],
                    "site_name": payload,
                    "language": payload[:30],
                    "text": f"{payload}\n{body}\n{payload} {WORDS}\nBy {payload} via {payload}",
                    "published_at": f"2026-01-{number % 28 + 1:02}T0{'1' if site == 'one' else '2'}:00:00Z",
                    "source_title": payload,
                    "feeds": [payload],
                }
            )
    return [json.dumps(one) for one in made]


@pytest.fixture
def poisoned(start: Callable[..., Served], lines: list[str]) -> Served:
    served = start(page_size=200)  # all of them on one page
    result = served.pipeline.import_lines(lines)
    assert result.new_articles == len(lines)
    served.pipeline.feeds.add("http://three.test/feed?<script>pwned()</script>", PAYLOADS[0], PAYLOADS[9])
    return served


def markup(page: str) -> list[str]:
    """Tags in a page that no template of ours has."""
    tags = 'script(?! src="/static/)|img|iframe|object|embed|base|svg (?!class=)|math|video|audio'
    return re.findall(rf"<(?:{tags})[^>]*", page, re.IGNORECASE)


def test_nothing_is_markup_in_what_is_saved_or_differs(poisoned: Served, lines: list[str]) -> None:
    """Names of saved searches, the history of a page that changed, differences."""
    changed = [json.loads(line) for line in lines[::16]]
    for one in changed:
        one["text"] += f"\n{one['title']} {WORDS[:200]}"
        one["title"] = f"{one['byline'][0]} anew"
    assert poisoned.pipeline.import_lines(map(json.dumps, changed)).revised_articles == len(changed)
    copies = [one for one in poisoned.pipeline.stories(limit=1000) if one.site in ("one.test", "two.test")]
    pairs = [[member.id for member in poisoned.pipeline.story(one.id).members] for one in copies]
    paths = [f"/articles/{one}/history" for pair in pairs for one in pair]
    paths += [f"/diff?left={pair[0]}&right={pair[1]}" for pair in pairs if len(pair) > 1]
    assert len(paths) > 2 * len(pairs) > 10
    with poisoned.client(headers={"Accept": "text/html"}) as http:
        for payload in PAYLOADS:
            made = http.post("/searches", data={"name": payload, "view": urlencode({"q": payload, "site": payload})})
            assert made.status_code == 303
            paths.append(made.headers["location"])
        assert all(path.startswith(("/?q=", "/articles/", "/diff?")) for path in paths)
        assert len(http.get("/api/v1/searches").json()) >= 60  # names that differ in case, or unseen, are one
        for path in paths:
            answer = http.get(path)
            assert answer.status_code == 200, path
            assert markup(answer.text) == [], path


def test_nothing_is_markup_in_reader_apps(poisoned: Served) -> None:
    accounts = poisoned.pipeline.store.accounts
    accounts.add("ann", hash_password("correct horse"))
    key = hashlib.md5(f"ann:{accounts.add_token('ann', 'phone')}".encode()).hexdigest()
    with poisoned.client(auth=("ann", "correct horse")) as http:
        deadline = time.monotonic() + 10  # what is known of accounts is two seconds old at most
        while not (items := http.post("/fever/?api&items", data={"api_key": key}).json().get("items")):
            assert time.monotonic() < deadline
            time.sleep(0.1)
        contents = [one["html"] for one in items]
        stream = http.get("/reader/api/0/stream/contents/user/-/state/com.google/reading-list?n=200").json()["items"]
        contents += [(one.get("content") or one["summary"])["content"] for one in stream]
        contents += [one["content_html"] for one in http.get("/feed.json?limit=200").json()["items"]]
        assert len(contents) > 3 * 50
        assert not [one for one in contents if OURS.search(one)]
        links = [one["url"] for one in items] + [one["canonical"][0]["href"] for one in stream]
        assert all(link.startswith("http") for link in links)


OURS = re.compile(r"<(?!/?(?:p|a|ul|li|hr|em|strong|small)\b)")


def test_nothing_is_markup_in_pages_api_or_feeds(poisoned: Served) -> None:
    ids = [one.id for one in poisoned.pipeline.stories(limit=1000) if one.site in ("one.test", "two.test")]
    with poisoned.client() as http:
        pages = ["/", "/?q=pwned", '/?q="><script>pwned()</script>&site=<svg onload=pwned()>', "/feeds", "/redundancy"]
        pages += [f"/stories/{one}" for one in ids[::4]] + ["/stories/<script>pwned()</script>"]
        for path in pages:
            answer = http.get(path, headers={"Accept": "text/html"})
            assert markup(answer.text) == [], path
            assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
        for kind in ("atom", "rss"):
            feed = feedparser.parse(http.get(f"/feed.{kind}?limit=500").content, sanitize_html=False)
            assert not feed.bozo, feed.bozo_exception
            for one in feed.entries:
                content = one.content[0].value if one.get("content") else one.summary
                assert not OURS.search(content), content
                assert all(link.startswith("http") for link in re.findall(r'href="([^"]*)', content))
        entries = http.get("/v1/entries?limit=1000").json()["entries"]
        assert not [one["content"] for one in entries if OURS.search(one["content"])]
        titles = [one["title"] for one in entries]
        assert any("<script>pwned()</script>" in title for title in titles)  # as it was, for the app to escape


@pytest.fixture
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@chromium_only
def test_nothing_runs_in_a_browser(poisoned: Served, browser: Any) -> None:
    ids = [one.id for one in poisoned.pipeline.stories(limit=1000) if one.site in ("one.test", "two.test")]
    page = browser.new_page()
    called: list[str] = []
    page.expose_function("pwned", lambda *_: called.append(page.url))
    page.on("dialog", lambda dialog: (called.append("dialog"), dialog.dismiss()))
    shown = ""
    with poisoned.client() as http:
        for payload in PAYLOADS:
            assert http.post("/searches", data={"name": payload, "view": urlencode({"q": payload})}).status_code == 303
    for path in ["/", "/?q=pwned", "/elsewhere", "/feeds", "/redundancy", *(f"/stories/{one}" for one in ids[::8])]:
        page.goto(poisoned.url + path)
        shown += page.inner_text("body")
    members = poisoned.pipeline.story(ids[0]).members
    if len(members) > 1:
        page.goto(f"{poisoned.url}/diff?left={members[0].id}&right={members[1].id}")
    assert called == []
    assert "<script>pwned()</script>" in shown  # as text
    assert unescape("&lt;img src=x onerror=pwned()&gt;") in shown


def test_other_sites_pages_cannot_write_and_foreign_names_are_not_answered(served: Served) -> None:
    with served.client() as http:
        assert http.post("/feeds/crawl", headers={"Origin": "http://evil.test"}).status_code == 403
        assert http.post("/feeds/crawl", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
        assert http.put("/v1/entries", json={}, headers={"Origin": "null"}).status_code == 403
        assert http.get("/", headers={"Host": "evil.test"}).status_code == 421
        assert http.post("/api/v1/check", content=b"x" * 5_000_001).status_code == 413
        for path in ("/login?back=//evil.test", "/login?back=https://evil.test"):
            assert http.get(path).headers["location"] == "/"


def test_nobody_comes_in_without_an_account(guarded: Served) -> None:
    with guarded.client() as http:
        for path in ("/api/v1/stories", "/v1/feeds", "/reader/api/0/subscription/list", "/feed.atom"):
            assert http.get(path).status_code == 401, path
        page = http.get("/stories/1", headers={"Accept": "text/html"})
        assert page.headers["location"] == "/login?back=%2Fstories%2F1"
        form = {"name": "ann", "password": "correct horse", "back": "//evil.test"}
        done = http.post("/login", data=form, headers={"Origin": guarded.url})
        assert done.headers["location"] == "/"
        assert "HttpOnly" in done.headers["set-cookie"]
        assert "SameSite=lax" in done.headers["set-cookie"]
        assert http.get("/api/v1/stories").status_code == 200
        assert http.post("/login", data={"name": "ann", "password": "correct horse"}).status_code == 403
        # A new password ends the session, within two seconds.
        guarded.pipeline.store.accounts.set_password("ann", hash_password("another one"))
        deadline = time.monotonic() + 10
        while http.get("/api/v1/stories").status_code != 401:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        token = guarded.pipeline.store.accounts.add_token("bob", "test")
        http.cookies.clear()
        assert http.get("/api/v1/stories", headers={"Authorization": f"Bearer {token}"}).status_code == 200
        assert http.get(f"/feed.atom?token={token}").status_code == 200
        assert http.get("/feed.atom?token=wrong").status_code == 401


def test_wrong_passwords_count_for_all_processes(guarded: Served) -> None:
    """Two servers over one store stand for two processes of one server."""
    from pipeline.serve.server import running

    def tried(http: httpx.Client, password: str) -> int:
        return http.get("/api/v1/statistics", auth=("ann", password)).status_code

    settings = ServeSettings(port=0)
    with running(guarded.pipeline, settings) as url, guarded.client() as one, httpx.Client(base_url=url) as other:
        assert [tried(http, "wrong") for http in (one, other, one, other, one)] == [401] * 5
        assert tried(other, "correct horse") == 429
        assert one.get("/api/v1/statistics", auth=("bob", "battery staple")).status_code == 200  # who is not held up


@pytest.mark.parametrize("signature", ["\u00e9", "\U0001f511", "\x80" * 64])
def test_a_signature_of_any_characters_is_only_wrong(guarded: Served, signature: str) -> None:
    claim = f"1.{2**31}.{signature}".encode()
    with guarded.client() as http:
        for headers in ({"Cookie": b"onecopy_session=" + claim}, {"Authorization": b"GoogleLogin auth=" + claim}):
            assert http.get("/api/v1/stories", headers=headers).status_code == 401


def test_it_does_not_listen_elsewhere_before_there_is_an_account(start: Callable[..., Served]) -> None:
    from pipeline.errors import UsageError

    with pytest.raises(UsageError, match="onecopy users add"):
        start(host="0.0.0.0")
