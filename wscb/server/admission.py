"""Who may connect. Pure decisions over a `Handshake`; the hub acts on them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from wscb.errors import DeclarationError
from wscb.protocol.closing import CloseCode
from wscb.protocol.codec import printable
from wscb.server.socket import SUBPROTOCOL, Handshake

_DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Denied:
    """The code and reason that a refused connection is closed with."""

    code: int
    reason: str


class Origins:
    """The origins that pages may come from: the server's own, and more: exact ones, `http://localhost:*` or `*`.

    A request without an `Origin` header does not come from a browser's page, so no user's cookies can be abused by it.
    """

    def __init__(self, allowed: Sequence[str] = ()) -> None:
        if isinstance(allowed, str):
            raise DeclarationError(
                f"websocket_allowed_origins is a list of origins, not the string {allowed!r}; write [{allowed!r}]."
            )
        self._any = "*" in allowed
        self._patterns = [_pattern(origin) for origin in allowed if origin != "*"]

    def allow(self, handshake: Handshake) -> bool:
        origin = handshake.header("origin")
        if origin is None or self._any:
            return True
        if any(pattern.fullmatch(origin.lower()) for pattern in self._patterns):
            return True
        return _same_origin(origin, handshake)


def _pattern(origin: str) -> re.Pattern[str]:
    if not re.fullmatch(r"[a-z][a-z0-9+.-]*://[^/*]+?(:\*)?", origin.lower()):
        raise DeclarationError(
            f"websocket_allowed_origins has {origin!r}, which is not an origin. Write scheme://host or "
            'scheme://host:port without a path, "http://localhost:*" for any port, or "*" for every origin.'
        )
    return re.compile(re.escape(origin.lower()).replace(r":\*", r"(:\d+)?"))


def _same_origin(origin: str, handshake: Handshake) -> bool:
    host = handshake.header("host")
    if not host:
        return False
    try:
        theirs, ours = urlsplit(origin), urlsplit(f"//{host}")
        if theirs.scheme != "https" and (theirs.scheme != "http" or handshake.scheme in ("https", "wss")):
            return False  # no web page; or one that anybody on the line may have written, on a server with TLS
        port = theirs.port or _DEFAULT_PORTS.get(theirs.scheme)
        # Behind a proxy that ends TLS the scheme here is http, so an absent port means the page's own default.
        return theirs.hostname == ours.hostname and port == (ours.port or _DEFAULT_PORTS.get(theirs.scheme))
    except ValueError:
        return False


def admit(handshake: Handshake, origins: Origins) -> Denied | None:
    """None when the socket may go on to its `hello`."""
    if SUBPROTOCOL not in handshake.subprotocols:
        offered = ", ".join(handshake.subprotocols) or "none"
        return Denied(CloseCode.UNKNOWN_VERSION, printable(f"this server speaks {SUBPROTOCOL}, offered: {offered}"))
    if not origins.allow(handshake):
        return Denied(CloseCode.REFUSED, "this origin is not allowed")
    return None


def subprotocol_to_echo(handshake: Handshake) -> str | None:
    """The one that is accepted: ours when it is offered, else the first.

    Without an echo Chromium reports 1006 in place of the code that the socket is then closed with.
    """
    if SUBPROTOCOL in handshake.subprotocols:
        return SUBPROTOCOL
    return handshake.subprotocols[0] if handshake.subprotocols else None
