"""Each behaviour is seen on all backends: the three that there are, and the one that docs/backends.md shows."""

from __future__ import annotations

import pytest

from tests.backends.hosts import KINDS, Kind


@pytest.fixture(params=KINDS, ids=lambda kind: kind.name)
def kind(request: pytest.FixtureRequest) -> Kind:
    found: Kind = request.param
    return found


@pytest.fixture(params=[kind for kind in KINDS if kind.sockets], ids=lambda kind: kind.name)
def socket_kind(request: pytest.FixtureRequest) -> Kind:
    """Those whose pages can hold a WebSocket."""
    found: Kind = request.param
    return found


@pytest.fixture(params=[kind for kind in KINDS if kind.checked], ids=lambda kind: kind.name)
def checked_kind(request: pytest.FixtureRequest) -> Kind:
    """Those whose start is seen, so that a wrong declaration keeps them from serving."""
    found: Kind = request.param
    return found
