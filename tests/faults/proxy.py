"""A TCP proxy between a page and a server, with verbs for what goes wrong on a line.

A `Way` is one direction: `proxy.up` from the page to the server, `proxy.down` back. Its settings hold for all
connections, those that are open included. A `Line` is one connection and can be treated alone.

    async with Proxy(port) as proxy:
        proxy.down.cut_after(1000)          # the 1001st byte does not arrive
        with proxy.slow(down=200_000): ...  # bytes a second
        proxy.cut(Cut.RST)

What is called a cut ends both sockets. A half-open line keeps one of them, and what that peer says goes nowhere.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import time
from collections import deque
from collections.abc import Callable, Iterator
from enum import Enum
from typing import Self

HOST = "127.0.0.1"
HELD = 64 * 1024
"""Bytes that one direction of a line takes in before they are delivered, unless its way buffers."""


class Cut(Enum):
    FIN = "fin"
    RST = "rst"


class Way:
    """One direction. `read` and `passed` count the bytes of all connections: taken in, and delivered."""

    def __init__(self) -> None:
        self.delay = 0.0
        """Seconds between taking in and delivering."""
        self.rate: float | None = None
        """Bytes a second."""
        self.split: Callable[[], int] | None = None
        """How long the next piece is at most."""
        self.lost = False
        """What is taken in is never delivered: the peer cannot tell."""
        self.buffers = False
        """All is taken in at once, however much it is."""
        self.read = 0
        self.passed = 0
        self.cut = asyncio.Event()
        """Set when the cut that was asked for has happened."""
        self._cut_at: int | None = None
        self._cut_how = Cut.FIN
        self.reading = Gate()
        self.flowing = Gate()

    def cut_after(self, count: int, how: Cut = Cut.FIN) -> None:
        """Once: of what comes from now on exactly `count` bytes arrive, then that line is cut."""
        self._cut_at = self.passed + count
        self._cut_how = how
        self.cut.clear()

    def piece(self) -> tuple[int, Cut | None]:
        """How many bytes may go now at most, and how the line is cut after so many."""
        size = HELD
        if self.rate is not None:
            size = max(1, round(self.rate / 50))
        if self.split is not None:
            size = min(size, max(1, self.split()))
        if self._cut_at is not None and self._cut_at - self.passed <= size:
            return self._cut_at - self.passed, self._cut_how
        return size, None

    def was_cut(self) -> None:
        self._cut_at = None
        self.cut.set()


class Gate(asyncio.Event):
    """Open at first."""

    def __init__(self) -> None:
        super().__init__()
        self.set()


class Pipe:
    """One direction of one line."""

    def __init__(self, way: Way, source: socket.socket, sink: socket.socket) -> None:
        self.flowing = Gate()
        self.nobody = False
        """The sink is gone, and the source does not know: what it says is taken in and forgotten."""
        self._way = way
        self._source, self._sink = source, sink
        self._held: deque[tuple[float, bytes]] = deque()
        self._size = 0
        self._changed = asyncio.Event()

    @property
    def lost(self) -> bool:
        """What its source says or does is heard by nobody."""
        return self._way.lost

    @property
    def held(self) -> int:
        """Bytes taken in and not delivered yet."""
        return self._size

    async def take_in(self) -> None:
        """Reads until the source has no more to say; raises OSError when it is gone."""
        way, loop = self._way, asyncio.get_running_loop()
        data = b"-"
        while data:
            await way.reading.wait()
            data = await loop.sock_recv(self._source, HELD)
            way.read += len(data)
            if way.lost:  # also that it has said all
                continue
            self._held.append((time.monotonic() + way.delay, data))
            self._size += len(data)
            self._changed.set()
            while self._size > HELD and not way.buffers:
                self._changed.clear()
                await self._changed.wait()

    async def deliver(self) -> Cut | None:
        """Writes until the source has said all, or the line is to be cut here; tells which."""
        while True:
            while not self._held:
                self._changed.clear()
                await self._changed.wait()
            due, data = self._held[0]
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            if not data:
                return None
            cut = await self._write(data)
            if cut is not None:
                return cut
            self._held.popleft()
            self._size -= len(data)
            self._changed.set()

    async def _write(self, data: bytes) -> Cut | None:
        way, loop = self._way, asyncio.get_running_loop()
        while data:
            await way.flowing.wait()
            await self.flowing.wait()
            size, cut = way.piece()
            if cut is not None and size > len(data):
                cut = None
            piece, data = data[:size], data[size:]
            if self.nobody:
                continue
            way.passed += len(piece)
            if piece:
                await loop.sock_sendall(self._sink, piece)
            if cut is not None:
                way.was_cut()
                return cut
            if way.rate is not None:
                await asyncio.sleep(len(piece) / way.rate)
            elif way.split is not None:
                await asyncio.sleep(0)
        return None


class Line:
    """One connection: the socket of the page, and ours to the server."""

    def __init__(self, proxy: Proxy, page: socket.socket, server: socket.socket) -> None:
        self._page, self._server = page, server
        self.up = Pipe(proxy.up, page, server)
        self.down = Pipe(proxy.down, server, page)
        self._said_all = 0
        self._left: socket.socket | None = None
        self._ending: asyncio.Future[Cut] = asyncio.get_running_loop().create_future()

    def cut(self, how: Cut = Cut.FIN) -> None:
        """Ends both sockets."""
        if not self._ending.done():
            self._ending.set_result(how)

    def leave_page(self, how: Cut = Cut.RST) -> None:
        """The page's socket ends and the server is not told. What is held of what the page said can still go."""
        self._left, self.down.nobody = self._page, True
        _close(self._page, how)

    def leave_server(self, how: Cut = Cut.RST) -> None:
        """The server's socket ends and the page is not told."""
        self._left, self.up.nobody = self._server, True
        _close(self._server, how)

    def close(self, how: Cut) -> None:
        for end in (self._page, self._server):
            _close(end, how)

    async def live(self, target: int) -> None:
        """Until it is cut, or both ends have said all, or there is nobody at the port."""
        try:
            await asyncio.get_running_loop().sock_connect(self._server, (HOST, target))
        except OSError:
            return
        pumps = [
            asyncio.ensure_future(pump)
            for pipe, source, sink in ((self.up, self._page, self._server), (self.down, self._server, self._page))
            for pump in (self._take_in(pipe, source), self._deliver(pipe, sink))
        ]
        how = Cut.RST
        try:
            how = await self._ending
        finally:
            self.close(how)
            for pump in pumps:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)

    async def _take_in(self, pipe: Pipe, source: socket.socket) -> None:
        try:
            await pipe.take_in()
        except OSError:
            if source is not self._left and not pipe.lost:
                self.cut(Cut.RST)

    async def _deliver(self, pipe: Pipe, sink: socket.socket) -> None:
        try:
            cut = await pipe.deliver()
            if cut is not None:
                self.cut(cut)
                return
            if self._left is None:
                sink.shutdown(socket.SHUT_WR)
        except OSError:
            if sink is not self._left:
                self.cut(Cut.RST)
            return
        self._said_all += 1
        if self._said_all == 2 or self._left is not None:
            self.cut(Cut.FIN)


def _close(end: socket.socket, how: Cut) -> None:
    if end.fileno() < 0:
        return
    if how is Cut.RST:
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    loop = asyncio.get_running_loop()
    loop.remove_reader(end)
    loop.remove_writer(end)
    end.close()


class Proxy:
    """Listens on a port of its own and connects to `target`, which can be changed for the connections to come."""

    def __init__(self, target: int) -> None:
        self.target = target
        self.port = 0
        self.up, self.down = Way(), Way()
        self.lines: list[Line] = []
        """Open ones, the newest last."""
        self.opened = 0
        self._listener: socket.socket | None = None
        self._living: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self.accept()
        return self

    async def __aexit__(self, *_: object) -> None:
        self.refuse()
        tasks = self._living.copy()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    # verbs

    def accept(self) -> None:
        """Takes connections, on the same port as before."""
        self._listener = listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, self.port))
        listener.listen(2048)
        listener.setblocking(False)
        self.port = listener.getsockname()[1]
        asyncio.get_running_loop().add_reader(listener, self._accept, listener)

    def refuse(self) -> None:
        """New connections are refused; those that are open stay."""
        if self._listener is not None:
            _close(self._listener, Cut.FIN)
            self._listener = None

    def cut(self, how: Cut = Cut.FIN) -> None:
        """Every open line."""
        for line in self.lines:
            line.cut(how)

    @contextlib.contextmanager
    def refused(self, how: Cut = Cut.FIN) -> Iterator[None]:
        """Nobody gets through: open lines are cut, new ones refused."""
        self.refuse()
        self.cut(how)
        try:
            yield
        finally:
            self.accept()

    @contextlib.contextmanager
    def slow(self, *, up: float | None = None, down: float | None = None) -> Iterator[None]:
        """So many bytes a second."""
        self.up.rate, self.down.rate = up, down
        try:
            yield
        finally:
            self.up.rate = self.down.rate = None

    @contextlib.contextmanager
    def delayed(self, *, up: float = 0.0, down: float = 0.0) -> Iterator[None]:
        """So many seconds from one end to the other."""
        self.up.delay, self.down.delay = up, down
        try:
            yield
        finally:
            self.up.delay = self.down.delay = 0.0

    @contextlib.contextmanager
    def split(self, size: Callable[[], int]) -> Iterator[None]:
        """Nothing arrives in one piece: `size` says how long the next one is at most."""
        self.up.split = self.down.split = size
        try:
            yield
        finally:
            self.up.split = self.down.split = None

    @staticmethod
    @contextlib.contextmanager
    def blackholed(*ways: Way) -> Iterator[None]:
        """What is said this way is gone for good and nobody is told. A line that lost something must be cut after."""
        for way in ways:
            way.lost = True
        try:
            yield
        finally:
            for way in ways:
                way.lost = False

    @staticmethod
    @contextlib.contextmanager
    def buffered(way: Way) -> Iterator[None]:
        """All is taken in, nothing is delivered; then all at once."""
        way.buffers = True
        way.flowing.clear()
        try:
            yield
        finally:
            way.buffers = False
            way.flowing.set()

    @staticmethod
    @contextlib.contextmanager
    def stalled(way: Way) -> Iterator[None]:
        """Nothing is taken in, so that in the end the one who sends is stopped by its own full buffers."""
        way.reading.clear()
        way.flowing.clear()
        try:
            yield
        finally:
            way.reading.set()
            way.flowing.set()

    # connections

    def _accept(self, listener: socket.socket) -> None:
        page, _ = listener.accept()
        server = socket.socket()
        for end in (page, server):
            end.setblocking(False)
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        line = Line(self, page, server)
        self.lines.append(line)
        self.opened += 1
        living = asyncio.ensure_future(line.live(self.target))
        self._living.add(living)
        living.add_done_callback(lambda done: self._ended(line, done))

    def _ended(self, line: Line, living: asyncio.Task[None]) -> None:
        line.close(Cut.RST)  # of one that was ended before it began
        self.lines.remove(line)
        self._living.discard(living)
