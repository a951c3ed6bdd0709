"""``config.yaml`` → one frozen section per room.

Nothing here is a global: a section is handed to the room that it belongs to. An unknown key is an error that names
file, line and the key that was probably meant.
"""

from __future__ import annotations

import difflib
import os
import re
from base64 import b64decode
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_core import ErrorDetails

from pipeline.errors import ConfigError
from pipeline.targets import read_targets

ENVIRONMENT_VARIABLE = "ONECOPY_CONFIG"
DEFAULT_NAME = "config.yaml"


class Section(BaseModel):
    """Base of all sections: frozen, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True, allow_inf_nan=False)

    @field_validator("*", mode="before")
    @classmethod
    def _number(cls, value: Any, info: ValidationInfo) -> Any:
        """YAML reads ``yes`` as true, and true would count as 1."""
        if isinstance(value, bool) and cls.model_fields[str(info.field_name)].annotation in (int, float):
            raise ValueError("expected a number, not yes or no")
        return value


def _http(value: str) -> str:
    if not value.lower().startswith(("http://", "https://")):
        raise ValueError("must start with http:// or https://")
    return value


def _has_a_port(url: str) -> bool:
    """Whether the port, if there is one, is a port."""
    try:
        urlsplit(url).port  # noqa: B018 - it is read to be checked
    except ValueError:
        return False
    return True


def _has_a_host(url: str) -> bool:
    """Whether there is a host, of labels that a name can have (RFC 1035 §2.3.4), and no blank in the URL."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return False
    return all(0 < len(label) <= 63 for label in host.split(".")) and not any(map(str.isspace, url))


class FeedSettings(Section):
    """One subscription; in the file its address alone will do."""

    url: str
    name: str | None = None
    folder: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _address_alone(cls, value: Any) -> Any:
        return {"url": value} if isinstance(value, str) else value

    @field_validator("url")
    @classmethod
    def _http(cls, value: str) -> str:
        return _http(value)


class StoreSettings(Section):
    """Where everything is kept."""

    url: str = "sqlite:///onecopy.db"

    @field_validator("url")
    @classmethod
    def _database(cls, value: str) -> str:
        """What the file alone shows to be wrong; the store room says the rest. Messages never hold the password."""
        scheme, _, rest = value.partition("://")
        if scheme.lower() == "sqlite":
            if not rest.startswith("/") or rest[1:].startswith((":memory:", "file:")) or not rest[1:] or "?" in rest:
                raise ValueError("an SQLite store is a plain file, as in sqlite:///onecopy.db")
        elif scheme.lower() not in ("postgresql", "postgres", "postgresql+psycopg"):
            raise ValueError("expected sqlite:///FILE or postgresql://USER:PASSWORD@HOST/DATABASE")
        elif not _has_a_port(value):
            raise ValueError("the port is not a number from 0 to 65535")
        return value


class FetchSettings(Section):
    """How bytes arrive."""

    user_agent: str = "onecopy/{version} (+{contact})"
    contact: str = "https://onecopy.invalid/set-fetch.contact-in-config.yaml"
    allow_private_networks: bool = False
    connect_to: dict[str, str] = Field(default_factory=dict)
    parallel: int = Field(200, ge=1, le=1000)
    host_parallel: int = Field(1, ge=1, le=16)
    host_gap_s: float = Field(1.0, ge=0, le=3600)
    timeout_s: float = Field(30.0, gt=0, le=600)
    connect_timeout_s: float = Field(10.0, gt=0, le=120)
    header_timeout_s: float = Field(20.0, gt=0, le=600)
    max_feed_bytes: int = Field(10_000_000, ge=1_000)
    max_page_bytes: int = Field(5_000_000, ge=1_000)
    max_redirects: int = Field(5, ge=0, le=20)
    robots: bool = True
    robots_for_feeds: bool = False

    @field_validator("user_agent", "contact")
    @classmethod
    def _header(cls, value: str) -> str:
        if not value.strip() or not value.isascii() or not value.isprintable():
            raise ValueError("must be printable ASCII and not empty: it is sent in a header")
        return value

    @field_validator("user_agent")
    @classmethod
    def _placeholders(cls, value: str) -> str:
        if re.search(r"[{}]", value.replace("{version}", "").replace("{contact}", "")):
            raise ValueError("only {version} and {contact} may stand in braces")
        return value

    @field_validator("connect_to")
    @classmethod
    def _targets(cls, value: dict[str, str]) -> dict[str, str]:
        read_targets(value)
        return value


class ScheduleSettings(Section):
    """When a feed is fetched again."""

    min_interval_s: float = Field(900.0, ge=1)
    max_interval_s: float = Field(86_400.0, ge=1)
    first_interval_s: float = Field(3_600.0, ge=1)
    max_entries: int = Field(2_000, ge=1)
    page_attempts: int = Field(3, ge=1, le=20)
    page_retry_s: float = Field(900.0, ge=0)

    @field_validator("max_interval_s")
    @classmethod
    def _in_order(cls, value: float, info: ValidationInfo) -> float:
        if value < info.data.get("min_interval_s", value):
            raise ValueError(f"must not be less than min_interval_s ({info.data['min_interval_s']:g})")
        return value


class WorkSettings(Section):
    """The worker processes in which untrusted documents are parsed."""

    processes: int = Field(2, ge=1, le=64)
    memory_mb: int = Field(1024, ge=128)
    feed_timeout_s: float = Field(5.0, gt=0)
    page_timeout_s: float = Field(10.0, gt=0)
    recycle_after: int = Field(5_000, ge=1)


class DedupSettings(Section):
    """Which texts count as the same. Every default names its measurement in docs/design.md."""

    copy_jaccard: float = Field(0.35, ge=0, le=1)
    excerpt_containment: float = Field(0.6, ge=0, le=1)
    min_tokens: int = Field(25, ge=1)
    candidates: int = Field(60, ge=1, le=10_000)


class DaemonSettings(Section):
    """The clock."""

    tick_s: float = Field(30.0, gt=0, le=3600)


class WebsubSettings(Section):
    """Hubs that deliver what is new in a feed, so that it need not be polled often."""

    callback: str | None = None

    @field_validator("callback")
    @classmethod
    def _http(cls, value: str | None) -> str | None:
        if value is not None and not value.lower().startswith(("http://", "https://")):
            raise ValueError("must start with http:// or https://")
        return value.rstrip("/") if value else None


class ServeSettings(Section):
    """The server: web pages, API, reader apps, feeds."""

    host: str = "127.0.0.1"
    port: int = Field(8460, ge=0, le=65_535)
    url: str | None = None
    with_daemon: bool = False
    processes: int = Field(2, ge=1, le=64)
    show: Literal["original", "fullest", "earliest"] = "original"
    prefer_sites: tuple[str, ...] = ()
    unread_again: float = Field(0.0, ge=0, le=100)
    page_size: int = Field(30, ge=5, le=200)

    @field_validator("url")
    @classmethod
    def _http(cls, value: str | None) -> str | None:
        return _http(value).rstrip("/") if value else None


class WebhookSettings(Section):
    """Where stories are announced."""

    url: str
    secret: str = Field(repr=False)
    events: tuple[Literal["story.new", "copy.joined"], ...] = ("story.new", "copy.joined")
    private: bool = False

    @field_validator("url")
    @classmethod
    def _http(cls, value: str) -> str:
        if not _has_a_host(_http(value)) or not _has_a_port(value):
            raise ValueError("is no URL: look at its host and port")
        return value

    @field_validator("secret")
    @classmethod
    def _key(cls, value: str) -> str:
        try:
            length = len(b64decode(value.removeprefix("whsec_"), validate=True))
        except ValueError:
            length = 0
        if not value.startswith("whsec_") or not 24 <= length <= 64:  # as standardwebhooks.com has it
            raise ValueError("expected whsec_ and 24 to 64 bytes in base64; onecopy webhooks secret makes one")
        return value


class Config(Section):
    """All of ``config.yaml``."""

    feeds: tuple[FeedSettings, ...] = ()
    store: StoreSettings = StoreSettings()
    fetch: FetchSettings = FetchSettings()
    schedule: ScheduleSettings = ScheduleSettings()
    work: WorkSettings = WorkSettings()
    dedup: DedupSettings = DedupSettings()
    daemon: DaemonSettings = DaemonSettings()
    serve: ServeSettings = ServeSettings()
    webhooks: tuple[WebhookSettings, ...] = ()
    websub: WebsubSettings = WebsubSettings()


def find(explicit: str | os.PathLike[str] | None = None) -> Path | None:
    """The configuration file to read: the given one, else $ONECOPY_CONFIG, else ./config.yaml, else None.

    Raises ConfigError when a file was named and is not there.
    """
    named = explicit if explicit is not None else os.environ.get(ENVIRONMENT_VARIABLE)
    if named:
        path = Path(named)
        if not path.is_file():
            raise ConfigError(f"{path}: no such configuration file")
        return path
    path = Path(DEFAULT_NAME)
    return path if path.is_file() else None


def load(path: Path | None) -> Config:
    """Read and check a configuration file; None gives the defaults.

    A relative SQLite path in ``store.url`` is taken from the file's own folder, so that the store stays beside its
    configuration wherever the command is run from. Raises ConfigError with ``file:line: key: what is wrong``.
    """
    if path is None:
        return _anchor(Config(), Path.cwd())
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from error
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        values = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{path}:{mark.line + 1}" if mark else str(path)
        raise ConfigError(f"{where}: not valid YAML: {getattr(error, 'problem', None) or error}") from error
    twice = [f"{path}:{line}: {key}: stands on line {first} already" for line, key, first in sorted(_twice(root))]
    if twice:  # YAML 1.2 forbids it, PyYAML takes the last one without a word
        raise ConfigError("\n".join(twice))
    if values is None:
        values = {}
    if not isinstance(values, dict):
        raise ConfigError(f"{path}:1: expected a mapping of sections (feeds, store, fetch, ...)")
    # A section whose keys are all commented out reads as null: that means its defaults.
    values = {key: value for key, value in values.items() if value is not None}
    try:
        config = Config.model_validate(values)
    except ValidationError as error:
        lines = [_explain(path, root, detail) for detail in error.errors()]
        raise ConfigError("\n".join(lines)) from error
    return _anchor(config, path.parent.absolute())


def _twice(root: yaml.Node | None) -> Iterator[tuple[int, str, int]]:
    """Keys that stand twice in one mapping: (line, key, line of the first)."""
    todo, seen = [root], {id(None)}
    while todo:
        node = todo.pop()
        if id(node) in seen:  # an alias stands for what was looked at already
            continue
        seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            todo += node.value
        elif isinstance(node, yaml.MappingNode):
            first: dict[str, int] = {}
            for key, value in node.value:
                line = key.start_mark.line + 1
                todo.append(value)
                name = str(key.value)
                if name in first:
                    yield line, name, first[name]
                first.setdefault(name, line)


def _anchor(config: Config, folder: Path) -> Config:
    prefix = "sqlite:///"
    url = config.store.url
    if not url.startswith(prefix) or url[len(prefix) :].startswith(("/", ":memory:", "file:")):
        return config
    name = url[len(prefix) :]
    if not name:
        return config
    store = StoreSettings(url=prefix + str(folder / name))
    return config.model_copy(update={"store": store})


def _explain(path: Path, root: yaml.Node | None, detail: ErrorDetails) -> str:
    location: Sequence[int | str] = detail["loc"]
    line = _line(root, location)
    dotted = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location).lstrip(".")
    if detail["type"] == "extra_forbidden":
        near = difflib.get_close_matches(str(location[-1]), list(_siblings(location)), n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        return f"{path}:{line}: {dotted}: unknown key{hint}"
    if detail["type"] in _SHAPES:
        return f"{path}:{line}: {dotted}: expected {_SHAPES[detail['type']]}"
    message = detail["msg"].removeprefix("Value error, ")
    return f"{path}:{line}: {dotted}: {message[:1].lower()}{message[1:]}"


_SHAPES = {"model_type": "a mapping (key: value)", "dict_type": "a mapping (key: value)", "tuple_type": "a list"}
_LISTS: dict[str, type[Section]] = {"feeds": FeedSettings, "webhooks": WebhookSettings}


def _siblings(location: Sequence[int | str]) -> Iterator[str]:
    model: Any = Config
    for part in location[:-1]:
        if isinstance(part, int):
            continue
        model = _LISTS.get(part) or model.model_fields[part].annotation
    yield from model.model_fields


def _line(root: yaml.Node | None, location: Sequence[int | str]) -> int:
    node = root
    line = 1
    for part in location:
        found: yaml.Node | None = None
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                if key.value == part:
                    line, found = key.start_mark.line + 1, value
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            found = node.value[part]
            line = found.start_mark.line + 1
        if found is None:
            break
        node = found
    return line
