"""Servers that tests share, a proxy before one, and the seed of all that is left to chance."""

from __future__ import annotations

import asyncio
import os
import random
from collections.abc import AsyncIterator, Callable, Iterator

import pytest

from tests.faults import sizes
from tests.faults.proxy import Proxy
from tests.faults.servers import Backend, Backends


@pytest.fixture(scope="session")
def backends(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backends]:
    made = Backends(tmp_path_factory.mktemp("faults"))
    yield made
    made.end()


@pytest.fixture(scope="session")
def backend(backends: Backends) -> Backend:
    """One server for all tests that do not kill, stop or fill theirs."""
    return backends.start()


@pytest.fixture(scope="session")
def quick(backends: Backends) -> Backend:
    """One that soon gives up a connection on which nothing comes back."""
    return backends.start(heartbeat_seconds=0.5, pong_seconds=0.5)


@pytest.fixture(autouse=True)
async def fast_loop() -> None:
    """In debug mode a loop notes where each of its handles was made, which here is most of the time."""
    asyncio.get_running_loop().set_debug(False)


@pytest.fixture
async def proxy(backend: Backend) -> AsyncIterator[Proxy]:
    async with Proxy(backend.port) as proxy:
        yield proxy


@pytest.fixture(autouse=True)
def seed(request: pytest.FixtureRequest) -> Iterator[int]:
    """Of all that is left to chance in one test. Printed with the command that runs it again, and said in a failure."""
    seed = int(os.environ.get("WSCB_SEED") or random.SystemRandom().randrange(2**32))
    print(" ".join([f"\nWSCB_SEED={seed}", *sizes.told(), f"make {sizes.TARGET} ARGS=\"'{request.node.nodeid}'\""]))
    before = random.getstate()
    random.seed(seed)
    yield seed
    random.setstate(before)


@pytest.fixture
def chance(seed: int) -> random.Random:
    """What the schedule of a test is made of."""
    return random.Random(seed)


async def settles(holds: Callable[[], object], seconds: float = 10.0, every: float = 0.005) -> None:
    """Waits until something outside of this loop is so."""
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110  # no event comes from there
            await asyncio.sleep(every)
