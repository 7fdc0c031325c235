"""How a shared task ends for all who view it, and how it is started again for all."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest

from tests.server.apps import app_with
from tests.server.streaming import LOG, OUT, SHOWN, Counter, forms, pages, streams, until
from wscb import Limits, ctx, set_props
from wscb.errors import CallOver
from wscb.session import tasks
from wscb.testing import User


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


@pytest.mark.parametrize("plain", [False, True])
async def test_draining_names_a_coroutine_that_does_not_end(plain: bool, caplog: pytest.LogCaptureFixture) -> None:
    """A loop ends only after it; a thread keeps nobody."""
    app = app_with(limits=Limits(cancel_seconds=0.02))
    go_on = threading.Event()

    async def deaf_async() -> Any:
        yield "begun"
        while not go_on.is_set():
            with suppress(asyncio.CancelledError):
                await asyncio.sleep(0.001)

    def deaf() -> Any:
        yield "begun"
        go_on.wait(5)

    app.callback(OUT, persistent=True, shared=True)(deaf if plain else deaf_async)
    async with User(app) as user:
        await user.wait_for("out", "children", lambda text: text == "begun")
        named = await app.site().drain()
        assert [__file__ in where for where in named] == ([] if plain else [True])
        assert caplog.text.count("did not end within 0.02 s") == 1
        go_on.set()
    await until(lambda: not streams(app).stuck and not app.site().workers.stuck)


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
