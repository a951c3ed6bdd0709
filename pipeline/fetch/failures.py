"""What went wrong, in our words: each status and each exception of the client library becomes one reason.

Messages are made here and hold no text from the server, nor from the library: those may quote URLs with secrets.
"""

from __future__ import annotations

import os
import socket
import ssl
from datetime import datetime
from http import HTTPStatus

import aiohttp

from pipeline.fetch.headers import RawHeaders, retry_after_s
from pipeline.model import Reason, Retry

_DEFAULT_RETRY = {
    Reason.BAD_URL: Retry.NEVER,
    Reason.REFUSED_ADDRESS: Retry.NEVER,
    Reason.GONE: Retry.NEVER,
    Reason.DNS: Retry.SOON,
    Reason.CONNECT: Retry.SOON,
    Reason.TIMEOUT: Retry.SOON,
    Reason.TRUNCATED: Retry.SOON,
    Reason.TOO_MANY: Retry.SOON,
    Reason.HELD: Retry.SOON,
    Reason.SERVER_ERROR: Retry.SOON,
}

_BY_STATUS = {
    401: Reason.FORBIDDEN,
    403: Reason.FORBIDDEN,
    404: Reason.NOT_FOUND,
    408: Reason.TIMEOUT,
    410: Reason.GONE,
    425: Reason.TOO_MANY,
    429: Reason.TOO_MANY,
    451: Reason.FORBIDDEN,
}


class Failed(Exception):
    """A retrieval failed; raised and caught inside this room, where it becomes a FetchError.

    ``retry`` is the one that goes with the reason (*later* for those that only their owner can mend), unless given.
    """

    def __init__(
        self,
        reason: Reason,
        message: str,
        *,
        retry: Retry | None = None,
        status: int | None = None,
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message
        self.retry = retry or _DEFAULT_RETRY.get(reason, Retry.LATER)
        self.status = status
        self.retry_after_s = retry_after_s


def by_status(status: int, headers: RawHeaders, now: datetime) -> Failed:
    """What an answer means whose status is neither a success, nor a redirect, nor an expected 304."""
    if status in _BY_STATUS:
        reason = _BY_STATUS[status]
    elif 400 <= status <= 499:
        reason = Reason.CLIENT_ERROR
    elif 500 <= status <= 599:
        reason = Reason.SERVER_ERROR
    else:
        reason = Reason.PROTOCOL
    wait = retry_after_s(headers, now) if status in (429, 503) else None
    return Failed(reason, f"the server answered {_named(status)}", status=status, retry_after_s=wait)


def by_exception(error: Exception, host: str) -> Failed | None:
    """What an exception from before the end of the headers means; None for one that nobody expects."""
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        why = getattr(error.certificate_error, "verify_message", None) or "it is not valid"
        return Failed(Reason.TLS, f"the certificate of {host} was not accepted: {why}")
    if isinstance(error, (aiohttp.ClientConnectorSSLError, ssl.SSLError)) or isinstance(error.__cause__, ssl.SSLError):
        return Failed(Reason.TLS, f"no TLS with {host}")
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return Failed(Reason.DNS, f"{host} has no address: {_system_text(error.os_error)}")
    if isinstance(error, aiohttp.ClientConnectorError):
        return Failed(Reason.CONNECT, f"no connection to {host}: {_system_text(error.os_error)}")
    if isinstance(error, aiohttp.ServerDisconnectedError):
        return Failed(Reason.CONNECT, "the server closed the connection without an answer")
    if isinstance(error, OSError):
        return Failed(Reason.CONNECT, f"the connection broke: {_system_text(error)}")
    if isinstance(error, aiohttp.ClientError):
        return Failed(Reason.PROTOCOL, "the answer is not HTTP, or its headers are too large")
    return None


def _system_text(error: OSError) -> str:
    """The system's words for an error number; the text of the exception itself may quote anything."""
    if isinstance(error, socket.gaierror) and error.errno is not None:
        known = {socket.EAI_NONAME: "name or service not known", socket.EAI_AGAIN: "the name server did not answer"}
        return known.get(error.errno, f"resolver error {error.errno}")
    return os.strerror(error.errno) if error.errno else "no details"


def _named(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)
