"""Several processes behind one port, where a connection reaches any of them."""

from __future__ import annotations

import asyncio
import json
import os
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from tests.backends.process import Process, serving
from tests.faults.page import LivePage
from tests.faults.servers import LIMITS, PageData, read_page
from tests.faults.sizes import FULL

COMMANDS = {
    "uvicorn": "uvicorn --workers 2 --ws websockets-sansio --port {port} tests.faults.app:server",
    "gunicorn": "gunicorn -w 2 -k uvicorn.workers.UvicornWorker --bind 127.0.0.1:{port} tests.faults.app:server",
}
PAGES = 3


class Fleet:
    """Processes on one port, and what has run in any of them."""

    def __init__(self, server: Process, journal: Path) -> None:
        self.url = f"{server.url}/"
        self.port = int(server.url.rpartition(":")[2])
        self.data: PageData = read_page(self.url)
        self._journal = journal

    def ran(self) -> Counter[str]:
        return Counter(self._journal.read_text().split("\n")[:-1])

    async def release_until(self, holds: Callable[[], object]) -> None:
        """Lets end what holds in every process: each time another of them may hear it."""
        async with httpx.AsyncClient() as client, asyncio.timeout(20):
            while not holds():
                await client.post(f"{self.url}faults/release", headers={"connection": "close"})


@pytest.fixture(params=COMMANDS if os.environ.get(FULL) else ["gunicorn"])
def fleet(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Fleet]:
    journal = tmp_path / "journal"
    journal.touch()
    monkeypatch.setenv("WSCB_JOURNAL", str(journal))
    monkeypatch.setenv("WSCB_LIMITS", json.dumps(LIMITS))
    with serving(COMMANDS[request.param].split(), "fastapi", tmp_path) as server:
        yield Fleet(server, journal)


async def test_a_resume_that_reaches_another_process(fleet: Fleet) -> None:
    """The page goes on as it stands, as a new session; each open call has one outcome, and runs once if it may not
    be repeated."""
    asyncio.get_running_loop().set_debug(False)
    moved = asyncio.Barrier(PAGES)
    async with asyncio.TaskGroup() as pages:
        for number in range(PAGES):
            pages.create_task(_moves(fleet, f"page {number}", moved))
    ran = fleet.ran()
    for number in range(PAGES):
        key = f"page {number}"
        assert ran[f"{key} before"] == ran[f"{key} handed begun"] == ran[f"{key} gap"] == 1
        assert ran[f"{key} again begun"] >= 2


async def _moves(fleet: Fleet, key: str, moved: asyncio.Barrier) -> None:
    async with LivePage(fleet.port, fleet.data) as page:
        assert await page.settled(page.ask("recorded", f"{key} before")) == "ok"
        handed = page.ask("held", f"{key} handed")
        again = page.ask("held", f"{key} again", retry=True)
        await _until(lambda: fleet.ran()[f"{key} again begun"] and fleet.ran()[f"{key} handed begun"])
        gap = 0
        while page.modes["new"] == 1:  # a connection may come back to its own process
            connections = page.modes.total()
            page.resting = True
            page.drop()
            await page.until(lambda: not page.ready)
            gap = gap or page.ask("recorded", f"{key} gap")
            page.resting = False
            await page.until(lambda connections=connections: page.ready and page.modes.total() > connections)
            assert await page.settled(gap) == "ok"
        assert await page.settled(handed) == "unknown"
        await _until(lambda: fleet.ran()[f"{key} again begun"] >= 2)
        await moved.wait()  # what is released is what holds of any page
        await fleet.release_until(lambda: again in page.outcome)
        assert page.outcome[again] == "ok"
        assert page.shows("recorded")[0] == f"{key} before"
        assert set(page.codes) == {None}, "nobody was told to load the page again"


async def _until(holds: Callable[[], object]) -> None:
    async with asyncio.timeout(20):
        while not holds():  # noqa: ASYNC110  # no event comes from another process
            await asyncio.sleep(0.005)
