"""How runs end, whatever the callback does."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from tests.server.runs import LOG, OUT, Bench, both, declared, raising
from wscb import Output, PreventUpdate, no_update
from wscb.callbacks.context import CallState, Request, current
from wscb.callbacks.registry import Registry
from wscb.server.workers import default_threads


async def test_a_result_is_the_outputs(bench: Bench) -> None:
    for work in both(lambda value: value + 1):
        outcome = await bench.run(declared(work))
        assert outcome.how == "ok"
        assert [(change.component, change.prop) for change in outcome.changes] == [("out", "children")]


async def test_of_several_outputs_some_may_stay(bench: Bench) -> None:
    for work in both(lambda value: (no_update, "x")):
        outcome = await bench.run(declared(work, OUT, LOG))
        assert (outcome.how, [change.component for change in outcome.changes]) == ("ok", ["log"])


async def test_when_all_stay_there_is_no_update(bench: Bench) -> None:
    for work in both(lambda value: (no_update, no_update)) + both(raising(PreventUpdate())):
        outcome = await bench.run(declared(work, OUT, LOG))
        assert (outcome.how, outcome.changes) == ("no_update", [])


async def test_plain_functions_run_on_other_threads_and_coroutines_here(bench: Bench) -> None:
    where: list[int] = []
    for work in both(lambda value: where.append(threading.get_ident())):
        await bench.run(declared(work))
    assert where[0] != threading.get_ident()
    assert where[1] == threading.get_ident()


async def test_the_context_goes_with_the_call(bench: Bench) -> None:
    variable = contextvars.ContextVar("variable", default="unset")
    variable.set("mine")
    seen: list[Any] = []

    def work(value: Any) -> None:
        seen.append((variable.get(), current().callback.name.rpartition(".")[2]))
        variable.set("changed")

    await bench.run(declared(work))
    assert seen == [("mine", "work")]
    assert variable.get() == "mine"


async def test_the_call_is_over_for_what_comes_after(bench: Bench) -> None:
    for work in both(lambda value: value):
        await bench.run(declared(work))
        with pytest.raises(Exception, match="outside of a callback"):
            current()


async def test_a_generator_shows_each_yield_and_then_nothing_more(bench: Bench) -> None:
    async def on_loop(value: Any) -> AsyncIterator[Any]:
        yield "a"
        yield no_update
        yield "b"

    def on_thread(value: Any) -> Iterator[Any]:
        yield "a"
        yield no_update
        yield "b"

    for work in (on_loop, on_thread):
        bench.channel.shown.clear()
        outcome = await bench.run(declared(work))
        assert (outcome.how, outcome.changes) == ("ok", [])
        assert bench.channel.shown == [("out", "children", "a"), ("out", "children", "b")]


async def test_a_generator_may_fail_half_way(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    ended: list[str] = []

    async def work(value: Any) -> AsyncIterator[Any]:
        try:
            yield "a"
            raise ValueError("half way")
        finally:
            ended.append("finally")

    assert (await bench.run(declared(work))).how == "error"
    assert bench.channel.shown == [("out", "children", "a")]
    assert ended == ["finally"]


async def test_a_generator_whose_yield_cannot_be_shown_is_closed(bench: Bench) -> None:
    """`finally` runs now, and not when the garbage collector comes by."""
    ended: list[str] = []

    async def work(value: Any) -> AsyncIterator[Any]:
        try:
            yield "a", "one too many"
        finally:
            ended.append("finally")

    outcome = await bench.run(declared(work, OUT, LOG, Output("third", "children")))
    assert outcome.how == "error"
    assert ended == ["finally"]


async def test_a_plain_generator_is_closed_as_well(bench: Bench) -> None:
    ended: list[str] = []
    kept: list[Any] = []

    def work(value: Any) -> Iterator[Any]:
        try:
            yield "a", "one too many"
        finally:
            ended.append("finally")

    def keep(value: Any) -> Iterator[Any]:
        kept.append(work(value))
        yield from kept[0]

    outcome = await bench.run(declared(keep, OUT, LOG, Output("third", "children")))
    assert outcome.how == "error"
    assert ended == ["finally"]


async def test_a_cancelled_coroutine_is_cancelled(bench: Bench) -> None:
    begun, ended = asyncio.Event(), asyncio.Event()

    async def work(value: Any) -> None:
        try:
            begun.set()
            await asyncio.Event().wait()
        finally:
            ended.set()

    task = asyncio.create_task(bench.run(declared(work)))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ended.is_set()


async def test_a_thread_that_learns_of_it_ends_cancelled(bench: Bench) -> None:
    assert (await bench.run(declared(raising(asyncio.CancelledError())))).how == "cancelled"


async def test_no_more_plain_functions_run_than_there_are_threads(bench: Bench) -> None:
    running, most, lock = 0, 0, threading.Lock()
    go_on = threading.Semaphore(0)

    def work(value: Any) -> None:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
            if running == 2:
                go_on.release(6)
        assert go_on.acquire(timeout=10)
        with lock:
            running -= 1

    callback = declared(work)
    await asyncio.gather(*(bench.run(callback) for _ in range(6)))
    assert most == 2


async def test_a_call_that_waits_for_a_thread_may_be_given_up() -> None:
    bench = Bench(threads=1)
    go_on = threading.Event()
    ran: list[Any] = []

    def work(value: Any) -> None:
        ran.append(value)
        assert go_on.wait(10)

    callback = declared(work)
    first = asyncio.create_task(bench.run(callback, 1))
    second = asyncio.create_task(bench.run(callback, 2))
    await asyncio.wait({first, second}, timeout=0)
    bench.channel.give_up()
    with pytest.raises(asyncio.CancelledError):
        await second
    go_on.set()
    assert (await first).how == "ok"
    assert ran == [1]
    bench.workers.close()


async def test_a_plain_task_takes_no_thread_of_the_calls() -> None:
    bench = Bench(threads=1)
    registry = Registry()
    go_on = threading.Event()

    @registry.callback(persistent=True)
    def stream() -> None:
        assert go_on.wait(10)

    (callback,) = registry.callbacks.values()
    state = CallState(callback, [], [], [], Request(), bench.channel)
    task = asyncio.create_task(bench.workers.execute(state, bench.channel))
    assert (await asyncio.wait_for(bench.run(declared(lambda value: value)), 5)).how == "ok"
    go_on.set()
    assert (await task).how == "ok"
    bench.workers.close()


def test_as_many_threads_as_the_standard_library_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    for cpus, threads in ((1, 5), (4, 8), (64, 32), (None, 5)):
        monkeypatch.setattr("os.cpu_count", lambda cpus=cpus: cpus)
        assert default_threads() == threads
