"""Runs over HTTP that end otherwise than by their own return: too late, or because nobody waits any more."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.server.apps import app_with
from tests.server.asgi_app import MSGPACK, call, delta
from wscb import App, Input, Limits, Output, ctx, set_props
from wscb.errors import CallOver
from wscb.protocol.messages import Detail
from wscb.server.http import HttpRequest
from wscb.server.socket import Handshake

RUN = Input("run", "n_clicks")
OUT = Output("out", "children")
ID = "out.children|run.n_clicks"


@pytest.mark.parametrize("plain", [False, True])
async def test_one_that_takes_too_long_is_cancelled_and_what_it_set_stays(
    plain: bool, caplog: pytest.LogCaptureFixture
) -> None:
    app = app_with()

    def work(clicks: int) -> str:
        try:
            ctx.sleep(60)
        finally:
            set_props("log", {"children": "cleaned"})
        return "never"

    async def work_async(clicks: int) -> str:
        try:
            await asyncio.Event().wait()
        finally:
            set_props("log", {"children": "cleaned"})
        return "never"

    app.callback(OUT, RUN, timeout=0.02)(work if plain else work_async)
    answer = await delta(app, call(ID, [1]))
    assert answer.changes == [("set", "log", "children", "cleaned")]
    assert answer.outcomes == [(7, "timeout", Detail(code="timeout", message="It did not end within 0.02 s."))]
    assert "takes longer than its timeout of 0.02 s" in caplog.text
    assert "did not end within" not in caplog.text


async def test_one_that_does_not_end_is_answered_without_it(caplog: pytest.LogCaptureFixture) -> None:
    app = app_with(limits=Limits(cancel_seconds=0.02))
    errors: list[BaseException] = []
    go_on, ended = threading.Event(), threading.Event()

    @app.callback(OUT, RUN, timeout=0.02)
    def deaf(clicks: int) -> str:
        go_on.wait(10)
        try:
            set_props("log", {"children": "too late"})
        except BaseException as error:
            errors.append(error)
        ended.set()
        return "never"

    answer = await delta(app, call(ID, [1]))
    assert (answer.changes, answer.outcomes[0][1]) == ([], "timeout")
    workers = app.site().workers
    await until(lambda: "did not end within 0.02 s of its cancellation" in caplog.text)
    assert len(workers.stuck) == 1
    go_on.set()
    await until(lambda: not workers.stuck)
    assert ended.is_set()
    assert [type(error) for error in errors] == [CallOver]


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not holds():  # noqa: ASYNC110 - of what threads do nobody tells the loop
            await asyncio.sleep(0.001)


async def aborted(app: App, begun: Callable[[], Awaitable[Any]]) -> None:
    """A call whose page takes it back once it has begun."""
    headers = (("content-type", MSGPACK["content-type"]), ("host", "here"))
    request = HttpRequest("POST", "_wscb/invoke", Handshake(headers=headers), "", call(ID, [1]))
    answering = asyncio.ensure_future(app.site().respond(request))
    await begun()
    answering.cancel()
    with pytest.raises(asyncio.CancelledError):
        await answering


async def test_a_thread_learns_that_nobody_waits_any_more() -> None:
    app = app_with()
    loop, begun, ended = asyncio.get_running_loop(), asyncio.Event(), asyncio.Event()
    seen: list[object] = []

    @app.callback(OUT, RUN)
    def work(clicks: int) -> None:
        loop.call_soon_threadsafe(begun.set)
        try:
            ctx.sleep(60)
        finally:
            seen.append(ctx.cancelled)
            loop.call_soon_threadsafe(ended.set)

    await aborted(app, begun.wait)
    await asyncio.wait_for(ended.wait(), 5)
    assert seen == [True]
    await until(lambda: not app.site()._invoker._running)


async def test_a_coroutine_ends_with_its_finally() -> None:
    app = app_with()
    begun, ended = asyncio.Event(), asyncio.Event()

    @app.callback(OUT, RUN)
    async def work(clicks: int) -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            ended.set()

    await aborted(app, begun.wait)
    await asyncio.wait_for(ended.wait(), 5)
    await until(lambda: not app.site()._invoker._running)


async def test_one_that_still_waits_for_a_thread_never_runs() -> None:
    app = app_with(websocket_max_workers=1)
    go_on, ran = threading.Event(), list[int]()

    @app.callback(OUT, RUN)
    def work(clicks: int) -> None:
        ran.append(clicks)

    busy = app.site().workers._threads.submit(lambda: go_on.wait(10))
    await aborted(app, lambda: asyncio.sleep(0.01))
    go_on.set()
    await asyncio.wrap_future(busy)
    await until(lambda: not app.site()._invoker._running)
    assert ran == []


async def test_a_task_that_outlives_the_call_can_change_nothing(caplog: pytest.LogCaptureFixture) -> None:
    app = app_with()
    over, errors = asyncio.Event(), list[CallOver]()
    left: list[asyncio.Task[None]] = []

    async def later() -> None:
        await over.wait()
        try:
            set_props("log", {"children": "too late"})
        except CallOver as error:
            errors.append(error)

    @app.callback(OUT, RUN)
    async def work(clicks: int) -> str:
        left.append(asyncio.create_task(later()))
        return "done"

    with caplog.at_level(logging.ERROR):
        assert (await delta(app, call(ID, [1]))).changes == [("set", "out", "children", "done")]
        over.set()
        await left[0]
    assert "set_props for log.children came after the call's outcome" in str(errors[0])
