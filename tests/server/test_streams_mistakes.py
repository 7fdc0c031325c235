"""What an author can do wrong in a shared task, and what he is told."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.server.apps import app_with
from tests.server.streaming import LOG, OUT, SHOWN, Counter, forms, row
from wscb import Limits, Output, ctx, get_prop, html, set_props
from wscb.errors import CallOver, InvalidPatch
from wscb.testing import User


@pytest.mark.parametrize("form", ["def", "async", "yield", "def yield", "return", "def return"])
async def test_a_patch_of_what_it_has_not_set_says_what_to_do(form: str, caplog: pytest.LogCaptureFixture) -> None:
    app = app_with()
    raised: list[str] = []

    def patches() -> None:
        with pytest.raises(InvalidPatch) as error:
            set_props("log", {"children": row(1)})
        raised.append(str(error.value))
        set_props("log", {"children": row(1)})

    async def patches_async() -> None:
        patches()

    async def yields() -> Any:
        yield row(1)

    def yields_plain() -> Any:
        yield row(1)

    async def returns() -> Any:
        return row(1)

    def returns_plain() -> Any:
        return row(1)

    functions = [patches, patches_async, yields, yields_plain, returns, returns_plain]
    named = dict(zip(["def", "async", "yield", "def yield", "return", "def return"], functions, strict=True))
    app.callback(OUT, persistent=True, shared=True)(named[form])
    async with User(app) as user:
        await user.until(lambda: "failed" in user.tasks.values())
    target = "log.children" if form in ("def", "async") else "out.children"
    said = raised[0] if raised else caplog.text
    assert f"A Patch of {target} in the shared task" in said
    assert __file__ in said
    assert f"it has not set {target} itself" in said
    assert "Set the whole value first" in said
    assert "wscb.errors.InvalidPatch" in caplog.text


async def test_what_cannot_be_applied_is_an_error_where_it_is_set_and_what_came_before_it_stands() -> None:
    app = app_with()

    @app.callback(persistent=True, shared=True)
    async def work() -> None:
        set_props("log", {"children": [], "title": 1})
        broken = row("good")
        broken["x"].append(1)
        with pytest.raises(InvalidPatch, match=r"append at \['x'\]: key 'x' of a list\.$"):
            set_props("log", {"children": broken, "title": 2})
        set_props("out", {"children": "after"})
        await asyncio.Event().wait()

    async with User(app) as early:
        await early.wait_for("out", "children", lambda text: text == "after")
        async with User(app) as late:
            await late.wait_for("out", "children", lambda text: text == "after")
            for user in (early, late):
                assert (user.props[LOG], user.props["log", "title"]) == (["good"], 1)


async def test_it_has_no_page_to_ask(caplog: pytest.LogCaptureFixture) -> None:
    app = app_with()

    async def asks() -> Any:
        return await get_prop("log", "children")

    @app.callback(OUT, persistent=True, shared=True)
    async def work() -> Any:
        return await asks()

    async with User(app) as user:
        await user.until(lambda: "failed" in user.tasks.values())
    assert "wscb.errors.NoPage: get_prop in" in caplog.text
    assert "Pass what it needs as Input('log', 'children')" in caplog.text


async def test_what_it_leaves_behind_changes_nothing_after_its_end() -> None:
    app = app_with()
    errors: list[BaseException] = []
    go_on = asyncio.Event()

    async def later() -> None:
        await go_on.wait()
        try:
            set_props("out", {"children": "late"})
        except CallOver as error:
            errors.append(error)

    left: list[asyncio.Task[None]] = []

    @app.callback(OUT, persistent=True, shared=True)
    async def work() -> str:
        left.append(asyncio.create_task(later()))
        return "done"

    async with User(app) as user:
        await user.until(lambda: "completed" in user.tasks.values())
        go_on.set()
        await asyncio.wait(left)
        assert user.props[SHOWN] == "done"
    assert "set_props for out.children came after" in str(errors[0])


async def test_what_its_finally_sets_when_nobody_is_left_is_no_error(caplog: pytest.LogCaptureFixture) -> None:
    app = app_with()
    cleaned: list[bool] = []

    @app.callback(OUT, persistent=True, shared=True)
    async def work() -> Any:
        yield "begun"
        try:
            await asyncio.Event().wait()
        finally:
            set_props("out", {"children": "over"})
            cleaned.append(ctx.cancelled)

    async with User(app) as user:
        await user.wait_for("out", "children", lambda text: text == "begun")
    assert cleaned == [True]
    assert not [record for record in caplog.records if record.name.startswith("wscb")]


async def test_no_thread_is_left_for_it(caplog: pytest.LogCaptureFixture) -> None:
    app = app_with(html.Output(id="other"), limits=Limits(task_threads=1))
    runs = Counter()
    app.callback(OUT, persistent=True, shared=True)(forms(runs)["def yield"])
    app.callback(Output("other", "children"), persistent=True, shared=True)(lambda: "never")
    async with User(app) as user:
        await user.until(lambda: sorted(user.tasks.values()) == ["failed", "running"])
    assert "was not started: 1 persistent callbacks" in caplog.text
