"""Shared tasks: one run for each distinct set of inputs, over all pages that view it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any

import pytest

from tests.server.apps import app_with
from tests.server.streaming import LOG, OUT, RUN, SHOWN, Counter, forms, pages, row, streams, until
from wscb import Input, Limits, State, html, set_props
from wscb.protocol import codec
from wscb.server import actor
from wscb.testing import User


@pytest.mark.parametrize("form", list(forms(Counter())))
async def test_it_runs_once_for_all_who_view_it(form: str) -> None:
    app, runs = app_with(), Counter()
    app.callback(OUT, persistent=True, shared=True)(forms(runs)[form])
    async with pages(app, 3) as users:
        for user in users:
            assert await user.wait_for("out", "children", lambda text: text is not None) == "run 1"
        assert (runs.begun, runs.now, len(streams(app))) == (1, 1, 1)
        users[0].leave()
        async with User(app) as late:
            assert await late.wait_for("out", "children", lambda text: text is not None) == "run 1"
        assert runs.now == 1
    assert (runs.begun, runs.now, len(streams(app))) == (1, 0, 0)
    async with User(app) as user:
        await user.wait_for("out", "children", lambda text: text == "run 2")
    assert (runs.begun, runs.now, runs.most) == (2, 0, 1)


async def test_a_late_viewer_first_gets_all_that_was_set_as_one_commit() -> None:
    app = app_with()

    @app.callback(persistent=True, shared=True)
    async def work() -> None:
        set_props("log", {"children": ["a"], "title": "first"})
        set_props("log", {"children": row("b")})
        set_props("out", {"children": "x"})
        set_props("out", {"children": "y"})
        await asyncio.Event().wait()

    async with User(app) as early, User(app) as late:
        for user in (early, late):
            await user.wait_for("out", "children", lambda text: text == "y")
        assert late.props[LOG] == early.props[LOG] == ["a", "b"]
        assert late.props["log", "title"] == "first"
        assert late.deltas == 2  # that it runs, and its values


@pytest.mark.parametrize("plain", [False, True])
async def test_each_value_is_packed_once_however_many_there_are(plain: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    app = app_with()
    packed: list[str] = []
    go_on = asyncio.Event()
    loop = asyncio.get_running_loop()

    def work(clicks: int | None = None) -> Iterator[Any]:
        set_props("log", {"children": []})
        asyncio.run_coroutine_threadsafe(go_on.wait(), loop).result(5)
        for number in range(10):
            yield number
            set_props("log", {"children": row(number)})

    async def work_async() -> Any:
        set_props("log", {"children": []})
        await go_on.wait()
        for number in range(10):
            yield number
            set_props("log", {"children": row(number)})

    app.callback(OUT, persistent=True, shared=True)(work if plain else work_async)
    async with pages(app, 5) as users:
        for user in users:
            await user.wait_for("log", "children", lambda rows: rows == [])
        for name in ("change_set", "change_op"):
            real = getattr(codec, name)
            monkeypatch.setattr(codec, name, lambda *a, real=real: packed.append(a[0]) or real(*a))
        go_on.set()
        for user in users:
            await user.until(lambda user=user: "completed" in user.tasks.values())
            assert user.props[LOG] == list(range(10))
            assert user.props[SHOWN] == 9
    assert len(packed) == 20


async def test_each_set_of_inputs_has_a_run_of_its_own() -> None:
    app, runs = app_with(html.Div(id="s")), Counter()
    said: list[Any] = []

    @app.callback(OUT, RUN, State("s", "data-s"), persistent=True, shared=True)
    async def work(clicks: Any, s: Any) -> Any:
        with runs:
            said.append(clicks)
            yield f"for {clicks}"
            try:
                await asyncio.Event().wait()
            finally:
                await asyncio.sleep(0)
                said.append(f"end of {clicks}")

    async with User(app) as one, User(app) as two:
        for user in (one, two):
            await user.set("run", "n_clicks", {"a": 1, "b": [{"c": 1, "d": 2}]})
        await two.set("run", "n_clicks", {"b": [{"d": 2, "c": 1}], "a": 1})  # the same map
        await two.wait_for("out", "children", lambda text: text is not None)
        await one.wait_for("out", "children", lambda text: text is not None)
        await two.until(lambda: two.told == 2)
        assert (runs.begun, len(streams(app))) == (1, 1)
        await two.set("run", "n_clicks", 2)
        await two.wait_for("out", "children", lambda text: text == "for 2")
        assert (runs.now, len(streams(app))) == (2, 2)
        await one.set("run", "n_clicks", 2)
        await one.wait_for("out", "children", lambda text: text == "for 2")
        assert (runs.begun, runs.now) == (2, 1)
        assert list(one.tasks.values()) == list(two.tasks.values()) == ["running"]
        two.props["s", "data-s"] = "other"
        await two.set("run", "n_clicks", 2)
        await until(lambda: runs.begun == 3)
    assert runs.now == 0
    assert [entry for entry in said if isinstance(entry, str)][-2:] == ["end of 2", "end of 2"]


async def test_of_a_change_of_inputs_the_old_run_has_ended_before_the_new_one_begins() -> None:
    app, runs = app_with(), Counter()

    @app.callback(OUT, RUN, persistent=True, shared=True)
    async def work(clicks: int) -> Any:
        with runs:
            yield clicks
            try:
                await asyncio.Event().wait()
            finally:
                await asyncio.sleep(0.01)

    async with User(app) as user:
        for clicks in (1, 2, 3):
            await user.set("run", "n_clicks", clicks)
            await user.wait_for("out", "children", lambda text, clicks=clicks: text == clicks)
    assert (runs.begun, runs.most) == (3, 1)


async def test_who_comes_while_the_last_run_ends_waits_for_that() -> None:
    app, runs = app_with(), Counter()
    ends = asyncio.Event()

    @app.callback(OUT, persistent=True, shared=True)
    async def work() -> Any:
        with runs as number:
            yield number
            try:
                await asyncio.Event().wait()
            finally:
                await ends.wait()

    async with User(app) as first, User(app) as second, User(app) as third:
        first.leave()
        second.leave()
        third.leave()
        await until(lambda: streams(app).stuck)
        async with User(app) as next_one, User(app) as another, User(app) as fickle:
            await until(lambda: len(next_one.tasks) == len(another.tasks) == len(fickle.tasks) == 1)
            assert (runs.begun, runs.now) == (1, 1)
            fickle.leave()
            ends.set()
            for user in (next_one, another):
                await user.wait_for("out", "children", lambda number: number == 2)
            assert (runs.begun, runs.now) == (2, 1)
    assert runs.most == 1


async def test_what_it_does_holds_on_to_nothing_of_the_first_viewer() -> None:
    app = app_with()
    mine: ContextVar[str] = ContextVar("mine", default="nobody")
    mine.set("of the connection")

    @app.callback(OUT, persistent=True, shared=True)
    async def work() -> str:
        return mine.get()

    async with User(app) as user:
        await user.wait_for("out", "children", lambda text: text == "nobody")


async def test_cancel_ends_the_viewing_of_one_page_alone() -> None:
    app, runs = app_with(), Counter()
    values: asyncio.Queue[str] = asyncio.Queue()

    @app.callback(OUT, RUN, persistent=True, shared=True, cancel=[Input("log", "n_clicks")])
    async def work(clicks: int) -> Any:
        with runs:
            yield "first"
            while True:
                yield await values.get()

    async with User(app) as one, User(app) as two:
        (call,) = await one.set("run", "n_clicks", 1)
        await two.set("run", "n_clicks", 1)
        for user in (one, two):
            await user.wait_for("out", "children", lambda text: text == "first")
        one.cancel(call)
        await one.until(lambda: "cancelled" in one.tasks.values())
        values.put_nowait("second")
        await two.wait_for("out", "children", lambda text: text == "second")
        assert one.props[SHOWN] == "first"
        assert (runs.begun, runs.now) == (1, 1)


async def test_a_lost_line_does_not_end_it_and_a_page_that_comes_back_has_what_it_missed() -> None:
    app, runs = app_with(), Counter()
    values: asyncio.Queue[Any] = asyncio.Queue()

    @app.callback(persistent=True, shared=True)
    async def work() -> None:
        with runs:
            set_props("log", {"children": []})
            while True:
                set_props("log", {"children": row(await values.get())})

    async with User(app) as user:
        await user.wait_for("log", "children", lambda rows: rows == [])
        user.drop()
        await user.until(lambda: user.closed is not None)
        for value in range(5):
            values.put_nowait(value)
        await until(values.empty)
        assert (runs.begun, runs.now) == (1, 1)
        await user.connect()
        assert user.mode == "resumed"
        await user.wait_for("log", "children", lambda rows: rows == [0, 1, 2, 3, 4])


async def test_one_viewer_that_cannot_be_told_keeps_no_other_from_its_values(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    app = app_with()
    go_on = asyncio.Event()

    @app.callback(OUT, persistent=True, shared=True)
    async def work() -> Any:
        yield "first"
        await go_on.wait()
        yield "second"
        await asyncio.Event().wait()

    async with User(app) as one, User(app) as two:
        for user in (one, two):
            await user.wait_for("out", "children", lambda text: text == "first")
        real = actor.Actor.write

        def write(self: actor.Actor, *args: Any, **more: Any) -> None:
            if self.machine.id == one.session:
                raise OSError("broken")
            real(self, *args, **more)

        monkeypatch.setattr(actor.Actor, "write", write)
        go_on.set()
        await two.wait_for("out", "children", lambda text: text == "second")
    assert "a viewer of test_one_viewer" in caplog.text or "could not be told" in caplog.text


async def test_what_is_more_than_may_be_held_for_a_page_is_told_to_who_comes_late(
    caplog: pytest.LogCaptureFixture,
) -> None:
    app = app_with(limits=Limits(outbox_bytes=20_000, value_bytes=10_000))
    go_on = asyncio.Event()

    @app.callback(persistent=True, shared=True)
    async def work() -> None:
        set_props("log", {"title": "x" * 9000})
        set_props("log", {"lang": "y" * 9000})
        await go_on.wait()
        set_props("log", {"className": "z" * 9000})
        set_props("out", {"children": "all"})
        await asyncio.Event().wait()

    async with User(app) as early:
        await early.wait_for("log", "lang", lambda text: text is not None)
        go_on.set()
        await early.wait_for("out", "children", lambda text: text == "all")
        async with User(app) as late:
            await late.until(lambda: "failed" in late.tasks.values())
        assert set(early.tasks.values()) == {"running"}
    assert "has a viewer that cannot be shown all that it has set" in caplog.text
    assert "Limits(outbox_bytes=...)" in caplog.text


async def test_others_are_not_kept_from_their_calls_while_many_are_told() -> None:
    """A slice of the viewers is told, then whoever waits has its turn."""
    app = app_with()
    go_on, steps = asyncio.Event(), asyncio.Event()
    order: list[str] = []

    @app.callback(OUT, persistent=True, shared=True)
    async def work() -> Any:
        yield "first"
        await go_on.wait()
        asyncio.get_running_loop().call_soon(order.append, "another call")
        yield "second"
        steps.set()
        await asyncio.Event().wait()

    async with pages(app, 3) as users:
        for user in users:
            await user.wait_for("out", "children", lambda text: text == "first")
        (stream,) = streams(app)._live.values()
        views = list(stream._audience.viewers)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("wscb.server.audience.SLICE", 1)
            real = type(views[0]).take  # type: ignore[attr-defined]
            patch.setattr(
                type(views[0]),
                "take",
                lambda self, news: (order.append(f"viewer {views.index(self)}"), real(self, news)),
            )
            go_on.set()
            for user in users:
                await user.wait_for("out", "children", lambda text: text == "second")
    assert order == ["viewer 0", "another call", "viewer 1", "viewer 2"]


async def test_one_that_reads_slowly_holds_up_no_other_and_comes_to_the_same() -> None:
    app = app_with()
    values: asyncio.Queue[int] = asyncio.Queue()

    @app.callback(OUT, persistent=True, shared=True)
    async def work() -> Any:
        set_props("log", {"children": []})
        while True:
            number = await values.get()
            yield number
            set_props("log", {"children": row(number, maxlen=5)})

    async with User(app) as slow, User(app) as quick:
        for user in (slow, quick):
            await user.wait_for("log", "children", lambda rows: rows == [])
        slow.socket.stall()
        for number in range(100):
            values.put_nowait(number)
        await quick.wait_for("log", "children", lambda rows: rows[-1:] == [99])
        before = slow.deltas
        slow.socket.resume()
        await slow.wait_for("log", "children", lambda rows: rows[-1:] == [99])
        assert slow.props[LOG] == quick.props[LOG] == [95, 96, 97, 98, 99]
        assert slow.props[SHOWN] == 99
        assert slow.deltas - before < 5
