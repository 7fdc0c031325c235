"""What a backend supplies for one connection: four members, and what the handshake said."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

SUBPROTOCOL = "wscb.v1"


class Disconnected(Exception):
    """The peer is gone. `code` is its close code: 1001 for a page that leaves, 1006 for a line that was cut."""

    def __init__(self, code: int = 1006) -> None:
        super().__init__(f"disconnected with {code}")
        self.code = code


class Socket(Protocol):
    """One WebSocket connection, before it is accepted.

    `send` may return before the bytes are on the wire, but not while the transport is over its high-water mark: that is
    the back-pressure that the session builds on.
    """

    async def accept(self, subprotocol: str | None) -> None: ...

    async def receive(self) -> bytes | str:
        """The next message; raises `Disconnected`."""
        ...

    async def send(self, data: bytes) -> None:
        """Sends one binary message; raises `Disconnected`."""
        ...

    async def close(self, code: int, reason: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Handshake:
    """What the browser said when it connected or called. Header names are in lower case."""

    path: str = "/"
    query: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    subprotocols: tuple[str, ...] = ()
    remote_addr: str | None = None
    scheme: str = "http"
    user: object = None
    cookies: dict[str, str] = field(default_factory=dict)
    connection: Any = field(default=None, repr=False, compare=False)
    """What the backend wants to see of it again, when it fills a callback's parameters."""

    def header(self, name: str) -> str | None:
        """The first header of that name, which is given in lower case."""
        return next((value for key, value in self.headers if key == name), None)

    @property
    def content_type(self) -> str:
        """Of the body, in lower case and without parameters; empty where nothing is said."""
        return (self.header("content-type") or "").split(";")[0].strip().lower()
