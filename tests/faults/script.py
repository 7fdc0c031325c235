"""One session as a script, which ends in the same state whatever happens to its line meanwhile."""

from __future__ import annotations

from tests.faults.page import LivePage
from tests.faults.servers import Backend


async def play(page: LivePage, backend: Backend, name: str) -> None:
    """Two calls, a stream of ops, a get_prop, a cancel and a large value; then all that can be known is checked."""
    first = page.ask("recorded", f"{name} 1")
    await page.settled(first, page.ask("recorded", f"{name} 2"))
    stream = page.ask("count", {"count": 30, "burst": 3, "pause": 0, "append": True})
    asked = page.ask("got", f"{name} 3")
    held = page.ask("held", f"{name} 4")
    page.cancel(held)
    await page.settled(stream, asked, held)
    outcomes = [page.outcome[id] for id in (first, first + 1, stream, asked, held)]
    assert outcomes == ["ok"] * 4 + ["cancelled"]
    # They ran side by side, so that they may have ended in any order.
    assert sorted(page.shows("recorded")) == [f"{name} 1", f"{name} 2"]
    assert page.shows("items") == list(range(30))
    assert page.shows("counter") == 29
    assert page.shows("got")[0] == page.shows("got")[1]["value"] == f"{name} 3"
    ran = backend.ran()
    assert [ran[f"{name} {n}"] for n in (1, 2, 3)] == [1, 1, 1]
    assert ran[f"{name} 4 begun"] <= 1
    assert ran[f"{name} 4 done"] == 0
