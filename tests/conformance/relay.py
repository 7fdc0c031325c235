"""Makes a page's connection of one that knows nothing of wscb.

What comes in is passed on to the server's own socket with the subprotocol that this wants and, when a `build` is given,
after the words that a page says first. Of what the server says only control frames are passed back: the page's data is
no business of who is out there to look at frames.

When such a connection has ended, the page comes back, as pages do: it must find its session again, unless the close
said that there is none any more. Then it leaves, so that nothing has to wait for the grace period.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import secrets
import struct
from asyncio import StreamReader, StreamWriter
from collections import Counter
from typing import Self

from e2e.serving import HOST
from wscb.protocol.closing import CloseCode, comes_back
from wscb.protocol.codec import decode_server, encode
from wscb.protocol.messages import Hello, Location, Welcome
from wscb.server.socket import SUBPROTOCOL

OFFER = f"Sec-WebSocket-Protocol: {SUBPROTOCOL}\r\n".encode()
REQUEST = (
    f"GET /_wscb/ws HTTP/1.1\r\nHost: {HOST}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: d3NjYiBjb25mb3JtYW5jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
).encode()
ANSWERS_WITHIN = 10.0
BINARY, CLOSE, CONTROL = 2, 8, 8
NORMAL, GOING_AWAY = 1000, 1001


class Relay:
    """Listens while the block lasts. `build` is the server's own: with it each connection is one of a session."""

    def __init__(self, port: int, build: str | None) -> None:
        self.modes: Counter[str] = Counter()
        """How pages that came back were welcomed."""
        self.problems: list[str] = []
        self.url = ""
        self._port = port
        self._build = build

    async def __aenter__(self) -> Self:
        self._listener = await asyncio.start_server(self._relay, HOST, 0)
        self._open: set[asyncio.Task[None]] = set()
        self.url = f"ws://{HOST}:{self._listener.sockets[0].getsockname()[1]}/_wscb/ws"
        return self

    async def __aexit__(self, *exception: object) -> None:
        self._listener.close()
        await asyncio.gather(*self._open)  # each comes back and leaves; all of that is bounded

    async def _relay(self, reader: StreamReader, writer: StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            await self._page(reader, writer)
        except Exception as error:
            self.problems.append(f"a connection of the relay failed: {error!r}")
        finally:
            writer.close()
            self._open.discard(task)

    async def _page(self, reader: StreamReader, writer: StreamWriter) -> None:
        async with asyncio.timeout(ANSWERS_WITHIN):
            line, head = await self._connect(await reader.readuntil(b"\r\n\r\n"))
            welcome = None if self._build is None else await line.hello(self._build)
        writer.write(re.sub(rb"(?i)sec-websocket-protocol:[^\r]*\r\n", b"", head))
        code = await line.converse(reader, writer)
        if welcome is not None:
            async with asyncio.timeout(ANSWERS_WITHIN):
                await self._come_back(welcome, code)

    async def _come_back(self, first: Welcome, code: int | None) -> None:
        line, _ = await self._connect(REQUEST)
        assert self._build is not None
        welcome = await line.hello(self._build, first)
        self.modes[welcome.mode] += 1
        if code != NORMAL and (welcome.mode == "new") is not over(
            code
        ):  # before a 1000 something else may have ended it
            self.problems.append(f"after a close with {code} the page was welcomed as {welcome.mode}")
        await line.leave()

    async def _connect(self, request: bytes) -> tuple[Line, bytes]:
        """A connection to the server, and what it answered to the handshake."""
        line = Line(*await asyncio.open_connection(HOST, self._port))
        line.writer.write(request[:-2] + OFFER + b"\r\n")
        return line, await line.reader.readuntil(b"\r\n\r\n")


class Line:
    """The side of the relay that the server sees."""

    def __init__(self, reader: StreamReader, writer: StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def hello(self, build: str, first: Welcome | None = None) -> Welcome:
        """Says what a page says first, as one that comes back if there was a `first` welcome; returns the answer."""
        session, token = (None, None) if first is None else (first.session, first.token)
        where = Location(path="/", query="")
        n = 1 if first is None else 2
        message = Hello(n=n, build=build, page=where, visible=True, have=0, session=session, token=token)
        self.writer.write(frame(BINARY, encode(message)))
        opcode, _, payload = await self._frame()
        answer = decode_server(payload) if opcode == BINARY else payload
        if not isinstance(answer, Welcome):
            raise ValueError(f"no welcome: {answer!r}")
        return answer

    async def converse(self, reader: StreamReader, writer: StreamWriter) -> int | None:
        """Until the server ends the connection; returns the code of its close frame, None if it sent none."""
        up = asyncio.create_task(self._pass_up(reader))
        code = None
        try:
            while True:
                opcode, raw, payload = await self._frame()
                if opcode >= CONTROL:
                    writer.write(raw)
                if opcode == CLOSE and len(payload) >= 2:
                    code = struct.unpack("!H", payload[:2])[0]
        except (asyncio.IncompleteReadError, OSError):
            return code
        finally:
            writer.close()
            up.cancel()
            await asyncio.gather(up, return_exceptions=True)
            self.writer.close()

    async def leave(self) -> None:
        """As a tab that is closed."""
        self.writer.write(frame(CLOSE, struct.pack("!H", GOING_AWAY)))
        with contextlib.suppress(OSError):
            while await self.reader.read(65536):
                pass
        self.writer.close()

    async def _pass_up(self, reader: StreamReader) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                self.writer.write(data)
                await self.writer.drain()
            self.writer.write_eof()

    async def _frame(self) -> tuple[int, bytes, bytes]:
        """The next frame of the server: its opcode, its bytes, its payload."""
        head = await self.reader.readexactly(2)
        size = head[1] & 0x7F
        extended = {126: 2, 127: 8}.get(size, 0)
        if extended:
            head += await self.reader.readexactly(extended)
            size = int.from_bytes(head[2:])
        payload = await self.reader.readexactly(size)
        return head[0] & 0x0F, head + payload, payload


def over(code: int | None) -> bool:
    """Whether a connection that was closed so has ended its session. Codes that are not ours are those of the page."""
    return code == GOING_AWAY or (code in set(CloseCode) and not comes_back(code))


def frame(opcode: int, payload: bytes) -> bytes:
    """A frame as a page sends it."""
    assert len(payload) < 65536
    size = bytes([0x80 | len(payload)]) if len(payload) < 126 else b"\xfe" + struct.pack("!H", len(payload))
    mask = secrets.token_bytes(4)
    return bytes([0x80 | opcode]) + size + mask + bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload))
