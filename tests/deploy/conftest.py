from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.deploy.proxied import Processes


@pytest.fixture(scope="session")
def processes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Processes]:
    """Those that all the proxies stand before."""
    found = Processes(tmp_path_factory.mktemp("processes"))
    yield found
    found.end()
