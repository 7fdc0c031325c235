"""The app: that it is whole, and what its callbacks tell the page."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, Literal

import pytest

from wscb import Patch
from wscb.callbacks.context import CallState, Request, activate
from wscb.callbacks.declaration import Callback
from wscb.demo import app, layout
from wscb.demo.app import sampler
from wscb.errors import GetPropTimeout
from wscb.testing import User


class Told:
    """The page's end: what it was told, and what it answers."""

    kind: Literal["socket", "http"] = "socket"
    is_shutdown = False

    def __init__(self, **answers: Any) -> None:
        self.props: dict[tuple[str, str], Any] = {}
        self.log: list[str] = []
        self.answers = answers
        self.news = asyncio.Event()

    def set_props(self, component: str, props: Mapping[str, Any]) -> None:
        for prop, value in props.items():
            if isinstance(value, Patch):
                self.log += [operation.value.children for operation in value.operations if operation.name == "append"]
            self.props[component, prop] = value
        self.news.set()

    async def get_prop(self, component: str, prop: str, timeout: float) -> Any:  # noqa: ASYNC109
        if component not in self.answers:
            raise GetPropTimeout("no answer")
        return self.answers[component]

    def get_prop_sync(self, component: str, prop: str, timeout: float) -> Any:
        raise NotImplementedError

    async def flush(self) -> None: ...

    async def until(self, component: str, prop: str) -> Any:
        """The value of a prop, as soon as there is one."""
        while (component, prop) not in self.props:
            self.news.clear()
            await self.news.wait()
        return self.props[component, prop]


@pytest.fixture(scope="module")
def callbacks() -> dict[str, Callback]:
    """By the name of their function; the jobs by the id of their start button."""
    found = app.build().callbacks.values()
    return {
        callback.inputs[0].id_text if callback.name.endswith("job") else callback.name: callback for callback in found
    }


async def call(callback: Callback, told: Told, *arguments: Any) -> Any:
    with activate(CallState(callback, arguments, (), (), Request(), told)):
        return await callback.function(*arguments)


def test_it_is_whole(callbacks: dict[str, Callback]) -> None:
    assert {"stream", "table", "pause", "job-1-start", "job-2-start", "job-3-start"} <= callbacks.keys()
    assert callbacks["stream"].shared
    assert len(layout.JOBS) == 3


async def test_a_stream_begins_with_what_there_is(callbacks: dict[str, Callback]) -> None:
    told = Told()
    stream = asyncio.create_task(call(callbacks["stream"], told, True))
    data = await told.until("cpu", "data")
    assert {"x", "all", "lane0"} <= data.keys()
    assert (await told.until("net", "data")).keys() == {"x", "down", "up"}
    await told.until("cpu-now", "children")
    stream.cancel()
    await asyncio.wait([stream])


async def test_paused_pages_keep_the_samples_coming_and_are_shown_none(callbacks: dict[str, Callback]) -> None:
    told, paused = Told(), Told()
    streams = [asyncio.create_task(call(callbacks["stream"], *of)) for of in ((paused, False), (told, True))]
    await told.until("cpu", "data")
    streams[1].cancel()
    await asyncio.wait([streams[1]])
    assert sampler.running
    streams[0].cancel()
    await asyncio.wait([streams[0]])
    assert not sampler.running
    assert not paused.props


async def test_two_pages_view_one_stream() -> None:
    async with User(app) as first, User(app) as second:
        for user in (first, second):
            user.props["paused", "hidden"] = True
            await user.set("paused", "hidden", True)
            await user.wait_for("cpu", "data", bool)
        assert len(app.site().hub._streams) == 1
        rows = len(second.props["cpu", "data"]["x"])
        await second.wait_for("cpu", "data", lambda data: len(data["x"]) > rows)
        assert first.props["cpu", "data"]["x"][0] == second.props["cpu", "data"]["x"][0]
    assert len(app.site().hub._streams) == 0


async def test_the_table_follows_the_filter(callbacks: dict[str, Callback]) -> None:
    told = Told(pause=0, filter="no such process")
    table = asyncio.create_task(call(callbacks["table"], told))
    (row,) = await told.until("process-rows", "children")
    assert "no such process" in row.children.children
    table.cancel()
    await asyncio.wait([table])


async def test_pausing(callbacks: dict[str, Callback]) -> None:
    assert await call(callbacks["pause"], Told(), 1) == ("Resume", False, False, False)
    assert await call(callbacks["pause"], Told(), 2) == ("Pause", True, True, True)


async def test_a_cancelled_job_says_how_far_it_came(callbacks: dict[str, Callback]) -> None:
    told = Told()
    job = asyncio.create_task(call(callbacks["job-2-start"], told, 1, "sha256", 400))
    await told.until("job-2-bar", "value")
    job.cancel()
    await asyncio.wait([job])
    assert job.cancelled()
    assert told.log[-1].startswith("Cancelled after ")
    assert told.props["job-2-status", "children"] == told.log[-1]
    assert told.props["job-2", "data-state"] == "cancelled"


async def test_a_job_that_nobody_offers_is_refused(callbacks: dict[str, Callback]) -> None:
    with pytest.raises(ValueError, match="md5"):
        await call(callbacks["job-1-start"], Told(), 1, "md5", 400)


async def test_themes_go_round(callbacks: dict[str, Callback]) -> None:
    told = Told(**{"theme-kept": "auto"})
    seen = []
    for click in range(1, 5):
        told.answers["theme-kept"] = await call(callbacks["next_theme"], told, click)
        seen.append(told.answers["theme-kept"])
    assert seen == ["light", "dark", "auto", "light"]
    assert await call(callbacks["next_theme"], Told(**{"theme-kept": "nonsense"}), 1) == "auto"
    assert (await call(callbacks["show_theme"], Told(), "nonsense"))[0] == "auto"
