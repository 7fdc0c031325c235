"""One shared task beside a copy for each page, at 20 updates a second: `python bench/shared.py --viewers 100 500`.

What counts is the server's CPU per update and viewer, and how long a call of another page takes meanwhile. Every wait
is bounded, and all of it goes over 127.0.0.1.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import time
from typing import Any

import uvloop
from peers import Wscb
from run import ROUND_WITHIN, Page, Peer, Round, Server, cores, open_page, tick

PEERS = [Peer("wscb", "shared=True", "with_shared"), Peer("wscb", "a copy each", "with_copies")]


class Viewed(Server):
    """Its pages call what has an input; the task starts by itself."""

    def dialect(self) -> Wscb:
        if self._page is None:
            page = Wscb.read_page(self.port)
            self._page = {**page, "callbacks": [spec for spec in page["callbacks"] if spec["inputs"]]}
        return Wscb(self._page)


async def open_pages(server: Server, count: int) -> list[Page]:
    return [await open_page(server) for _ in range(count)]


async def measure(server: Server, viewers: int, seconds: float) -> dict[str, float]:
    """CPU in µs per update and viewer, updates a second and viewer, and the calls of one more page, in ms."""
    opened = await open_pages(server, viewers + 1)
    caller, ticking = opened.pop(), asyncio.create_task(tick(opened))
    try:
        for page in opened:
            page.join(Round(1))
        await asyncio.sleep(1)
        heard = Round(1)
        for page in opened:
            page.join(heard)
        calls: list[float] = []
        cpu, start = server.cpu(), time.perf_counter()
        while time.perf_counter() - start < seconds:
            calls.append(await one_call(caller, len(calls)))
            await asyncio.sleep(0.007)  # so that calls come at any moment of an update
        used, took = server.cpu() - cpu, time.perf_counter() - start
        calls.sort()
        return {
            "cpu": used / heard.updates * 1e6,
            "load": used / took * 100,
            "rate": heard.updates / viewers / took,
            "p50": statistics.median(calls) * 1e3,
            "p99": calls[int(len(calls) * 0.99)] * 1e3,
        }
    finally:
        ticking.cancel()
        for page in [*opened, caller]:
            page.leave()


async def one_call(page: Page, before: int) -> float:
    round = Round(1, after=before)
    page.join(round)
    page.next()
    await asyncio.wait_for(round.done, ROUND_WITHIN)
    return round.latencies[0]


def show(title: str, viewers: int, figure: dict[str, Any]) -> None:
    cpu, load, rate, p50, p99 = (figure[name] for name in ("cpu", "load", "rate", "p50", "p99"))
    print(f"{viewers:5} viewers, {title:12} {cpu:6.1f} µs CPU per update and viewer, {load:5.1f} % of a core,", end=" ")
    print(f"{rate:4.1f} updates a second; a call takes {p50:.2f} ms, p99 {p99:.2f} ms", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--viewers", type=int, nargs="+", default=[100, 500])
    parser.add_argument("--seconds", type=float, default=4.0)
    options = parser.parse_args()
    servers_on, pages_on = cores()
    if pages_on is not None:
        os.sched_setaffinity(0, {pages_on})
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        for viewers in options.viewers:
            for peer in PEERS:
                server = Viewed(peer, servers_on)
                try:
                    server.wait()
                    show(peer.title, viewers, runner.run(measure(server, viewers, options.seconds)))
                finally:
                    server.end()


if __name__ == "__main__":
    main()
