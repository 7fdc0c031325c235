"""wscb beside Dash and a bare echo, in one run: `make bench`, or `make bench ARGS="--rounds 1 --calls 2000"`.

Each server is a process of its own on one core; this process is the pages, on another. The rounds are interleaved, so
that what a shared machine does to one it does to all. What counts is the server's CPU per message: its own processor
time between the first call and the last answer. All of it goes over 127.0.0.1, and every wait is bounded.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import report
import uvloop
from peers import Dash, Dialect, Echo, Wscb
from picows import WSCloseCode, WSFrame, WSListener, WSMsgType, WSTransport, ws_connect

HERE = Path(__file__).parent
SHAPES = {"one": (1, 1), "deep": (1, 64), "wide": (64, 1)}  # connections, calls in flight on each
STARTS_WITHIN = 20.0
ROUND_WITHIN = 60.0


@dataclass(frozen=True)
class Peer:
    name: str
    title: str
    module: str
    share: float = 1.0  # of the calls of a round; a slow peer makes fewer, so that its rounds are about as long
    loops: bool = True  # whether it can be asked for a loop of updates


PEERS = [
    Peer("wscb", "wscb, FastAPI", "with_wscb"),
    Peer("dash", "Dash 4.4.1, FastAPI", "with_dash", share=0.25),
    Peer("echo", "Starlette echo", "echo", loops=False),
]


class Server:
    """A server process, its port, and the processor time it has used."""

    def __init__(self, peer: Peer, core: int | None) -> None:
        self.peer = peer
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        command = [sys.executable, str(HERE / "serve.py"), peer.module, str(self.port)]
        self._process = subprocess.Popen(command + ([str(core)] if core is not None else []), cwd=HERE)
        self.pid = self._process.pid
        self._usage = psutil.Process(self.pid)
        self._page: dict[str, Any] | None = None

    def wait(self) -> None:
        deadline = time.monotonic() + STARTS_WITHIN
        while True:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"the server of {self.peer.title} did not start")
            time.sleep(0.05)

    def cpu(self) -> float:
        """Seconds, its threads included."""
        times = self._usage.cpu_times()
        return times.user + times.system

    def dialect(self) -> Dialect:
        if self.peer.name == "wscb":
            self._page = self._page or Wscb.read_page(self.port)
            return Wscb(self._page)
        return Dash() if self.peer.name == "dash" else Echo()

    def end(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class Page(WSListener):  # type: ignore[misc]
    """One connection that keeps so many calls in flight, until the run has no more to hand out."""

    def __init__(self, dialect: Dialect, opened: asyncio.Future[None]) -> None:
        self._dialect = dialect
        self._opened = opened
        self._kind = WSMsgType.BINARY if dialect.binary else WSMsgType.TEXT
        self._round: Round | None = None
        self._sent: dict[int, float] = {}

    def on_ws_connected(self, transport: WSTransport) -> None:
        self._transport = transport
        opening = list(self._dialect.opening())
        for words in opening:
            self._say(words)
        if not opening:
            self._opened.set_result(None)

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if frame.msg_type == WSMsgType.CLOSE:
            self._fail(RuntimeError(f"closed with {frame.get_close_code()} {frame.get_close_message()}"))
        elif frame.msg_type in (WSMsgType.BINARY, WSMsgType.TEXT):
            try:
                self._hear(frame.get_payload_as_bytes())
            except Exception as error:  # a callback of the event loop: whoever awaits the round shall see it
                self._fail(error)

    def _hear(self, payload: bytes) -> None:
        now = time.perf_counter()
        if not self._opened.done():
            if self._dialect.ready(payload):
                self._opened.set_result(None)
            return
        heard = self._dialect.incoming(payload)
        for words in heard.answers:
            self._say(words)
        if self._round is not None:
            self._round.heard(payload, heard.values, now)
            for number in heard.ended:
                self._round.ended(now - self._sent.pop(number))
                self.next()

    def _fail(self, error: Exception) -> None:
        if not self._opened.done():
            self._opened.set_exception(error)
        elif self._round is not None:
            self._round.fail(error)

    def _say(self, words: bytes) -> None:
        self._transport.send(self._kind, words)

    def join(self, round: Round) -> None:
        self._round = round

    def leave(self) -> None:
        """Closes as a browser does whose tab is closed."""
        self._round = None
        self._transport.send_close(WSCloseCode.GOING_AWAY)
        self._transport.disconnect()

    def next(self) -> None:
        """Makes the next call, if there is one."""
        assert self._round is not None
        number = self._round.take()
        if number is not None:
            self._sent[number] = time.perf_counter()
            self._say(self._dialect.call(number))

    def start(self, source: str) -> None:
        self._say(self._dialect.start(source))

    def loop(self, count: int) -> None:
        self._sent[0] = time.perf_counter()
        self._say(self._dialect.loop(0, count))

    def tick(self) -> None:
        for words in self._dialect.tick():
            self._say(words)


class Round:
    """One measurement: so many calls, or one loop of updates. A page numbers its calls on, here from `after`."""

    def __init__(self, calls: int, after: int = 0) -> None:
        self.calls = calls
        self.latencies: list[float] = []
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.first: float | None = None
        self.last = 0.0
        self.updates = self.frames = self.bytes = 0
        self._after = after
        self._taken = 0

    def take(self) -> int | None:
        """The number of the next call; None when all are made."""
        if self._taken == self.calls:
            return None
        self._taken += 1
        return self._after + self._taken

    def ended(self, latency: float) -> None:
        self.latencies.append(latency)
        if len(self.latencies) == self.calls and not self.done.done():
            self.done.set_result(None)

    def heard(self, payload: bytes, values: list[float], now: float) -> None:
        self.frames += 1
        self.bytes += len(payload)
        if values:
            self.updates += len(values)
            self.last = values[-1]
            self.first = now if self.first is None else self.first

    def fail(self, error: Exception) -> None:
        if not self.done.done():
            self.done.set_exception(error)


async def open_page(server: Server) -> Page:
    """A page that may call."""
    dialect = server.dialect()
    ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    address = f"127.0.0.1:{server.port}"
    headers = {"Origin": f"http://{address}", **dialect.headers}
    _, page = await ws_connect(lambda: Page(dialect, ready), f"ws://{address}{dialect.path}", extra_headers=headers)
    await asyncio.wait_for(ready, STARTS_WITHIN)
    return page


@asynccontextmanager
async def pages(server: Server, count: int) -> AsyncIterator[list[Page]]:
    """So many open pages; each says its word once a second."""
    opened = [await open_page(server) for _ in range(count)]
    ticking = asyncio.create_task(tick(opened))
    try:
        yield opened
    finally:
        ticking.cancel()
        for page in opened:
            page.leave()


async def tick(opened: list[Page]) -> None:
    while True:
        await asyncio.sleep(1)
        for page in opened:
            page.tick()


async def measure_calls(server: Server, connections: int, in_flight: int, calls: int) -> dict[str, float]:
    """CPU in µs a call, calls a second, the median time of a call in µs. A tenth of the calls go before, unmeasured."""
    async with pages(server, connections) as opened:
        warm_up = max(calls // 10, connections * in_flight)
        for round in (Round(warm_up), Round(calls, after=warm_up)):
            cpu, start = server.cpu(), time.perf_counter()
            for page in opened:
                page.join(round)
                for _ in range(in_flight):
                    page.next()
            await asyncio.wait_for(round.done, ROUND_WITHIN)
            seconds = time.perf_counter() - start
        return {
            "cpu": (server.cpu() - cpu) / calls * 1e6,
            "rate": calls / seconds,
            "p50": statistics.median(round.latencies) * 1e6,
        }


async def measure_loop(server: Server, updates: int) -> dict[str, float]:
    """A loop of `set_props`: when its first and its last value were there, in s, and what came over the wire."""
    async with pages(server, 1) as (page,):
        round = Round(1)
        page.join(round)
        cpu, start = server.cpu(), time.perf_counter()
        page.loop(updates)
        await asyncio.wait_for(round.done, ROUND_WITHIN)
        seconds = time.perf_counter() - start
        if round.last != updates:
            raise RuntimeError(f"the last value was {round.last}, not {updates}")
        assert round.first is not None
        return {
            "seconds": seconds,
            "first": round.first - start,
            "cpu": server.cpu() - cpu,
            "updates": round.updates,
            "frames": round.frames,
            "bytes": round.bytes,
        }


@contextmanager
def serving(names: list[str], core: int | None) -> Iterator[list[Server]]:
    servers: list[Server] = []
    try:
        servers.extend(Server(peer, core) for peer in PEERS if peer.name in names)
        for server in servers:
            server.wait()
        yield servers
    finally:
        for server in servers:
            server.end()


async def measure(servers: list[Server], options: argparse.Namespace) -> report.Figures:
    """The figures of every round, by what was measured and by whom; what is compared is measured in turns."""
    figures: report.Figures = {}
    for number in range(options.rounds):
        for what in (*SHAPES, "loop"):
            for server in servers:
                if what == "loop" and not server.peer.loops:
                    continue
                figure = await one(server, what, options)
                figures.setdefault(what, {}).setdefault(server.peer.name, []).append(figure)
                print(f"round {number + 1} {what:5} {server.peer.name:5} {report.line(figure)}", flush=True)
    return figures


async def one(server: Server, what: str, options: argparse.Namespace) -> dict[str, float]:
    if what == "loop":
        return await measure_loop(server, options.updates)
    connections, in_flight = SHAPES[what]
    calls = int(options.calls * server.peer.share * (0.25 if what == "one" else 1))
    return await measure_calls(server, connections, in_flight, calls)


def cores() -> tuple[int | None, int | None]:
    """One core for the servers and one for the pages; none is chosen where there is but one, or no choice."""
    if not hasattr(os, "sched_getaffinity") or len(os.sched_getaffinity(0)) < 2:
        return None, None
    first, second, *_ = sorted(os.sched_getaffinity(0))
    return first, second


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--calls", type=int, default=20_000, help="in a round, of each shape")
    parser.add_argument("--updates", type=int, default=100_000, help="in a loop")
    parser.add_argument("--only", nargs="+", default=[peer.name for peer in PEERS], help="these peers")
    parser.add_argument("--keep", action="store_true", help="leave the table in README.md as it is")
    options = parser.parse_args()
    servers_on, pages_on = cores()
    if pages_on is not None:
        os.sched_setaffinity(0, {pages_on})
    with serving(options.only, servers_on) as servers, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        figures = runner.run(measure(servers, options))
    text = report.table(figures, {peer.name: peer.title for peer in PEERS}, options)
    print(text)
    if not options.keep:
        report.write(text, HERE / "README.md")


if __name__ == "__main__":
    main()
