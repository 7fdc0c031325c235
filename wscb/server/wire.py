"""The wire, line by line, when `WSCB_DEBUG=1`: `<` from the page, `>` to the page, `=` what became of the connection or
of its session.

Tokens are left out, since whoever has one can take over the session, and of its id stands what other logs show of it.
Hostile text is escaped.
"""

from __future__ import annotations

import itertools
import logging
import os
import sys
from typing import Any

from wscb.errors import BadMessage
from wscb.protocol import codec
from wscb.protocol.limits import WireLimits
from wscb.server.socket import Disconnected, Socket

LONGEST = 400
"""Characters of one line's values."""

logger = logging.getLogger("wscb.wire")

_numbers = itertools.count(1)


def watched(socket: Socket, limits: WireLimits) -> Socket:
    """The socket itself; or, when the wire is to be shown, one that says all that goes through it."""
    if os.environ.get("WSCB_DEBUG", "0") in ("", "0"):
        return socket
    if not logger.handlers:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(logging.Formatter("%(asctime)s.%(msecs)03d %(message)s", "%H:%M:%S"))
        logger.addHandler(handler)
        logger.setLevel(logging.DEBUG)
        logger.propagate = False
    return WatchedSocket(socket, limits)


def state(session: str, text: str) -> None:
    """What became of a session, in the same log; it begins with what other logs show of the session."""
    if logger.isEnabledFor(logging.DEBUG):
        logger.debug("%s = %s", session[:8], text)


class WatchedSocket:
    """A `Socket` that passes everything on. Its lines begin with its number, so that several can be told apart."""

    def __init__(self, socket: Socket, limits: WireLimits) -> None:
        self._socket = socket
        self._limits = limits
        self._number = next(_numbers)

    async def accept(self, subprotocol: str | None) -> None:
        self._say("=", f"accepted as {subprotocol}")
        await self._socket.accept(subprotocol)

    async def receive(self) -> bytes | str:
        try:
            data = await self._socket.receive()
        except Disconnected as gone:
            self._say("=", f"disconnected with {gone.code}")
            raise
        self._say("<", describe(data, self._limits))
        return data

    async def send(self, data: bytes) -> None:
        self._say(">", describe(data))
        await self._socket.send(data)

    async def close(self, code: int, reason: str) -> None:
        self._say("=", f"closed with {code} {codec.printable(reason)}")
        await self._socket.close(code, reason)

    def _say(self, mark: str, text: str) -> None:
        logger.debug("%d %s %s", self._number, mark, text)


def describe(data: bytes | str, limits: WireLimits = codec.ANY_SERVER) -> str:
    """One frame in one line of printable text. Of a page's frame no more is looked at than its limits allow."""
    if isinstance(data, str):
        return f"text {codec.printable(data, LONGEST)}"
    try:
        message = codec.unpack(data, limits)
    except BadMessage as error:
        return f"{len(data)} bytes that are no message ({error}): {data[:32].hex()}"
    if not isinstance(message, dict):
        return f"no message: {codec.printable(repr(message), LONGEST)}"
    fields = " ".join(f"{name}={_shown(name, value)}" for name, value in message.items() if name != "type")
    return codec.printable(f"{message.get('type')} {fields}", LONGEST)


def _shown(name: Any, value: Any) -> str:
    if name == "session" and isinstance(value, str):
        return value[:8] + "..."
    return "..." if name in ("session", "token") else repr(value)
