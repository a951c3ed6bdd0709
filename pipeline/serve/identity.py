"""Who asks: sessions, API tokens, HTTP Basic, Google Reader's login; and how often one may try.

Passwords are hashed with Argon2id at the OWASP Password Storage Cheat Sheet's setting for 19 MiB. Reader apps send the
password with every request (HTTP Basic), so a password that was right is remembered for ten minutes, as a keyed hash,
in this process's memory. Sessions and Google Reader tokens are signed with a secret of the store and the hash of the
password: a new password ends them all, and no table grows.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Final

from fastapi import Depends
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from pipeline.model import Account
from pipeline.serve.problems import Problem
from pipeline.store import Store

COOKIE: Final = "onecopy_session"
SESSION_S: Final = 30 * 86_400
KNOWN_S: Final = 2.0  # after which a change of accounts, passwords and tokens counts everywhere
REMEMBERED_S: Final = 600.0
FREE_FAILURES: Final = 5  # of one name from one address; every later one doubles the wait
LONGEST_WAIT_S: Final = 900.0
WATCHED: Final = 10_000  # proofs that are remembered at a time

_ONE_AT_A_TIME = threading.Lock()  # 19 MiB each: a crowd at the door must not take the memory of the house


def hash_password(password: str) -> str:
    """An Argon2id hash in PHC form."""
    from argon2 import PasswordHasher

    with _ONE_AT_A_TIME:
        return PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1).hash(password)


def _verify(password_hash: str, password: str) -> bool:
    from argon2 import PasswordHasher
    from argon2.exceptions import InvalidHashError, VerificationError

    with _ONE_AT_A_TIME:
        try:
            return PasswordHasher().verify(password_hash, password)
        except (VerificationError, InvalidHashError):
            return False


@dataclass(frozen=True, slots=True)
class Reader:
    """Whoever asks, and by what they proved it: "open" (nobody has to), "session", "token", "password" or "reader"."""

    account: Account
    via: str


class Throttle:
    """How long a name at an address has to wait after wrong passwords, whichever process was asked."""

    def __init__(self, store: Store) -> None:
        self._tries = store.wrong_tries
        self._key = store.accounts.secret()

    def wait_s(self, name: str, address: str) -> float:
        """Seconds until the next try is looked at."""
        count, last = self._tries.of(self._of(name, address)) or (0, datetime.now(UTC))
        if count < FREE_FAILURES:
            return 0.0
        wait = min(LONGEST_WAIT_S, 2.0 ** min(count - FREE_FAILURES, 30))
        return min(wait, max(0.0, wait - (datetime.now(UTC) - last).total_seconds()))  # whatever became of the clock

    def failed(self, name: str, address: str) -> None:
        """Count a wrong password."""
        self._tries.count(self._of(name, address), datetime.now(UTC))

    def succeeded(self, name: str, address: str) -> None:
        """Forget what was wrong before."""
        self._tries.forget(self._of(name, address))

    def _of(self, name: str, address: str) -> bytes:
        return hmac.digest(self._key, f"tries|{name.casefold()}|{address}".encode(errors="replace"), "sha256")


class Door:
    """Decides who comes in. ``loopback``: as long as there are no accounts, everybody at this machine does."""

    def __init__(self, store: Store, loopback: bool) -> None:
        self._store = store
        self._loopback = loopback
        self._secret = store.accounts.secret()
        self._process_key = secrets.token_bytes(32)
        self._remembered: dict[bytes, tuple[str, float]] = {}  # keyed hash of name and password -> (hash, until)
        self._throttle = Throttle(store)
        self._guess = threading.Lock()
        self._open: tuple[bool, float] = (False, 0.0)
        self._seen: dict[bytes, tuple[Reader, float]] = {}  # proof -> (whose it is, until when that counts)

    def is_open(self) -> bool:
        """Whether nobody has to log in. Known for two seconds."""
        known, until = self._open
        if time.monotonic() > until:
            known = self._loopback and not self._store.accounts.all()
            self._open = known, time.monotonic() + KNOWN_S
        return known

    def known(self, request: Request) -> Reader | None:
        """Who makes this request, when another with the same proof was answered less than two seconds ago."""
        reader, until = self._seen.get(_proof(request), (None, 0.0))
        return reader if until > time.monotonic() else None

    def reader(self, request: Request) -> Reader | None:
        """Who makes this request; None when it does not say. Raises Problem (401, 429) when what it says is wrong."""
        found = self._reader(request)
        if found is not None:
            if len(self._seen) >= WATCHED:
                self._seen.clear()
            self._seen[_proof(request)] = found, time.monotonic() + KNOWN_S
        return found

    def _reader(self, request: Request) -> Reader | None:
        if self.is_open():
            return Reader(self._store.accounts.nobody(), "open")
        scheme, _, value = request.headers.get("authorization", "").partition(" ")
        given = request.headers.get("x-auth-token")
        if given is not None or scheme.lower() == "bearer":
            account = self._store.accounts.by_token(given if given is not None else value.strip())
            return self._certain(Reader(account, "token") if account else None)
        if scheme.lower() == "basic":
            return Reader(self.password(*_basic(value), request), "password")
        if scheme.lower() == "googlelogin":
            account = self._signed("reader", value.strip().removeprefix("auth="))
            return self._certain(Reader(account, "reader") if account else None)
        cookie = request.cookies.get(COOKIE)
        account = self._signed("session", cookie) if cookie else None
        return Reader(account, "session") if account else None

    def _certain(self, reader: Reader | None) -> Reader:
        if reader is None:
            raise unauthorized("the token is not known")
        return reader

    def password(self, name: str, password: str, request: Request) -> Account:
        """The account of a name and a password. Raises Problem: 401 for wrong ones, 429 when there were too many."""
        if self.is_open():
            return self._store.accounts.nobody()
        with self._guess:  # guesses that come together count one after the other
            return self._checked(name, password, request.client.host if request.client else "")

    def _checked(self, name: str, password: str, address: str) -> Account:
        wait = self._throttle.wait_s(name, address)
        if wait:
            raise Problem(429, "too many wrong passwords; wait a little", {"Retry-After": str(int(wait) + 1)})
        found = self._store.accounts.credentials(name)
        mark = hmac.digest(self._process_key, f"{name}\0{password}".encode(errors="replace"), "sha256")
        known = self._remembered.get(mark)
        if found is not None and known is not None and known[0] == found[1] and known[1] > time.monotonic():
            return found[0]
        # A name that is not there takes as long as one that is.
        right = _verify(found[1] if found else _nobodys_hash(), password)
        if found is None or not right:
            self._throttle.failed(name, address)
            raise unauthorized("wrong name or password")
        self._throttle.succeeded(name, address)
        if len(self._remembered) > WATCHED:
            self._remembered.clear()
        self._remembered[mark] = found[1], time.monotonic() + REMEMBERED_S
        return found[0]

    def fever(self, key: str) -> Account | None:
        """The account of a key of the Fever API: the MD5 of "name:token" in hexadecimal."""
        if self.is_open():
            return self._store.accounts.nobody()
        return self._store.accounts.by_fever_key(key.lower())

    # --- signed claims ---

    def session(self, account: Account) -> str:
        """A cookie's value."""
        return self._sign("session", account.id, int(time.time()) + SESSION_S)

    def reader_token(self, account: Account) -> str:
        """What Google Reader clients send from their login on; the same for every login."""
        return self._sign("reader", account.id, 0)

    def _sign(self, kind: str, account_id: int, until: int) -> str:
        found = self._store.accounts.by_id(account_id)
        said = f"{account_id}.{until}"
        return f"{said}.{self._signature(kind, said, found[1] if found else '')}"

    def _signature(self, kind: str, said: str, password_hash: str) -> str:
        return hmac.digest(self._secret, f"{kind}|{said}|{password_hash}".encode(), hashlib.sha256).hex()

    def _signed(self, kind: str, value: str) -> Account | None:
        said, _, signature = value.rpartition(".")
        number, _, until = said.partition(".")
        if not (number.isascii() and number.isdigit() and until.isascii() and until.isdigit() and len(said) < 40):
            return None
        found = self._store.accounts.by_id(min(int(number), 2**31 - 1))
        if found is None:
            return None
        # As bytes: of text compare_digest takes ASCII only, and anybody may send anything.
        if not hmac.compare_digest(self._signature(kind, said, found[1]).encode(), signature.encode(errors="replace")):
            return None
        return found[0] if not int(until) or int(until) > time.time() else None


def unauthorized(detail: str) -> Problem:
    """A 401 that says how to log in."""
    return Problem(401, detail, {"WWW-Authenticate": 'Basic realm="onecopy", charset="UTF-8"'})


_NOBODYS: dict[str, str] = {}


def _nobodys_hash() -> str:
    if "hash" not in _NOBODYS:
        _NOBODYS["hash"] = hash_password(secrets.token_hex())
    return _NOBODYS["hash"]


def _basic(value: str) -> tuple[str, str]:
    try:
        name, _, password = base64.b64decode(value.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        raise unauthorized("the credentials cannot be read") from None
    return name, password


def _proof(request: Request) -> bytes:
    """What a request says of who makes it, hashed: nothing of it is kept."""
    headers = request.headers
    said = "\0".join((headers.get("authorization", ""), headers.get("x-auth-token", ""), headers.get("cookie", "")))
    return hashlib.sha256(said.encode("latin-1", "replace")).digest()


async def require_reader(request: Request) -> Reader:
    """FastAPI dependency: whoever asks. Raises Problem 401."""
    door: Door = request.app.state.service.door
    found = door.known(request) or await run_in_threadpool(door.reader, request)
    if found is None:
        raise unauthorized("log in first")
    return found


AReader = Annotated[Reader, Depends(require_reader)]
