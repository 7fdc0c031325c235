"""Autobahn's cases against the demo's server, into docs/conformance.md: `make conformance`.

Both ways to serve are run, each in a process of its own: the cases go to an echo beside wscb, which shows what the
server below does, and to wscb's own socket, once before its hello and once within a session. `--quick` leaves out the
many large messages and writes nothing. What is not passed and not known, or wrong, ends the run with 1.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from kosoku import FailureError, run_fuzzingclient
from kosoku._kosoku import CaseResult
from kosoku.cases import CASES

from e2e.serving import HOST, ROOT, Server, free_port
from tests.conformance.relay import Relay
from tests.conformance.report import Echoed, Own, write
from tests.conformance.verdicts import WRONG, cut_short, outcome

APP = "tests.conformance.serve"
BASE = ("1.*", "2.*", "3.*", "4.*", "5.*", "6.*", "7.*", "10.*")
LARGE, COMPRESSED = ("9.*",), ("12.*", "13.*")
AT_ONCE = 2
RUN_WITHIN = 1800.0
ENDS_WITHIN = 20.0
UVICORN_SAYS = "Invalid UTF-8 sequence received"
"""The one thing that uvicorn logs as an error of a peer's."""


def command(stack: str, port: int) -> list[str]:
    if stack == "app.run":
        return [sys.executable, "-m", APP, str(port)]
    return [sys.executable, "-m", "uvicorn", f"{APP}:server", "--host", HOST, "--port", str(port)]


@contextmanager
def serving(stack: str) -> Iterator[tuple[Server, int]]:
    """A server of its own; its log must be free of exceptions."""
    port = free_port()
    with tempfile.TemporaryDirectory() as directory:
        server = Server(command(stack, port), port, Path(directory, "log"), cwd=ROOT, env={})
        try:
            yield server.start(), port
        finally:
            if server.running:
                server.stop()
        errors = [line for line in server.log.splitlines() if line.startswith("ERROR") and UVICORN_SAYS not in line]
        if errors:
            raise SystemExit(f"the log of {stack} has errors: {errors[:5]}")


async def cases(url: str, names: Sequence[str], at_once: int = AT_ONCE) -> list[CaseResult]:
    """Their results, also of those that failed."""
    async with asyncio.timeout(RUN_WITHIN):
        try:
            return await run_fuzzingclient(url, list(names), concurrency=at_once)
        except FailureError as failure:
            return failure.results


async def compressed_cases(url: str) -> list[CaseResult]:
    """They end at any ping, so those that take longer than uvicorn's keepalive, 20 s, are run again heedless of it."""
    results = await cases(url, COMPRESSED, at_once=1)
    again = [result.case_id for result in results if cut_short(result)]
    for name in again:
        CASES[name].onPing = lambda self, payload: None
    whole = {result.case_id: result for result in await cases(url, again)} if again else {}
    return [whole.get(result.case_id, result) for result in results]


async def emptied(port: int) -> dict[str, int]:
    """Waits until no session is left, for less long than a session waits for its page; returns what there is then."""
    deadline = time.monotonic() + ENDS_WITHIN
    while True:
        figures: dict[str, int] = await asyncio.to_thread(ask, port)
        if figures["sessions"] == 0 or time.monotonic() > deadline:
            return figures
        await asyncio.sleep(0.1)


def ask(port: int) -> dict[str, int]:
    with urllib.request.urlopen(f"http://{HOST}:{port}/figures", timeout=10) as answer:
        figures: dict[str, int] = json.load(answer)
        return figures


async def own_socket(stack: str, port: int, build: str | None, names: Sequence[str]) -> Own:
    async with Relay(port, build) as relay:
        results = await cases(relay.url, names)
    figures = await emptied(port)
    return Own(stack, build is not None, results, relay.modes, relay.problems, figures)


async def measure(stack: str, quick: bool) -> tuple[Echoed, list[Own]]:
    with serving(stack) as (server, port):
        before = ask(port)
        print(f"{stack}: the echo", flush=True)
        url = f"ws://{HOST}:{port}/echo"
        results = await cases(url, BASE if quick else (*BASE, *LARGE))
        if not quick:
            results += await compressed_cases(url)
        echoed = Echoed(stack, stack != "app.run", results)
        owns = []
        for build in (None, str(server.status()["build"])):
            print(f"{stack}: wscb's own socket, {'in a session' if build else 'before hello'}", flush=True)
            own = await own_socket(stack, port, build, BASE if quick else (*BASE, *LARGE))
            if own.figures["sessions"] or own.figures["tasks"] > before["tasks"] + 2:
                own.problems.append(f"left behind: {own.figures}, at first {before}")
            owns.append(own)
        if not server.status().get("ready"):
            raise SystemExit(f"{stack}: the server does not answer any more")
    return echoed, owns


def complaints(echoes: list[Echoed], owns: list[Own]) -> list[str]:
    """What nobody has explained yet."""
    found = [
        f"{echo.stack} {result.case_id}: {result.behavior.value}, {result.behavior_close.value}: {result.result}"
        for echo in echoes
        for result in echo.results
        if not echo.explained(result)
    ]
    for own in owns:
        found += [f"{own.title}: {problem}" for problem in own.problems]
        found += [
            f"{own.title} {result.case_id}: closed with {result.remote_close_code}, {result.result}"
            for result in own.results
            if outcome(result) == WRONG
        ]
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="no large or compressed messages, and no report")
    options = parser.parse_args()
    echoes, owns = [], []
    start = time.monotonic()
    for stack in ("app.run", "uvicorn"):
        echoed, both = asyncio.run(measure(stack, options.quick))
        echoes.append(echoed)
        owns += both
    for line in (*(echo.line() for echo in echoes), *(own.line() for own in owns)):
        print(line)
    found = complaints(echoes, owns)
    print("\n".join(found) or f"nothing unexplained, in {time.monotonic() - start:.0f} s")
    if not options.quick and not found:
        write(echoes, owns, ROOT / "docs" / "conformance.md")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
