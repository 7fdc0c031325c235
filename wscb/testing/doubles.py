"""A clock moved by hand, and a socket without a network."""

from __future__ import annotations

import asyncio

from wscb.protocol import codec
from wscb.protocol.messages import Chunk, ServerMessage
from wscb.server.socket import Disconnected

_NO_LIMIT = 2**40


class ManualClock:
    """Seconds that pass when a test says so."""

    def __init__(self, now: float = 0.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> float:
        """Lets time pass, and returns the new time."""
        self.now += seconds
        return self.now


class FakeSocket:
    """A `Socket` without a network. `say` and `hear` are the page's side of it; `drop` and `stall` are the trouble."""

    def __init__(self) -> None:
        self.accepted_with: str | None = None
        self.closed_with: tuple[int, str] | None = None
        self._to_server: asyncio.Queue[bytes | str | Disconnected] = asyncio.Queue()
        self._to_page: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._joiner = codec.Joiner(_NO_LIMIT)
        self._writable = asyncio.Event()
        self._writable.set()

    # the server's side

    async def accept(self, subprotocol: str | None) -> None:
        self.accepted_with = subprotocol

    async def receive(self) -> bytes | str:
        item = await self._to_server.get()
        if isinstance(item, Disconnected):
            raise item
        return item

    async def send(self, data: bytes) -> None:
        await self._writable.wait()
        if self.closed_with is None:
            self._to_page.put_nowait(data)

    async def close(self, code: int, reason: str) -> None:
        await self._writable.wait()
        self._end(code, reason)

    # the page's side

    def say(self, message: object) -> None:
        """Sends one message to the server."""
        self.say_raw(codec.encode(message))

    def say_raw(self, data: bytes | str) -> None:
        """Sends a frame as it is, whatever it is."""
        self._to_server.put_nowait(data)

    async def hear(self) -> ServerMessage:
        """The next message of the server, chunks joined. Raises `Disconnected` with the code when it has closed."""
        while True:
            data = await self._to_page.get()
            if data is None:
                self._to_page.put_nowait(None)
                raise Disconnected(self.closed_with[0] if self.closed_with else 1006)
            message = codec.decode_server(data)
            if not isinstance(message, Chunk):
                return message
            joined = self._joiner.feed(message)
            if joined is not None:
                return codec.decode_server(joined)

    def drop(self, code: int = 1006) -> None:
        """Cuts the line; 1001 is a page that leaves."""
        self._to_server.put_nowait(Disconnected(code))
        self._end(code, "dropped")

    def stall(self) -> None:
        """The page's machine takes no more bytes."""
        self._writable.clear()

    def resume(self) -> None:
        self._writable.set()

    def _end(self, code: int, reason: str) -> None:
        if self.closed_with is None:
            self.closed_with = (code, reason)
            self._to_page.put_nowait(None)
            self._to_server.put_nowait(Disconnected(code))
