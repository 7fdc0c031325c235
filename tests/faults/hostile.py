"""Peers that mean no good: what they say on a socket, a line or by HTTP, and what a server is held to meanwhile."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import sys
import time
from collections.abc import AsyncIterator, Iterable, Iterator
from pathlib import Path
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from e2e.serving import ROOT, Server, free_port
from tests.faults.page import TROUBLE, LivePage
from tests.faults.proxy import HOST
from tests.faults.servers import Backend
from wscb.protocol import codec
from wscb.protocol.messages import Delta

AT_ONCE = 8
"""Peers that talk side by side."""

PATIENCE = 20.0
LATE = 5.0
"""Seconds that a neighbour's call takes at most. Alone it takes milliseconds; other tests may run on this machine."""

MEMORY = 64 * 2**20
"""Bytes that the process grows by at most while peers that mean no good talk to it."""

Said = Iterable[bytes | str]


async def ending(port: int, said: Said, settled: int = 0, answered: int = 0, **options: Any) -> str:
    """How it ends when this is said: `closed 4500`, or the outcomes of so many calls, as `rejected wrong_arguments`;
    or `answered`, when the call with that id has its outcome.

    Every reason of a close is short and printable.
    """
    wanted = {"subprotocols": ["wscb.v1"], "compression": None, **options}
    outcomes: list[str] = []
    async with (
        asyncio.timeout(PATIENCE),
        connect(f"ws://{HOST}:{port}/_wscb/ws", proxy=None, max_size=None, close_timeout=1, **wanted) as socket,
    ):
        speaking = asyncio.ensure_future(_say(socket, said))
        try:
            while settled == 0 or len(outcomes) < settled:
                new = _outcomes(await socket.recv())
                if answered in new:
                    outcomes = ["answered"]
                    break
                outcomes += new.values()
        except ConnectionClosed as closed:
            reason = closed.rcvd.reason if closed.rcvd else ""
            assert reason.isprintable()
            assert len(reason.encode()) <= 123
            return f"closed {closed.rcvd.code if closed.rcvd else None}"
        finally:
            speaking.cancel()
            await asyncio.gather(speaking, return_exceptions=True)
        with contextlib.suppress(*TROUBLE):
            await socket.close(1001)
    return ", ".join(outcomes)


async def _say(socket: ClientConnection, said: Said) -> None:
    with contextlib.suppress(*TROUBLE):
        for frame in said:
            await socket.send(frame)
            await asyncio.sleep(0)  # as long as the line takes more, sending does not let others go on


def _outcomes(frame: bytes | str) -> dict[int, str]:
    assert isinstance(frame, bytes)
    message = codec.decode_server(frame)
    if not isinstance(message, Delta):
        return {}
    return {id: " ".join([how, *(each.code for each in detail if each.code)]) for id, how, *detail in message.outcomes}


async def on_the_line(port: int, pieces: list[bytes]) -> int | None:
    """The code that the server closes with when these bytes are written after a handshake; None: it just ends."""
    request = (
        f"GET /_wscb/ws HTTP/1.1\r\nHost: {HOST}:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Protocol: wscb.v1\r\n\r\n"
    )
    async with asyncio.timeout(PATIENCE), _line(port) as (reader, writer):
        writer.write(request.encode())
        await reader.readuntil(b"\r\n\r\n")
        writer.writelines(pieces)
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            while True:
                opcode, payload = await _frame(reader)
                if opcode == 8:
                    return int.from_bytes(payload[:2], "big")
    return None


async def _frame(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    first, size = await reader.readexactly(2)
    if size >= 126:
        size = int.from_bytes(await reader.readexactly(2 if size == 126 else 8), "big")
    return first & 0x0F, await reader.readexactly(size)


async def exchange(port: int, request: bytes) -> bytes:
    """What the server answers to a request of these bytes."""
    async with asyncio.timeout(PATIENCE), _line(port) as (reader, writer):
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head)
        return head + (await reader.readexactly(int(length[1])) if length else await reader.read())


@contextlib.asynccontextmanager
async def _line(port: int) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection(HOST, port)
    try:
        yield reader, writer
    finally:
        writer.transport.abort()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


def frame(
    opcode: int, payload: bytes = b"", *, first: int = 0x80, masked: bool = True, length: int | None = None
) -> bytes:
    """A WebSocket frame, with what is wrong: the bits of its first byte, no mask, another length than it has."""
    size = len(payload) if length is None else length
    mark = 0x80 if masked else 0
    head = bytes([first | opcode])
    if size < 126:
        head += bytes([mark | size])
    elif size < 65536:
        head += bytes([mark | 126]) + size.to_bytes(2, "big")
    else:
        head += bytes([mark | 127]) + size.to_bytes(8, "big")
    return head + (bytes(4) if masked else b"") + payload


@contextlib.contextmanager
def bare(directory: Path, **limits: Any) -> Iterator[Backend]:
    """A server of the app as a bare `uvicorn app:server` is, which negotiates compression."""
    port, journal = free_port(), directory / "journal"
    journal.touch()
    env = {"PYTHONPATH": str(ROOT), "WSCB_JOURNAL": str(journal), "WSCB_LIMITS": json.dumps(limits)}
    command = [sys.executable, "-m", "uvicorn", "app:server", "--host", HOST, "--port", str(port)]
    server = Server(command, port, directory / "log", cwd=ROOT / "tests" / "faults", env=env).start()
    try:
        yield Backend(server, journal)
    finally:
        server.kill()


class Watch:
    """A server while something is done to it: what it took, what it logged, what is left."""

    def __init__(self, backend: Backend, memory: int) -> None:
        self.backend = backend
        self._process = Path("/proc") / str(backend.server.pid)
        self._memory = memory
        self._logged = len(backend.server.log)
        self.tracebacks = 0
        """How many there may be in the log."""

    def begin(self, figures: dict[str, Any]) -> None:
        self._figures = figures
        (self._process / "clear_refs").write_text("5")  # the peak begins at what is there now
        self._before = self._peak()

    def _peak(self) -> int:
        status = (self._process / "status").read_text()
        return int(status.split("VmHWM:")[1].split()[0]) * 1024

    @property
    def log(self) -> str:
        return self.backend.server.log[self._logged :]

    async def end(self) -> None:
        grown = self._peak() - self._before
        print(f"grew by {grown / 2**20:.1f} MiB at most")
        assert grown < self._memory
        # The last peers may still be going.
        left: dict[str, int] = {}
        deadline = time.monotonic() + PATIENCE
        while any(
            left.get(name, 1 << 30) > self._figures[name] for name in ("sessions", "tasks", "runs", "descriptors")
        ):
            assert time.monotonic() < deadline, f"something is left: {left}, before it was {self._figures}"
            left = await self.backend.figures()
        self.check_log()

    def check_log(self) -> None:
        for line in self.log.split("\n"):
            assert line.isprintable(), line
            assert not line.startswith("FORGED")
        assert self.log.count("Traceback") <= self.tracebacks, self.log


@contextlib.asynccontextmanager
async def beside(backend: Backend, memory: int = MEMORY) -> AsyncIterator[Watch]:
    """While this lasts a page is at work on the same server. It must notice nothing, and nothing may be left after it.

    Its stream has every value once, its calls are answered soon, its connection and its session stay the same.
    """
    watch = Watch(backend, memory)
    slowest = 0.0

    async def call(page: LivePage) -> None:
        nonlocal slowest
        while True:
            began = time.monotonic()
            assert await page.settled(page.ask("recorded", "beside")) == "ok"
            slowest = max(slowest, time.monotonic() - began)
            await asyncio.sleep(0.02)

    async with LivePage(backend.port, backend.page) as page:
        await page.live()
        session = page.session
        stream = page.ask("count", {"count": 10**9, "burst": 1, "pause": 0.02, "append": True})
        await page.until(lambda: page.shows("items"))
        watch.begin(await backend.figures())
        calling = asyncio.ensure_future(call(page))
        try:
            yield watch
        finally:
            calling.cancel()
            await asyncio.gather(calling, return_exceptions=True)
        await watch.end()
        page.cancel(stream)
        await page.settled(stream)
        items = page.shows("items")
        assert items == list(range(len(items)))
        assert (page.codes, page.session) == ([], session)
        print(f"a neighbour's call took {slowest * 1000:.0f} ms at most, its stream has {len(items)} values")
        assert slowest < LATE


async def together(cases: dict[str, Any], meet: Any) -> dict[str, Any]:
    """What each case came to, several side by side."""
    turn = asyncio.Semaphore(AT_ONCE)

    async def one(name: str) -> Any:
        async with turn:
            return await meet(cases[name])

    async with asyncio.TaskGroup() as group:
        met = {name: group.create_task(one(name)) for name in cases}
    return {name: task.result() for name, task in met.items()}
