"""Callbacks that fail: what the log says, what the page is told, and what `on_error` makes of it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.server import runs
from tests.server.runs import LOG, OUT, Bench, both, declared, raising
from wscb import Input, PreventUpdate, get_prop, no_update
from wscb.callbacks.registry import Registry
from wscb.server.workers import public_name


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
        assert runs.__file__ in record.getMessage()
        assert record.exc_info is not None
        assert set(outcome.detail) - {"ref", "callback"} == ({"message", "traceback"} if debug else set())
    bench.workers.close()


async def test_the_traceback_begins_in_the_callback() -> None:
    bench = Bench(debug=True)
    outcome = await bench.run(declared(raising(ValueError("x"))))
    assert outcome.detail is not None
    lines = outcome.detail["traceback"].splitlines()
    assert runs.__file__ in lines[1]
    assert "_on_thread" not in outcome.detail["traceback"]
    bench.workers.close()


@pytest.mark.parametrize("returned", [object(), (1, 2, 3)])
async def test_of_what_it_returned_the_words_say_all(returned: Any, caplog: pytest.LogCaptureFixture) -> None:
    """No frame of the callback's is left then, and those of wscb are no help."""
    bench = Bench(debug=True)
    for work in both(lambda value: returned):
        outcome = await bench.run(declared(work, OUT, LOG))
        assert outcome.detail is not None
        assert set(outcome.detail) == {"ref", "callback", "message"}
    assert "Traceback" not in caplog.text
    bench.workers.close()


@pytest.mark.parametrize("debug", [False, True])
async def test_a_page_in_production_hears_what_it_knows_already(debug: bool) -> None:
    bench = Bench(debug=debug)
    registry = Registry()
    fails = raising(ValueError())
    registry.callback(OUT, LOG, Input("run", "n_clicks"), websocket=True)(fails)
    registry.callback(Input("run", "n_clicks"), websocket=True)(fails)
    told = []
    for callback in registry.callbacks.values():
        outcome = await bench.run(callback)
        assert outcome.detail is not None
        told.append(outcome.detail["callback"])
    if debug:
        assert all("runs.py:" in one for one in told)
    else:
        assert told == ["out.children", "run.n_clicks"]
    bench.workers.close()


async def test_a_wrong_number_of_values_is_an_error(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    for work in both(lambda value: (1, 2, 3)):
        assert (await bench.run(declared(work, OUT, LOG))).how == "error"
    assert "ReturnMismatch" in caplog.text


async def test_a_callback_that_exits_ends_its_call_and_not_the_server(bench: Bench) -> None:
    for work in both(raising(SystemExit(2))):
        assert (await bench.run(declared(work))).how == "error"


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


def test_one_without_output_and_input_has_its_id_alone() -> None:
    registry = Registry()
    registry.callback(persistent=True)(lambda: None)
    (callback,) = registry.callbacks.values()
    assert public_name(callback) == callback.id


async def test_a_coroutine_that_is_returned_is_named(caplog: pytest.LogCaptureFixture) -> None:
    """Nearly always it is get_prop's."""
    bench = Bench(debug=True)

    async def asks(value: Any) -> Any:
        return get_prop("name", "value")

    for work, said in (
        (asks, "returned get_prop(...) without awaiting it. Write: return await get_prop(...)."),
        (lambda value: get_prop("name", "value"), "is a plain function, where get_prop cannot be awaited."),
        (lambda value: asyncio.sleep(1), "a plain function that returned a coroutine, of sleep, which nobody awaits"),
    ):
        outcome = await bench.run(declared(work))
        assert outcome.detail is not None
        assert said in outcome.detail["message"]
    bench.workers.close()
