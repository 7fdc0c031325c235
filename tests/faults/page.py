"""The page model over a real WebSocket: it opens connections for as long as it lives, and notes all that is wrong.

    async with LivePage(port, data) as page:
        call = page.ask("recorded", "key")
        assert await page.settled(call) == "ok"

What it knows of the protocol is in tests/session/page_model.py. On leaving the block it closes like a tab, and raises
what it found wrong: a rule that the server broke, an outcome that came twice, a delta that is no state of the oracle.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import random
import time
from collections import Counter
from collections.abc import Callable
from typing import Any, Self

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage

from tests.faults.oracle import DIGEST, DIGESTED, digest
from tests.faults.proxy import HOST
from tests.faults.servers import PageData
from tests.session.page_model import Link, Page, check
from wscb.protocol import codec
from wscb.protocol.messages import Delta, Drain, Hello, Location, Welcome

ACK_SECONDS = 1.0
ACK_BYTES = 64 * 1024
OPEN_SECONDS = 3.0
BROWSER_OPEN_SECONDS = 10.0
WAIT_SECONDS = float(os.environ.get("WSCB_WAIT", "20"))
"""For what must come to come. Where a defect is put in, it is less."""
FIRST_PAUSE, LONGEST_PAUSE = 0.01, 0.2
"""Between two connections that did not come about; a browser's are longer, a test's must not be."""

TROUBLE = (OSError, TimeoutError, ConnectionClosed, InvalidHandshake, InvalidMessage, EOFError)


class LiveLink(Link):
    """What goes to one socket waits here for its writer."""

    chunk_bytes = 64 * 1024

    def __init__(self) -> None:
        super().__init__()
        self.page_joiner = codec.Joiner(1 << 30)
        self.filled = asyncio.Event()

    def send(self, message: object, *, control: bool = False) -> None:
        super().send(message, control=control)
        self.filled.set()


class LivePage(Page):
    """`port` is where it connects to: a proxy's, or the server's own. `user` is who has signed in.

    `patience` is how many heartbeats it waits for a sign of life.
    """

    def __init__(self, port: int, data: PageData, *, user: str | None = None, patience: float = 1.5) -> None:
        super().__init__()
        self.doc = data.document()
        self.build = data.build
        self.modes: Counter[str] = Counter()
        """How often each mode of `welcome` came."""
        self.codes: list[int | None] = []
        """How connections ended: close codes, None for those that were cut."""
        self.drains: list[int] = []
        """Over how many ms it was told to come back."""
        self.deltas = 0
        self.ack_bytes = ACK_BYTES
        """A quarter of the window: after so many bytes it acknowledges at once."""
        self.listening = asyncio.Event()
        """While it is clear, nothing is read from the socket."""
        self.listening.set()
        self.resting = False
        """It opens no connection."""
        self.calm = False
        """It waits before it comes back as a browser does; most tests are spared that."""
        self.socket: ClientConnection | None = None
        self.port = port
        self.base = "/"
        """The prefix of the app, with a slash at both ends."""
        self._headers = {} if user is None else {"x-user": user}
        self._patience = patience
        self._callbacks = data.callbacks
        self._ids = itertools.count(1)
        self._unacked = 0
        self._ack_timer: asyncio.TimerHandle | None = None
        self._silence: float | None = None
        self._problem: BaseException | None = None
        self._changed = asyncio.Event()
        self._living: asyncio.Task[None] | None = None
        self._pause = 0.0
        self._lost: float | None = None
        self._drain: float | None = None

    async def __aenter__(self) -> Self:
        self._living = asyncio.ensure_future(self._live())
        return self

    async def __aexit__(self, kind: object, error: object, trace: object) -> None:
        if self.socket is not None and self.ready:
            with contextlib.suppress(TimeoutError, *TROUBLE):
                async with asyncio.timeout(1):
                    await self.socket.close(1001)
        await self.stop()
        if kind is None and self._problem is not None:
            raise self._problem

    async def stop(self) -> None:
        """It vanishes without a word."""
        if self._living is not None:
            self._living.cancel()
            await asyncio.gather(self._living, return_exceptions=True)
            self._living = None
        if self._ack_timer is not None:
            self._ack_timer.cancel()

    # -- verbs

    def ask(self, callback: str, payload: Any, *, retry: bool = False) -> int:
        """Calls the callback that has this output. Returns the id of the call."""
        id = next(self._ids)
        self.call(id, self._callbacks[callback], payload, retry)
        return id

    def drop(self) -> None:
        """The page's own socket is gone; the next connection comes at once."""
        if self.socket is not None:
            self.socket.transport.abort()

    async def settled(self, *ids: int) -> str:
        """How the last of these calls has ended, once all have."""
        await self.until(lambda: all(id in self.outcome for id in ids))
        return self.outcome[ids[-1]]

    def shows(self, id: str, prop: str = "children") -> Any:
        return self.doc.props.get(id, {}).get(prop)

    async def until(self, holds: Callable[[], object], seconds: float = WAIT_SECONDS) -> None:
        """Waits until something is so, looked at whenever something came. Raises what was found wrong meanwhile."""
        async with asyncio.timeout(seconds):
            while not holds():
                if self._problem is not None:
                    raise self._problem
                self._changed.clear()
                await self._changed.wait()

    async def live(self) -> None:
        """Waits until it has a welcome and is connected."""
        await self.until(lambda: self.ready)

    @property
    def found_out(self) -> bool:
        """It has given up its connection, or was told that the server has; that may still take a while to be over."""
        return not self.ready or (self.socket is not None and self.socket.protocol.close_rcvd is not None)

    def hello(self) -> Hello:
        """The one of the connection that would come next."""
        where = Location(path="/", query="")
        return Hello(
            n=self.n + 1,
            build=self.build,
            page=where,
            visible=True,
            have=self.have,
            session=self.session,
            token=self.token,
        )

    # -- connections

    def open_link(self) -> Link:
        return LiveLink()

    async def _live(self) -> None:
        while self._problem is None:
            if self.resting:
                await asyncio.sleep(FIRST_PAUSE)
                continue
            await asyncio.sleep(self._wait())
            try:
                async with asyncio.timeout(self._opens_within):
                    socket = await connect(
                        f"ws://{HOST}:{self.port}{self.base}_wscb/ws",
                        subprotocols=["wscb.v1"], compression=None, ping_interval=None, max_size=None,
                        open_timeout=None, proxy=None, additional_headers=self._headers,
                    )  # fmt: skip
            except TROUBLE:
                self._pause = min(max(self._pause, FIRST_PAUSE) * 2, LONGEST_PAUSE)
                continue
            await self._converse(socket)
            self._pause = 0.0 if self.ready else min(max(self._pause, FIRST_PAUSE) * 2, LONGEST_PAUSE)
            self._ended(socket.close_code)

    @property
    def _opens_within(self) -> float:
        return BROWSER_OPEN_SECONDS if self.calm else OPEN_SECONDS

    def _wait(self) -> float:
        """Seconds until the next connection, with full jitter."""
        if not self.calm or self._lost is None:
            return self._pause * random.random()
        away = time.monotonic() - self._lost
        drain, self._drain = self._drain, None
        return random.random() * (min(20.0, max(0.5, away / 3)) if drain is None else drain)

    async def _converse(self, socket: ClientConnection) -> None:
        """The whole life of one connection."""
        link = self.connect()
        assert isinstance(link, LiveLink)
        self.socket, self._silence, self._unacked = socket, self._opens_within, 0
        writer = asyncio.ensure_future(self._write(socket, link))
        try:
            while True:
                await self.listening.wait()
                async with asyncio.timeout(self._silence):
                    frame = await socket.recv()
                self._take(frame, link)
        except TROUBLE:
            pass
        except Exception as problem:
            self._wrong(problem)
        finally:
            writer.cancel()
            socket.transport.abort()
            await asyncio.gather(writer, socket.wait_closed(), return_exceptions=True)
            self.socket = None

    async def _write(self, socket: ClientConnection, link: LiveLink) -> None:
        with contextlib.suppress(*TROUBLE):
            while True:
                await link.filled.wait()
                link.filled.clear()
                while link.to_server:
                    await socket.send(link.to_server.pop(0))

    def _ended(self, code: int | None) -> None:
        terminal = code is not None and 4000 <= code < 5000
        self.codes.append(code if terminal else None)
        try:
            if terminal:
                self.receive(code)  # type: ignore[arg-type]
        except AssertionError as problem:
            self._wrong(problem)
        self.link, self.ready = None, False
        self._lost = self._lost or time.monotonic()
        self._changed.set()

    def _wrong(self, problem: BaseException) -> None:
        self._problem = self._problem or problem
        self._changed.set()

    # -- what comes

    def _take(self, frame: bytes | str, link: LiveLink) -> None:
        check(isinstance(frame, bytes), "frames are binary", frame)
        self._unacked += len(frame)
        self.receive(frame)
        if self._unacked >= self.ack_bytes:
            self._acknowledge()
        elif self._ack_timer is None:
            self._ack_timer = asyncio.get_running_loop().call_later(ACK_SECONDS, self._acknowledge)
        self._changed.set()

    def _acknowledge(self) -> None:
        if self._ack_timer is not None:
            self._ack_timer.cancel()
            self._ack_timer = None
        self._unacked = 0
        self.ack()

    def _receive(self, message: Any) -> None:
        if type(message) is Drain:
            self._drain = message.after / 1000
            self.drains.append(message.after)
        super()._receive(message)

    def _welcomed(self, message: Welcome) -> None:
        super()._welcomed(message)
        self.modes[message.mode] += 1
        self._lost = None
        self._silence = message.heartbeat / 1000 * self._patience

    def _commit(self, delta: Delta) -> None:
        super()._commit(delta)
        self.deltas += 1

    def check_document(self, delta: Delta) -> None:
        told = self.shows(DIGEST)
        if told is not None and any(change[1] in DIGESTED for change in delta.changes):
            check(digest(self.doc) == told, 1, "no state that the server's writes were in", delta.to, self.doc.props)
