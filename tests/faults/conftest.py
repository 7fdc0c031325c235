"""Servers that tests share, a proxy before one, and the seed of all that is left to chance."""

from __future__ import annotations

import os
import random
from collections.abc import AsyncIterator, Iterator

import pytest

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


@pytest.fixture
async def proxy(backend: Backend) -> AsyncIterator[Proxy]:
    async with Proxy(backend.port) as proxy:
        yield proxy


@pytest.fixture
def chance() -> random.Random:
    """Printed, so that a failure can be run again: WSCB_SEED=n."""
    seed = int(os.environ.get("WSCB_SEED") or random.randrange(2**32))
    print(f"WSCB_SEED={seed}")
    return random.Random(seed)
