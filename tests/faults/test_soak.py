"""A few seconds of what `make soak` does for hours."""

from __future__ import annotations

import random

from tests.faults.servers import Backend
from tests.faults.soak import soak

SECONDS = 3


async def test_pages_at_work_on_lines_in_trouble(quick: Backend, chance: random.Random) -> None:
    figures = await soak(quick, chance.randrange(2**32), SECONDS, processes=False)
    print("\n".join(figures.lines()))
    assert figures.problems == []
    assert figures.counts["calls"] > 50
    assert figures.counts["resumes"] > 2
