"""Every error that onecopy raises on purpose, in one tree.

::

    OnecopyError            what the command line prints as one line
    ├── UsageError          the call was wrong: exit code 2
    │   ├── ConfigError     config.yaml (or --config) cannot be used; names file, line and key
    │   └── UnknownName     a story, feed or article that the store does not hold: exit code 1
    ├── StoreError          the store cannot be opened, read or written: exit code 1
    │   ├── NewerStoreError made by a newer onecopy than this one
    │   └── LockedError     another daemon works on this store
    ├── NoAnswer            an address was asked, and nobody answered there
    └── DocumentError       one document (feed or page) cannot be read; costs that document only
        ├── Refused         over a limit (size, depth, count) before any parser saw it
        └── Unreadable      a parser gave up, or ran out of its time or memory
            └── WorkerLost  its worker ended for a reason that need not be the document's: worth another try

Inside a room these are raised; across rooms and threads a failure travels as a value
(:class:`pipeline.model.FetchError`, :class:`pipeline.model.ReadError`) that says when a retry makes sense:
*soon* (the network, a 5xx), *later* (a 4xx that may heal) or *never* (a 410, a refused address).
"""

from __future__ import annotations


class OnecopyError(Exception):
    """Base of all errors raised on purpose; its text is one clear line naming what and where."""

    exit_code = 1


class UsageError(OnecopyError):
    """The call was wrong: unknown option, bad URL, malformed argument."""

    exit_code = 2


class ConfigError(UsageError):
    """The configuration cannot be used; the text names file, line and key."""


class UnknownName(UsageError):
    """A story, feed or article was asked for that the store does not hold."""

    exit_code = 1


class StoreError(OnecopyError):
    """The store cannot be opened, read or written."""


class NewerStoreError(StoreError):
    """The store was made by a newer onecopy; nothing was changed."""


class LockedError(StoreError):
    """Another daemon already works on this store."""


class NoAnswer(OnecopyError):
    """Nobody answered at an address: which says nothing about what stands there."""


class DocumentError(OnecopyError):
    """One feed or page cannot be read. It costs that document only."""


class Refused(DocumentError):
    """The document is over a limit; no parser has seen it."""


class Unreadable(DocumentError):
    """A parser gave up on the document, or ran out of its time or memory."""


class WorkerLost(Unreadable):
    """The process that read the document ended, and not by a limit of its own: another try may succeed."""
