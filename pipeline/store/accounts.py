"""Who may read: accounts and their tokens, and the two secrets that a store has of its own.

Passwords arrive hashed; how, is not this room's business. Tokens are stored as their SHA-256: they are random, so
that a slow hash would protect nothing.
"""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
import uuid
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from pipeline.errors import StoreError, UnknownName, UsageError
from pipeline.model import Account, Token
from pipeline.store.columns import clean
from pipeline.store.engine import Database
from pipeline.store.rows import AnyRow
from pipeline.store.schema import account, mark, meta, saved_search, token

LOCAL: Final = "local"  # whose marks they are as long as nobody has an account
NAME_CHARACTERS: Final = 100


class Accounts:
    """Accounts by name (case and Unicode form make no difference). All methods raise StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[Account]:
        """Everybody who can log in, by name."""
        with self._database.read() as connection:
            return [_account(row) for row in connection.execute(_ALL)]

    def add(self, name: str, password_hash: str) -> Account:
        """A new account. The first one takes over what was read before there were accounts. Raises UsageError."""
        name = clean(" ".join(name.split()))
        if not name or len(name) > NAME_CHARACTERS or ":" in name:  # a colon ends the name in HTTP Basic (RFC 7617 §2)
            raise UsageError(f"an account's name has 1 to {NAME_CHARACTERS} characters and no colon")
        values = {
            "name_key": _key(name),
            "name": name,
            "password_hash": password_hash,
            "created_at": datetime.now(UTC),
        }
        with self._database.write(lock="accounts") as connection:
            if connection.execute(_BY_KEY, {"key": _key(name)}).one_or_none() is not None:
                raise UsageError(f"there is an account {name!r} already")
            first = not connection.execute(_HOW_MANY).scalar_one()
            unclaimed = connection.execute(_NOBODY).one_or_none()
            if first and unclaimed is not None:
                connection.execute(_SET, {"the_id": unclaimed.id, **values})
            else:
                connection.execute(insert(account), values)
            return _account(connection.execute(_BY_KEY, {"key": _key(name)}).one())

    def remove(self, name: str) -> None:
        """Delete an account with its tokens and marks. Raises UnknownName."""
        with self._database.write(lock="accounts") as connection:
            row = connection.execute(_BY_KEY, {"key": _key(name)}).one_or_none()
            if row is None or row.password_hash is None:
                raise UnknownName(f"no account {name!r}")
            for table in (token, mark, saved_search):
                connection.execute(delete(table).where(table.c.account_id == row.id))
            connection.execute(delete(account).where(account.c.id == row.id))

    def set_password(self, name: str, password_hash: str) -> None:
        """Replace an account's password: all its sessions end. Raises UnknownName."""
        with self._database.write() as connection:
            changed = connection.execute(_SET_PASSWORD, {"key": _key(name), "hash": password_hash}).rowcount
        if not changed:
            raise UnknownName(f"no account {name!r}")

    def credentials(self, name: str) -> tuple[Account, str] | None:
        """An account with the hash of its password; None when nobody of that name can log in."""
        with self._database.read() as connection:
            row = connection.execute(_BY_KEY, {"key": _key(name)}).one_or_none()
        return None if row is None or row.password_hash is None else (_account(row), row.password_hash)

    def by_id(self, account_id: int) -> tuple[Account, str] | None:
        """As :meth:`credentials`, by id."""
        with self._database.read() as connection:
            row = connection.execute(_BY_ID, {"id": account_id}).one_or_none()
        return None if row is None or row.password_hash is None else (_account(row), row.password_hash)

    def nobody(self) -> Account:
        """The account of a server without accounts; made when first asked for."""
        with self._database.read() as connection:
            row = connection.execute(_NOBODY).one_or_none()
        if row is not None:
            return _account(row)
        values = {"name_key": "", "name": LOCAL, "password_hash": None, "created_at": datetime.now(UTC)}
        with self._database.write(lock="accounts") as connection:
            row = connection.execute(_NOBODY).one_or_none()
            if row is None:
                connection.execute(insert(account), values)
            return _account(connection.execute(_NOBODY).one())

    # --- tokens ---

    def add_token(self, name: str, label: str) -> str:
        """A new token of an account: shown once, stored as its hash. Raises UnknownName."""
        found = self.credentials(name)
        if found is None:
            raise UnknownName(f"no account {name!r}")
        made = secrets.token_urlsafe(32)
        values = {
            "account_id": found[0].id,
            "hash": hashlib.sha256(made.encode()).digest(),
            "fever_hash": hashlib.sha256(_fever_key(found[0].name, made).encode()).digest(),
            "label": label,
            "created_at": datetime.now(UTC),
        }
        with self._database.write() as connection:
            connection.execute(insert(token), values)
        return made

    def tokens(self, name: str) -> list[Token]:
        """An account's tokens, oldest first; without the tokens themselves. Raises UnknownName."""
        found = self.credentials(name)
        if found is None:
            raise UnknownName(f"no account {name!r}")
        with self._database.read() as connection:
            rows = connection.execute(_TOKENS, {"account": found[0].id})
            return [Token(row.id, row.label, row.created_at) for row in rows]

    def remove_token(self, name: str, token_id: int) -> None:
        """Revoke a token. Raises UnknownName."""
        found = self.credentials(name)
        values = {"account": found[0].id if found else 0, "id": token_id}
        with self._database.write() as connection:
            if not connection.execute(_REVOKE, values).rowcount:
                raise UnknownName(f"no token {token_id} of an account {name!r}")

    def by_token(self, given: str) -> Account | None:
        """Whose token this is."""
        with self._database.read() as connection:
            row = connection.execute(_BY_TOKEN, {"hash": hashlib.sha256(given.encode()).digest()}).one_or_none()
        return None if row is None else _account(row)

    def by_fever_key(self, key: str) -> Account | None:
        """Whose token the MD5 of "name:token" was made of."""
        with self._database.read() as connection:
            row = connection.execute(_BY_FEVER_KEY, {"hash": hashlib.sha256(key.encode()).digest()}).one_or_none()
        return None if row is None else _account(row)

    # --- what makes this store different from every other ---

    def secret(self) -> bytes:
        """32 random bytes, made once: what sessions are signed with."""
        return bytes.fromhex(self._once("secret", secrets.token_hex(32)))

    def store_id(self) -> uuid.UUID:
        """A random UUID, made once: ids of stories outside this store begin from it."""
        return uuid.UUID(self._once("store_id", str(uuid.uuid4())))

    def _once(self, key: str, value: str) -> str:
        with self._database.read() as connection:
            found = connection.execute(_META, {"key": key}).scalar()
        if found is not None:
            return str(found)
        try:
            with self._database.write() as connection:
                connection.execute(insert(meta), {"key": key, "value": value})
        except StoreError as error:
            if not isinstance(error.__cause__, IntegrityError):  # another process was faster: its value counts
                raise
        with self._database.read() as connection:
            return str(connection.execute(_META, {"key": key}).scalar_one())


def _key(name: str) -> str:
    return unicodedata.normalize("NFKC", clean(" ".join(name.split()))).casefold()[:255]


def _fever_key(name: str, made: str) -> str:
    """What clients of the Fever API send; of a random token it gives nothing away."""
    return hashlib.md5(f"{name}:{made}".encode(), usedforsecurity=False).hexdigest()


def _account(row: AnyRow) -> Account:
    return Account(row.id, row.name, row.created_at, row.password_hash is not None)


_CAN: Final = account.c.password_hash.is_not(None)
_ALL: Final = select(account).where(_CAN).order_by(account.c.name_key)
_HOW_MANY: Final = select(func.count()).select_from(account).where(_CAN)
_BY_KEY: Final = select(account).where(account.c.name_key == bindparam("key"))
_BY_ID: Final = select(account).where(account.c.id == bindparam("id"))
_NOBODY: Final = _BY_KEY.where(account.c.password_hash.is_(None)).params(key="")
_SET: Final = update(account).where(account.c.id == bindparam("the_id"))
_SET_PASSWORD: Final = (
    update(account).where(account.c.name_key == bindparam("key"), _CAN).values(password_hash=bindparam("hash"))
)
_TOKENS: Final = select(token).where(token.c.account_id == bindparam("account")).order_by(token.c.id)
_REVOKE: Final = delete(token).where(token.c.account_id == bindparam("account"), token.c.id == bindparam("id"))
_BY_TOKEN: Final = (
    select(account).join(token, token.c.account_id == account.c.id).where(token.c.hash == bindparam("hash"), _CAN)
)
_BY_FEVER_KEY: Final = (
    select(account).join(token, token.c.account_id == account.c.id).where(token.c.fever_hash == bindparam("hash"), _CAN)
)
_META: Final = select(meta.c.value).where(meta.c.key == bindparam("key"))
