"""What every test here is held to: it blocks no event loop, leaves no task behind, and loses no exception.

Tests never sleep: time is handed in, and what must happen is awaited as a state. Warnings are errors (pyproject.toml),
which includes a coroutine that nobody awaited.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from blockbuster import BlockBuster, blockbuster_ctx
from hypothesis import HealthCheck, settings

from wscb.components.dcc.control import Control

DEFECT = "WSCB_DEFECT"

settings.register_profile("dev", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "dev"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--defect", metavar="NAME", help="put in a defect of tests/defects.py, to see which tests fail")


def pytest_configure(config: pytest.Config) -> None:
    if name := config.getoption("--defect") or os.environ.get(DEFECT):
        from tests.defects import plant  # as late as this, since it imports what is to be measured

        os.environ[DEFECT] = name  # the server processes of a test get it too
        plant(name)


def pytest_report_header() -> str | None:
    return f"with the defect {os.environ[DEFECT]}" if DEFECT in os.environ else None


@pytest.fixture(autouse=True)
def blockbuster() -> Iterator[BlockBuster]:
    """A blocking call made by wscb on a running event loop raises `BlockingError`."""
    with blockbuster_ctx("wscb") as guard:
        for acquire in ("threading.Lock.acquire", "threading.Lock.acquire_lock"):
            # The measuring of coverage takes a lock of its own while it runs our lines, in every thread.
            guard.functions[acquire].can_block_in("coverage/collector.py", {"lock_data"})
        yield guard


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test knows of the components of another one."""
    monkeypatch.setattr(Control, "_made_kept", False)


@pytest.fixture(autouse=True)
def nothing_left_on_the_loop(request: pytest.FixtureRequest) -> None:
    """Gives `clean_loop` to each test that has a loop, and spares the others the making of one."""
    if request.node.get_closest_marker("asyncio") is not None:
        request.getfixturevalue("clean_loop")


@pytest.fixture
async def clean_loop() -> AsyncIterator[None]:
    """Fails a test that leaves a task running, or whose loop had to report an exception that nobody took."""
    loop = asyncio.get_running_loop()
    before = asyncio.all_tasks()
    reports: list[dict[str, Any]] = []
    loop.set_exception_handler(lambda _loop, report: reports.append(report))
    yield
    left = {task for task in asyncio.all_tasks() - before if task is not asyncio.current_task()}
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)
    assert not left, f"the test left tasks on the loop: {[task.get_coro() for task in left]}"
    assert not reports, f"the loop reported what nobody took: {reports}"
