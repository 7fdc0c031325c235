"""Persistent callbacks: their inputs, their threads, and how they are started again."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.server.apps import app_with
from wscb import Input, Limits, Output, ctx, html, no_update, set_props
from wscb.session import tasks
from wscb.testing import User

RUN = Input("run", "n_clicks")
OUT = Output("out", "children")
LOG = ("log", "children")


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "pause", lambda times, name: 0.02)


def one_at_a_time(plain: bool) -> tuple[Callable[[int], Any], list[str]]:
    """A task that says when it begins and when it has ended, and takes its time for the end."""
    said: list[str] = []

    def work(clicks: int) -> Iterator[str]:
        said.append(f"begins {clicks}")
        yield f"first of {clicks}"
        try:
            ctx.sleep(60)
        finally:
            ctx.sleep(0.01)
            said.append(f"ends {clicks}")

    async def work_async(clicks: int) -> Any:
        said.append(f"begins {clicks}")
        yield f"first of {clicks}"
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            said.append(f"ends {clicks}")

    return (work if plain else work_async), said


@pytest.mark.parametrize("plain", [False, True])
async def test_a_change_of_its_inputs_ends_the_run_before_the_next_begins(plain: bool) -> None:
    app = app_with()
    work, said = one_at_a_time(plain)
    app.callback(OUT, RUN, persistent=True)(work)
    async with User(app) as user:
        await user.set("run", "n_clicks", 1)
        await user.wait_for("out", "children", lambda text: text == "first of 1")
        await user.set("run", "n_clicks", 2)
        await user.set("run", "n_clicks", 3)
        await user.wait_for("out", "children", lambda text: text == "first of 3")
        assert set(user.tasks.values()) == {"running"}
    assert said == ["begins 1", "ends 1", "begins 3", "ends 3"]


@pytest.mark.parametrize("plain", [False, True])
async def test_its_outputs_are_what_it_returns(plain: bool) -> None:
    app = app_with()

    def work(clicks: int) -> str:
        set_props("log", {"children": "meanwhile"})
        return f"result {clicks}"

    async def work_async(clicks: int) -> str:
        return work(clicks)

    app.callback(OUT, RUN, persistent=True)(work if plain else work_async)
    async with User(app) as user:
        await user.set("run", "n_clicks", 1)
        await user.until(lambda: "completed" in user.tasks.values())
        assert (user.props["out", "children"], user.props[LOG]) == ("result 1", "meanwhile")


async def test_what_a_generator_returns_comes_after_what_it_yielded() -> None:
    app = app_with()
    seen: list[Any] = []

    @app.callback(OUT, Output("log", "children"), RUN, persistent=True)
    def work(clicks: int) -> Any:
        yield "first", "stays"
        return "last", no_update

    async with User(app) as user:
        await user.set("run", "n_clicks", 1)
        await user.until(lambda: "completed" in user.tasks.values())
        seen = [user.props["out", "children"], user.props[LOG]]
    assert seen == ["last", "stays"]


def failing(times: int, plain: bool, ended: Callable[[], str]) -> Callable[[], Any]:
    """A task that fails so often, and then goes on."""
    count = iter(range(1, 100))

    def work() -> str:
        number = next(count)
        set_props("log", {"children": f"run {number}"})
        if number <= times:
            raise RuntimeError("trouble")
        return ended()

    async def work_async() -> str:
        return work()

    return work if plain else work_async


@pytest.mark.parametrize("plain", [False, True])
async def test_one_that_fails_is_started_again(plain: bool) -> None:
    app = app_with()
    app.callback(OUT, persistent=True, restart="on_failure")(failing(3, plain, lambda: "at last"))
    async with User(app) as user:
        await user.until(lambda: "completed" in user.tasks.values())
        assert (user.props["out", "children"], user.props[LOG]) == ("at last", "run 4")


@pytest.mark.parametrize("shared", [False, True])
async def test_it_is_started_with_what_it_was_started_with(shared: bool) -> None:
    app = app_with()

    async def work(items: dict[str, list[int]]) -> str:
        items["list"].append(1)
        if len(runs := [*seen, items]) < 3:
            seen[:] = runs
            raise RuntimeError("trouble")
        return str(items)

    seen: list[Any] = []
    app.callback(OUT, Input("log", "children"), persistent=True, shared=shared, restart="on_failure")(work)
    async with User(app) as user:
        await user.set("log", "children", {"list": []})
        assert await user.wait_for("out", "children", bool) == "{'list': [1]}"


@pytest.mark.parametrize("plain", [False, True])
async def test_also_when_on_error_has_dealt_with_it(plain: bool) -> None:
    seen: list[str] = []
    app = app_with(on_error=lambda error: seen.append(str(error)))
    app.callback(OUT, persistent=True, restart="on_failure")(failing(2, plain, lambda: "at last"))
    async with User(app) as user:
        await user.wait_for("out", "children", lambda text: text == "at last")
    assert seen == ["trouble", "trouble"]


async def test_one_that_is_not_to_be_started_again_has_failed() -> None:
    app = app_with()
    app.callback(OUT, persistent=True)(failing(1, True, lambda: "never"))
    async with User(app) as user:
        await user.until(lambda: "failed" in user.tasks.values())
        assert ("out", "children") not in user.props


async def test_no_more_plain_tasks_than_may_be(caplog: pytest.LogCaptureFixture) -> None:
    app = app_with(html.Output(id="other"), limits=Limits(task_threads=1))

    @app.callback(OUT, persistent=True)
    def first() -> Any:
        yield "runs"
        ctx.sleep(60)

    @app.callback(Output("other", "children"), persistent=True)
    def second() -> str:
        return "never"

    async with User(app) as user:
        await user.wait_for("out", "children", lambda text: text == "runs")
        await user.until(lambda: "failed" in user.tasks.values())
        assert sorted(user.tasks.values()) == ["failed", "running"]
    assert "was not started: 1 persistent callbacks" in caplog.text
    assert "Limits(task_threads=...)" in caplog.text


async def test_when_there_is_room_again_it_starts() -> None:
    app = app_with(html.Output(id="other"), limits=Limits(task_threads=1))

    @app.callback(OUT, persistent=True)
    def first() -> str:
        go_on.wait(10)
        return "done"

    @app.callback(Output("other", "children"), persistent=True, restart="on_failure")
    def second() -> str:
        return "has room"

    go_on = threading.Event()
    async with User(app) as user:
        await user.until(lambda: "failed" in user.tasks.values())
        go_on.set()
        await user.wait_for("other", "children", lambda text: text == "has room")


async def test_one_that_ignores_its_end_is_named_and_given_up(caplog: pytest.LogCaptureFixture) -> None:
    app = app_with(limits=Limits(cancel_seconds=0.05))
    go_on = threading.Event()

    @app.callback(OUT, RUN, persistent=True)
    def deaf(clicks: int) -> Iterator[str]:
        yield f"first of {clicks}"
        if clicks == 1:
            go_on.wait(10)

    async with User(app) as user:
        await user.set("run", "n_clicks", 1)
        await user.wait_for("out", "children", lambda text: text == "first of 1")
        await user.set("run", "n_clicks", 2)
        await user.wait_for("out", "children", lambda text: text == "first of 2")
        go_on.set()
    assert "deaf" in caplog.text
    assert "did not end within 0.05 s of its cancellation" in caplog.text
    assert "ctx.sleep" in caplog.text
