"""The callback that blocks the loop is named, while it does."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Iterator

import pytest
from blockbuster import BlockBuster

from tests.server.apps import app_with
from wscb import Input, Output
from wscb.server import watchdog as module
from wscb.server.watchdog import Watchdog
from wscb.testing import User


class Ear(logging.Handler):
    """Sets an event when something was logged, in the thread that logs it."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []
        self.heard = threading.Event()

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)
        self.heard.set()


@pytest.fixture
def ear() -> Iterator[Ear]:
    ear = Ear()
    logging.getLogger("wscb.callbacks").addHandler(ear)
    yield ear
    logging.getLogger("wscb.callbacks").removeHandler(ear)


async def test_it_is_named_with_file_and_line(ear: Ear, blockbuster: BlockBuster) -> None:
    blockbuster.deactivate()
    app = app_with()

    @app.callback(Output("out", "children"), Input("run", "n_clicks"), websocket=True)
    async def greedy(clicks: int) -> str:
        return "heard" if ear.heard.wait(10) else "not heard"

    line = greedy.__code__.co_firstlineno + 2
    async with User(app) as user:
        (call,) = await user.set("run", "n_clicks", 1)
        assert await user.settled(call) == "ok"
        assert user.props["out", "children"] == "heard"
    (record,) = ear.records
    assert "greedy" in record.getMessage()
    assert f"{__file__}:" in record.getMessage()
    assert f"at line {line}" in record.getMessage()
    assert "await asyncio.to_thread" in record.getMessage()


class Asked:
    """A finder that knows no callback, and tells when it was asked."""

    def __init__(self) -> None:
        self.event = threading.Event()

    def __call__(self, code: object) -> None:
        self.event.set()


async def test_a_host_that_blocks_is_not_reported(ear: Ear) -> None:
    asked = Asked()
    watchdog = Watchdog(asked, patience=0.01)
    watchdog.start()
    assert asked.event.wait(10)  # the loop is busy with this line
    watchdog.stop()
    assert ear.records == []


async def test_it_ends_when_it_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    watchdog = Watchdog(Asked(), patience=0.01)
    watchdog.start()
    (thread,) = (t for t in threading.enumerate() if t.name == "wscb-watchdog" and t._target == watchdog._watch)  # type: ignore[attr-defined]
    assert thread.daemon
    watchdog.stop()
    await asyncio.to_thread(thread.join, 5)
    assert not thread.is_alive()


def test_it_ends_with_its_loop() -> None:
    async def make() -> Watchdog:
        return Watchdog(Asked(), patience=0.01)

    loop = asyncio.new_event_loop()
    watchdog = loop.run_until_complete(make())
    loop.close()
    watchdog._watch()  # returns


def test_all_pages_wait_a_quarter_of_a_second_at_most_before_it_is_said() -> None:
    assert module.BLOCKED_SECONDS <= 0.25
