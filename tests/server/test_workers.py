"""How runs end, whatever the callback does."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from typing import Any, Literal

import pytest

from wscb import Input, Output, PreventUpdate, no_update
from wscb.callbacks.context import CallState, Request, current
from wscb.callbacks.declaration import Callback
from wscb.callbacks.registry import Registry
from wscb.server.channel import encode_all
from wscb.server.workers import Outcome, Update, Workers, default_threads
from wscb.session import Change, changes_of

OUT, LOG = Output("out", "children"), Output("log", "children")


class Recorder:
    """A channel that keeps what it is given."""

    kind: Literal["socket", "http"] = "socket"
    is_shutdown = False

    def __init__(self) -> None:
        self.shown: list[Any] = []

    def set_props(self, component: str, props: Mapping[str, Any]) -> None:
        raise AssertionError

    async def get_prop(self, component: str, prop: str, timeout: float) -> Any:  # noqa: ASYNC109
        raise AssertionError

    def get_prop_sync(self, component: str, prop: str, timeout: float) -> Any:
        raise AssertionError

    async def flush(self) -> None:
        raise AssertionError

    def encode(self, updates: Iterable[Update]) -> list[Change]:
        return encode_all(changes_of, updates)

    def yielded(self, updates: Iterable[Update]) -> None:
        self.shown += updates

    def on_interrupt(self, give_up: Callable[[], object]) -> None:
        self.give_up = give_up


def declared(function: Callable[..., Any], *outputs: Output, **options: Any) -> Callback:
    registry = Registry()
    registry.callback(*(outputs or (OUT,)), Input("run", "n_clicks"), websocket=True, **options)(function)
    (callback,) = registry.callbacks.values()
    return callback


class Bench:
    """Workers, and what they did with one callback."""

    def __init__(self, **options: Any) -> None:
        self.workers = Workers(**{"threads": 2, "on_error": None, "debug": False, **options})
        self.channel = Recorder()

    async def run(self, callback: Callback, value: Any = 1) -> Outcome:
        state = CallState(callback, [value], [], [], Request(), self.channel)
        return await self.workers.execute(state, self.channel)


@pytest.fixture
def bench() -> Iterator[Bench]:
    bench = Bench()
    yield bench
    bench.workers.close()


def both(function: Callable[..., Any]) -> list[Callable[..., Any]]:
    """The function as it is, and as a coroutine function."""

    async def as_coroutine(*args: Any) -> Any:
        return function(*args)

    return [function, as_coroutine]


def raising(error: BaseException) -> Callable[[Any], Any]:
    def work(value: Any) -> Any:
        raise error

    return work


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


@pytest.mark.parametrize("debug", [False, True])
async def test_an_error_is_logged_under_its_reference(debug: bool, caplog: pytest.LogCaptureFixture) -> None:
    bench = Bench(debug=debug)
    for work in both(raising(ValueError("secret 1234"))):
        caplog.clear()
        outcome = await bench.run(declared(work))
        assert outcome.how == "error"
        assert outcome.detail is not None
        (record,) = caplog.records
        assert f"[ref {outcome.detail['ref']}]" in record.getMessage()
        assert __file__ in record.getMessage()
        assert record.exc_info is not None
        assert set(outcome.detail) - {"ref", "callback"} == ({"message", "traceback"} if debug else set())
    bench.workers.close()


async def test_the_traceback_begins_in_the_callback() -> None:
    bench = Bench(debug=True)
    outcome = await bench.run(declared(raising(ValueError("x"))))
    assert outcome.detail is not None
    lines = outcome.detail["traceback"].splitlines()
    assert __file__ in lines[1]
    assert "_on_thread" not in outcome.detail["traceback"]
    bench.workers.close()


async def test_of_wscbs_own_refusal_there_is_a_traceback_too() -> None:
    bench = Bench(debug=True)
    outcome = await bench.run(declared(lambda value: object()))
    assert outcome.detail is not None
    assert "CannotEncode" in outcome.detail["message"]
    assert outcome.detail["traceback"].startswith("Traceback")
    bench.workers.close()


async def test_a_wrong_number_of_values_is_an_error(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    for work in both(lambda value: (1, 2, 3)):
        assert (await bench.run(declared(work, OUT, LOG))).how == "error"
    assert "ReturnMismatch" in caplog.text


async def test_a_callback_that_exits_ends_its_call_and_not_the_server(bench: Bench) -> None:
    for work in both(raising(SystemExit(2))):
        assert (await bench.run(declared(work))).how == "error"


# --------------------------------------------------------------------------------------------------- on_error


@pytest.mark.parametrize("returned", ["handled", None, no_update])
async def test_on_error_may_supply_the_outputs(bench: Bench, returned: Any) -> None:
    for work in both(raising(ValueError("x"))):
        outcome = await bench.run(declared(work, on_error=lambda error: returned))
        assert outcome.how == ("ok" if returned == "handled" else "no_update")
        assert len(outcome.changes) == (returned == "handled")


async def test_on_error_may_be_a_coroutine_function_of_a_coroutine(bench: Bench) -> None:
    async def handle(error: Exception) -> str:
        return str(error)

    _, work = both(raising(ValueError("x")))
    assert (await bench.run(declared(work, on_error=handle))).how == "ok"


async def test_on_error_may_be_a_coroutine_function_of_a_plain_one(bench: Bench) -> None:
    async def handle(error: Exception) -> str:
        return str(error)

    work, _ = both(raising(ValueError("x")))
    outcome = await bench.run(declared(work, on_error=handle))
    assert (outcome.how, len(outcome.changes)) == ("ok", 1)


async def test_on_error_may_prevent_the_update(bench: Bench) -> None:
    for work in both(raising(ValueError("x"))):
        assert (await bench.run(declared(work, on_error=raising(PreventUpdate())))).how == "no_update"


async def test_when_on_error_fails_its_own_error_counts(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    for work in both(raising(ValueError("first"))):
        caplog.clear()
        assert (await bench.run(declared(work, on_error=raising(RuntimeError("second"))))).how == "error"
        assert "RuntimeError: second" in caplog.text
        assert "ValueError: first" in caplog.text  # as what it was raised from, or during


async def test_the_callbacks_own_handler_comes_before_the_apps() -> None:
    asked: list[str] = []
    bench = Bench(on_error=lambda error: asked.append("app"))
    work = raising(ValueError("x"))
    await bench.run(declared(work, on_error=lambda error: asked.append("callback")))
    await bench.run(declared(work))
    assert asked == ["callback", "app"]
    bench.workers.close()


async def test_prevent_update_is_no_error(bench: Bench) -> None:
    asked: list[Exception] = []
    for work in both(raising(PreventUpdate())):
        await bench.run(declared(work, on_error=asked.append))
    assert asked == []


# ------------------------------------------------------------------------------------------------- cancelling


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
