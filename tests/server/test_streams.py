"""Shared tasks: one run for each distinct set of inputs, over all pages that view it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from contextvars import ContextVar
from typing import Any

import pytest

from tests.server.apps import app_with
from wscb import App, Input, Limits, Output, Patch, State, ctx, get_prop, html, set_props
from wscb.errors import CallOver, InvalidPatch
from wscb.protocol import codec
from wscb.server import actor
from wscb.server.streams import Streams
from wscb.session import tasks
from wscb.testing import User

RUN = Input("run", "n_clicks")
OUT = Output("out", "children")
LOG = ("log", "children")
SHOWN = ("out", "children")


def streams(app: App) -> Streams:
    return app.site().hub._streams


@asynccontextmanager
async def pages(app: App, count: int) -> AsyncIterator[list[User]]:
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(User(app)) for _ in range(count)]


async def until(holds: Callable[[], object]) -> None:
    async with asyncio.timeout(5):
        while not holds():  # noqa: ASYNC110 - what it waits for has nobody who would tell
            await asyncio.sleep(0)


def row(value: Any, maxlen: int | None = None) -> Patch:
    patch = Patch()
    patch.append(value, maxlen=maxlen)
    return patch


class Counter:
    """How many runs have begun, how many are going on, and how many ever were at once."""

    def __init__(self) -> None:
        self.begun = self.now = self.most = 0

    def __enter__(self) -> int:
        self.begun += 1
        self.now += 1
        self.most = max(self.most, self.now)
        return self.begun

    def __exit__(self, *_: object) -> None:
        self.now -= 1


# ------------------------------------------------------------------------------------------------ one run for all


def forms(runs: Counter) -> dict[str, Callable[[], Any]]:
    """A task that shows a value, then another one when it is told to go on, in each form that a callback can have."""

    async def coroutine() -> None:
        with runs as number:
            set_props("out", {"children": f"run {number}"})
            await asyncio.Event().wait()

    async def generator() -> Any:
        with runs as number:
            yield f"run {number}"
            await asyncio.Event().wait()

    def plain() -> None:
        with runs as number:
            set_props("out", {"children": f"run {number}"})
            ctx.sleep(60)

    def plain_generator() -> Any:
        with runs as number:
            yield f"run {number}"
            ctx.sleep(60)

    return {"async": coroutine, "async yield": generator, "def": plain, "def yield": plain_generator}


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


# ------------------------------------------------------------------------------------------------------ how it ends


async def test_when_it_returns_all_are_told_and_the_next_one_starts_it_anew() -> None:
    app, runs = app_with(), Counter()
    go_on = asyncio.Event()

    @app.callback(OUT, persistent=True, shared=True)
    async def work() -> str:
        with runs as number:
            set_props("log", {"children": "works"})
            await go_on.wait()
            return f"result {number}"

    async with pages(app, 3) as users:
        for user in users:
            await user.wait_for("log", "children", lambda text: text == "works")
        go_on.set()
        for user in users:
            await user.until(lambda user=user: "completed" in user.tasks.values())
            assert user.props[SHOWN] == "result 1"
        assert len(streams(app)) == 0
        async with User(app) as late:
            await late.wait_for("out", "children", lambda text: text == "result 2")


@pytest.mark.parametrize("plain", [False, True])
async def test_a_failure_has_one_number_and_one_entry_in_the_log(plain: bool, caplog: pytest.LogCaptureFixture) -> None:
    app = app_with()
    go_on = threading.Event()

    def work() -> None:
        set_props("log", {"children": "works"})
        ctx.sleep(0)
        go_on.wait(5)
        raise RuntimeError("trouble")

    async def work_async() -> None:
        set_props("log", {"children": "works"})
        await until(go_on.is_set)
        raise RuntimeError("trouble")

    app.callback(OUT, persistent=True, shared=True)(work if plain else work_async)
    details: list[Any] = []
    async with pages(app, 3) as users:
        for user in users:
            user._commit = remembering(user._commit, details)  # type: ignore[method-assign]
            await user.wait_for("log", "children", lambda text: text == "works")
        go_on.set()
        for user in users:
            await user.until(lambda user=user: "failed" in user.tasks.values())
    entries = [record for record in caplog.records if "trouble" in str(record.exc_info)]
    assert len(entries) == 1
    refs = {detail.ref for detail in details}
    assert len(details) == 3
    assert len(refs) == 1
    assert f"[ref {refs.pop()}]" in entries[0].getMessage()


def remembering(commit: Callable[[Any], None], details: list[Any]) -> Callable[[Any], None]:
    def committed(delta: Any) -> None:
        details.extend(task[2] for task in delta.tasks if len(task) > 2)
        commit(delta)

    return committed


async def test_on_error_deals_with_it_once() -> None:
    seen: list[str] = []

    def handled(error: Exception) -> str:
        seen.append(str(error))
        return "sorry"

    app = app_with(on_error=handled)
    go_on = asyncio.Event()

    @app.callback(OUT, persistent=True, shared=True)
    async def work() -> None:
        await go_on.wait()
        raise RuntimeError("trouble")

    async with pages(app, 3) as users:
        go_on.set()
        for user in users:
            await user.wait_for("out", "children", lambda text: text == "sorry")
            await user.until(lambda user=user: "completed" in user.tasks.values())
    assert seen == ["trouble"]


async def test_a_cancellation_of_its_own_is_told_as_one() -> None:
    app = app_with()

    @app.callback(OUT, persistent=True, shared=True)
    async def work() -> None:
        raise asyncio.CancelledError

    async with User(app) as user:
        await user.until(lambda: "cancelled" in user.tasks.values())


@pytest.mark.parametrize("plain", [False, True])
async def test_one_that_ignores_its_end_is_named_once_and_given_up(
    plain: bool, caplog: pytest.LogCaptureFixture
) -> None:
    app, runs = app_with(limits=Limits(cancel_seconds=0.05)), Counter()
    go_on = threading.Event()
    late: list[str] = []

    def deaf() -> Iterator[Any]:
        with runs as number:
            yield number
            go_on.wait(5)
            with pytest.raises((asyncio.CancelledError, CallOver)):
                set_props("out", {"children": "late"})
            late.append("written")

    async def deaf_async() -> Any:
        with runs as number:
            yield number
            while not go_on.is_set():
                with suppress(asyncio.CancelledError):
                    await asyncio.sleep(0.001)
            with pytest.raises(CallOver):
                set_props("out", {"children": "late"})
            late.append("written")

    app.callback(OUT, persistent=True, shared=True)(deaf if plain else deaf_async)
    async with User(app) as user:
        await user.wait_for("out", "children", lambda number: number == 1)
    assert len(streams(app)) == 0
    assert len(streams(app).stuck) == (0 if plain else 1)
    assert len(app.site().workers.stuck) == (1 if plain else 0)
    async with User(app) as user:
        await user.wait_for("out", "children", lambda number: number == 2)
        assert len(streams(app)) == 1
        go_on.set()
        await until(lambda: late)
    await until(lambda: runs.now == 0 and not streams(app).stuck and not app.site().workers.stuck)
    assert caplog.text.count("did not end within 0.05 s of its cancellation") == 1
    assert "deaf" in caplog.text


async def test_draining_ends_it() -> None:
    app, runs = app_with(), Counter()
    app.callback(OUT, persistent=True, shared=True)(forms(runs)["async yield"])
    async with pages(app, 3) as users:
        for user in users:
            await user.wait_for("out", "children", lambda text: text is not None)
        assert await app.site().drain() == []
        assert (runs.now, len(streams(app))) == (0, 0)
        for user in users:
            assert set(user.tasks.values()) == {"cancelled"}


async def test_draining_names_one_that_does_not_end() -> None:
    app = app_with(limits=Limits(cancel_seconds=0.02))
    go_on = asyncio.Event()

    @app.callback(OUT, persistent=True, shared=True)
    async def deaf() -> Any:
        yield "begun"
        while not go_on.is_set():
            with suppress(asyncio.CancelledError):
                await go_on.wait()

    async with User(app) as user:
        await user.wait_for("out", "children", lambda text: text == "begun")
        (where,) = await app.site().drain()
        assert "deaf" in where
        assert __file__ in where
        go_on.set()
    await until(lambda: not streams(app).stuck)


# ------------------------------------------------------------------------------------------------- viewers come and go


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


# ---------------------------------------------------------------------------------------------------- its failures


def failing(runs: Counter, times: int, plain: bool, go_on: threading.Event | None = None) -> Callable[[], Any]:
    """One that fails so often before it returns; its first run waits for `go_on`."""

    def work() -> str:
        with runs as number:
            set_props("log", {"children": f"run {number}"})
            if go_on is not None:
                go_on.wait(5)
            if number <= times:
                raise RuntimeError("trouble")
            return "at last"

    async def work_async() -> str:
        if go_on is not None:
            await until(go_on.is_set)
        return work()

    return work if plain else work_async


@pytest.mark.parametrize("plain", [False, True])
async def test_with_many_viewers_it_is_started_again_once_a_pause(
    plain: bool, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    pauses: list[int] = []
    monkeypatch.setattr(tasks, "pause", lambda times, name: pauses.append(times) or 0.01)
    app, runs = app_with(), Counter()
    go_on = threading.Event()
    app.callback(OUT, persistent=True, shared=True, restart="on_failure")(failing(runs, 3, plain, go_on))
    async with pages(app, 20) as users:
        await until(lambda: all(user.tasks for user in users))
        go_on.set()
        for user in users:
            await user.until(lambda user=user: "completed" in user.tasks.values())
            assert (user.props[SHOWN], user.props[LOG]) == ("at last", "run 4")
    assert (runs.begun, runs.most, pauses) == (4, 1, [1, 2, 3])
    assert caplog.text.count("raised RuntimeError") == 3


async def test_who_comes_in_the_pause_is_told_that_it_failed_and_that_it_runs_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tasks, "pause", lambda times, name: 60)
    app, runs = app_with(), Counter()
    app.callback(OUT, persistent=True, shared=True, restart="on_failure")(failing(runs, 1, False))
    states: list[str] = []
    async with User(app) as early:
        await early.until(lambda: "failed" in early.tasks.values())
        async with User(app) as late:
            await late.until(lambda: "failed" in late.tasks.values())
            assert late.props[LOG] == "run 1"
            (stream,) = streams(app)._live.values()
            assert stream._timer is not None
            stream._timer.cancel()
            for user in (early, late):
                commit = user._commit
                user._commit = (  # type: ignore[method-assign]
                    lambda delta, commit=commit: (states.extend(task[1] for task in delta.tasks), commit(delta))
                )
            stream._start_again()
            for user in (early, late):
                await user.until(lambda user=user: "completed" in user.tasks.values())
    assert runs.begun == 2
    assert sorted(states) == ["completed", "completed", "running", "running"]


async def test_the_last_one_to_leave_ends_the_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "pause", lambda times, name: 60)
    app, runs = app_with(), Counter()
    app.callback(OUT, persistent=True, shared=True, restart="on_failure")(failing(runs, 1, False))
    async with User(app) as user:
        await user.until(lambda: "failed" in user.tasks.values())
    assert len(streams(app)) == 0
    async with User(app) as user:
        await user.until(lambda: "completed" in user.tasks.values())
    assert runs.begun == 2


async def test_after_it_has_run_well_the_pauses_begin_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[int] = []
    monkeypatch.setattr(tasks, "pause", lambda times, name: pauses.append(times) or 0.001)
    monkeypatch.setattr(tasks, "WELL_SECONDS", 0.0)
    app, runs = app_with(), Counter()
    app.callback(OUT, persistent=True, shared=True, restart="on_failure")(failing(runs, 3, False))
    async with User(app) as user:
        await user.until(lambda: "completed" in user.tasks.values())
    assert pauses == [1, 1, 1]


async def test_also_when_on_error_has_dealt_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "pause", lambda times, name: 0.001)
    app, runs = app_with(on_error=lambda error: "sorry"), Counter()
    app.callback(OUT, persistent=True, shared=True, restart="on_failure")(failing(runs, 2, True))
    async with User(app) as user:
        await user.wait_for("out", "children", lambda text: text == "at last")
    assert runs.begun == 3


# ---------------------------------------------------------------------------------------------------- its mistakes


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
        with pytest.raises(InvalidPatch, match=r"append at \['x'\]: key 'x' of a list"):
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
