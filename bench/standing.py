"""What a server costs that is asked little, beside Dash: `python bench/standing.py --pages 1000`.

Its start, the page, each connection, a page that is open, a task that waits, and a task that sets a value a thousand
times a second. Each server is a process of its own, new in each round; the two take turns. Every wait is bounded, and
all of it goes over 127.0.0.1.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import math
import os
import re
import statistics
import time
import urllib.request
from collections.abc import Mapping
from contextlib import suppress
from urllib.parse import urljoin

import psutil
import uvloop
from report import line
from run import PEERS, ROUND_WITHIN, STARTS_WITHIN, Page, Peer, Round, Server, cores, open_page, tick

AT_ONCE = 50
"""Connections that are opened at the same time."""


class Stream(Round):
    """How old each value is when it arrives; the server writes the time into it."""

    def __init__(self) -> None:
        super().__init__(1)
        self.ages: list[float] = []

    def heard(self, payload: bytes, values: list[float], now: float) -> None:
        super().heard(payload, values, now)
        arrived = time.time()
        self.ages.extend(arrived - value for value in values)


def first_page(server: Server, started: float) -> float:
    """Seconds from the start of the process to the whole first page."""
    while time.perf_counter() - started < STARTS_WITHIN:
        with suppress(OSError):
            fetch(f"http://127.0.0.1:{server.port}/")
            return time.perf_counter() - started
        time.sleep(0.002)
    raise SystemExit(f"the server of {server.peer.title} did not start")


def fetch(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=10) as answer:
        body: bytes = answer.read()
    return body


def weight(server: Server) -> float:
    """kB, packed by gzip, of the page and of the scripts and style sheets that its HTML names."""
    address = f"http://127.0.0.1:{server.port}/"
    html = fetch(address)
    named = re.findall(r'<(?:script[^>]* src|link[^>]* href)="([^"]+\.(?:js|css)[^"]*)"', html.decode())
    bodies = [html, *(fetch(urljoin(address, name)) for name in dict.fromkeys(named))]
    return sum(len(gzip.compress(body)) for body in bodies) / 1000


def memory(server: Server) -> float:
    """kB that the process has in memory."""
    return float(psutil.Process(server.pid).memory_info().rss) / 1000


async def open_pages(server: Server, count: int) -> list[Page]:
    opened: list[Page] = []
    while len(opened) < count:
        opened += await asyncio.gather(*(open_page(server) for _ in range(min(AT_ONCE, count - len(opened)))))
    return opened


async def called(opened: list[Page], before: int = 0) -> None:
    """Each page makes a call, so that it is as ready in the one as in the other. `before`: those that were made."""
    round = Round(len(opened), after=before)
    for page in opened:
        page.join(round)
        page.next()
    await asyncio.wait_for(round.done, ROUND_WITHIN)


async def measure_pages(server: Server, count: int) -> dict[str, float]:
    """CPU in µs for each that connects and makes its first call; kB for each page, and more for each task."""
    await called(warm := await open_pages(server, AT_ONCE))
    before, cpu, start = memory(server), server.cpu(), time.perf_counter()
    opened = await open_pages(server, count)
    await called(opened)
    ready, used, with_pages = time.perf_counter() - start, server.cpu() - cpu, memory(server)
    ticking = asyncio.create_task(tick(opened))
    for page in opened:
        page.start("stand")
    await called(opened, before=count)  # which comes after all of them
    with_tasks = memory(server)
    ticking.cancel()
    for page in [*warm, *opened]:
        page.leave()
    return {
        "connect": used / count * 1e6,
        "ready": ready,
        "page": (with_pages - before) / count,
        "task": (with_tasks - with_pages) / count,
    }


async def measure_stream(server: Server, seconds: float) -> dict[str, float]:
    """The age of values in ms when they arrive, and how many do in a second."""
    page = await open_page(server)
    ticking = asyncio.create_task(tick([page]))
    page.start("set")
    await asyncio.sleep(0.5)
    stream = Stream()
    page.join(stream)
    cpu = server.cpu()
    await asyncio.sleep(seconds)
    ages, used = sorted(stream.ages), server.cpu() - cpu
    ticking.cancel()
    page.leave()
    return {
        "values": len(ages) / seconds,
        "median": statistics.median(ages) * 1e3 if ages else math.inf,  # not one has arrived
        "p99": ages[int(len(ages) * 0.99)] * 1e3 if ages else math.inf,
        "load": used / seconds * 100,
    }


def measure(peer: Peer, core: int | None, options: argparse.Namespace) -> dict[str, float]:
    started = time.perf_counter()
    server = Server(peer, core)
    try:
        start = first_page(server, started)
        figure = {"start": start, "weight": weight(server)}
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            figure |= runner.run(measure_pages(server, options.pages))
            figure |= runner.run(measure_stream(server, options.seconds))
        return figure
    finally:
        server.end()


ROWS = {
    "start": "from the start of the process to its first page, s",
    "weight": "the page with what its HTML names, kB (gzip)",
    "connect": "a connection and its first call, µs of the server's CPU",
    "page": "a page that is open, kB",
    "task": "a task of it that waits, kB more",
    "values": "a task that sets a value 1000 times a second: values a second",
    "median": "their age on arrival, median, ms",
    "p99": "their age on arrival, p99, ms",
    "load": "the server's CPU for it, % of a core",
}


def table(figures: Mapping[str, list[dict[str, float]]]) -> str:
    """Markdown, medians over the rounds."""
    rows = ["| | wscb | Dash 4.4.1 | beside Dash |", "|---|---|---|---|"]
    for key, title in ROWS.items():
        ours, theirs = (statistics.median(figure[key] for figure in figures[name]) for name in ("wscb", "dash"))
        beside = "" if not 0 < theirs < math.inf else f"{ours / theirs:.2g}" if ours * 1000 > theirs else "under 0.001"
        rows.append(f"| {title} | {shown(ours)} | {shown(theirs)} | {beside} |")
    return "\n".join(rows)


def shown(value: float) -> str:
    if value == math.inf:
        return "none arrived"
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=4.0, help="of the task that sets values")
    options = parser.parse_args()
    servers_on, pages_on = cores()
    if pages_on is not None:
        os.sched_setaffinity(0, {pages_on})
    figures: dict[str, list[dict[str, float]]] = {"wscb": [], "dash": []}
    for number in range(options.rounds):
        for peer in PEERS:
            if peer.name in figures:
                figure = measure(peer, servers_on, options)
                figures[peer.name].append(figure)
                print(f"round {number + 1} {peer.name:5} {line(figure)}", flush=True)
    print(table(figures))


if __name__ == "__main__":
    main()
