"""How calls end, and what becomes of errors."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Callable
from typing import Any

import pytest

from tests.behaviour.conftest import Form
from tests.behaviour.pages import Transport
from wscb import Input, Limits, Output, PreventUpdate, ctx, no_update, set_props
from wscb.callbacks import Callback
from wscb.errors import CallOver

RUN = Input("run", "n_clicks")
OUT, LOG = Output("out", "children"), Output("log", "children")


def raises(error: BaseException) -> Callable[..., Any]:
    def work(*_: Any) -> Any:
        raise error

    return work


# -------------------------------------------------------------------------------------------------- on_error


async def test_an_error_reaches_the_page_as_a_reference(
    over: Transport, form: Form, caplog: pytest.LogCaptureFixture
) -> None:
    ended, page = await over.result(form(raises(ValueError("secret"))), OUT, RUN)
    assert ended.how == "error"
    assert f"[ref {ended.detail.ref}]" in caplog.text
    assert "ValueError: secret" in caplog.text
    assert (ended.detail.message, ended.detail.traceback) == (None, None)
    assert ("out", "children") not in page.props


async def test_in_debug_its_text_is_shown(over: Transport, form: Form) -> None:
    app = over.app()
    app.debug = True
    app.callback(OUT, RUN)(form(raises(ValueError("shown"))))
    ended = await (await over.page(app)).run()
    assert ended.detail.message == "ValueError: shown"
    assert "test_ends.py" in (ended.detail.traceback or "")


@pytest.mark.parametrize("error", [StopIteration(), SystemExit(1), KeyError("x"), asyncio.InvalidStateError()])
async def test_whatever_it_is(over: Transport, form: Form, error: BaseException) -> None:
    ended, _ = await over.result(form(raises(error)), OUT, RUN)
    assert ended.how == "error"


@pytest.mark.parametrize("whose", ["the callback's", "the app's"])
async def test_on_error_returns_the_outputs(over: Transport, form: Form, whose: str) -> None:
    def handle(error: Exception) -> Any:
        set_props("log", {"children": f"{ctx.triggered_id} said {error}"})
        return "handled"

    options = {"on_error": handle} if whose == "the app's" else {}
    app = over.app(**options)
    app.callback(OUT, RUN, on_error=None if options else form(handle))(form(raises(ValueError("x"))))
    page = await over.page(app)
    assert (await page.run()).how == "ok"
    assert (page.props["out", "children"], page.props["log", "children"]) == ("handled", "run said x")


async def test_the_callbacks_own_comes_first(over: Transport, form: Form) -> None:
    app = over.app(on_error=raises(AssertionError("not asked")))
    app.callback(OUT, RUN, on_error=form(lambda error: "mine"))(form(raises(ValueError("x"))))
    page = await over.page(app)
    assert (await page.run()).how == "ok"
    assert page.props["out", "children"] == "mine"


@pytest.mark.parametrize("returned", [None, no_update])
async def test_a_handler_that_returns_nothing_leaves_all_outputs(over: Transport, form: Form, returned: Any) -> None:
    app = over.app(on_error=form(lambda error: returned))
    app.callback(OUT, LOG, RUN)(form(raises(ValueError("x"))))
    page = await over.page(app)
    assert (await page.run()).how == "no_update"
    assert ("out", "children") not in page.props


async def test_a_handler_may_prevent_the_update(over: Transport, form: Form) -> None:
    app = over.app(on_error=form(raises(PreventUpdate())))
    app.callback(OUT, RUN)(form(raises(ValueError("x"))))
    assert (await (await over.page(app)).run()).how == "no_update"


async def test_a_handler_that_fails_is_an_error(over: Transport, form: Form, caplog: pytest.LogCaptureFixture) -> None:
    app = over.app(on_error=form(raises(RuntimeError("second"))))
    app.callback(OUT, RUN)(form(raises(ValueError("first"))))
    assert (await (await over.page(app)).run()).how == "error"
    assert "RuntimeError: second" in caplog.text
    assert "ValueError: first" in caplog.text


async def test_an_object_with_an_async_call_may_be_a_handler(over: Transport, form: Form) -> None:
    class Handler:
        async def __call__(self, error: Exception) -> str:
            await asyncio.sleep(0)
            return f"handled {error}"

    app = over.app(on_error=Handler())
    app.callback(OUT, RUN)(form(raises(ValueError("x"))))
    page = await over.page(app)
    assert (await page.run()).how == "ok"
    assert page.props["out", "children"] == "handled x"


async def test_a_plain_handler_runs_on_a_thread(over: Transport, form: Form) -> None:
    threads: list[int] = []
    app = over.app(on_error=lambda error: threads.append(threading.get_ident()))
    app.callback(OUT, RUN)(form(raises(ValueError("x"))))
    await (await over.page(app)).run()
    assert threads != [threading.get_ident()]
    assert len(threads) == 1


async def test_nobody_is_asked_about_prevent_update(over: Transport, form: Form) -> None:
    app = over.app(on_error=raises(AssertionError("not asked")))
    app.callback(OUT, RUN)(form(raises(PreventUpdate())))
    assert (await (await over.page(app)).run()).how == "no_update"


# --------------------------------------------------------------------------------------- what cannot be written


WRONG: dict[str, tuple[Any, str]] = {
    "one for two": ("ab", "one str"),
    "too few": (["a"], "1 value"),
    "too many": (("a", "b", "c"), "3 values"),
    "none for two": (None, "None"),
    "a dict for two": ({"a": 1}, "one dict"),
}


@pytest.mark.parametrize("name", WRONG)
async def test_another_number_of_values(
    over: Transport, form: Form, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    returned, described = WRONG[name]
    ended, page = await over.result(form(lambda clicks: returned), OUT, LOG, RUN)
    assert ended.how == "error"
    assert "ReturnMismatch" in caplog.text
    assert f"returned {described}, and it has 2 outputs: out.children, log.children" in caplog.text
    assert not {("out", "children"), ("log", "children")} & page.props.keys()


async def test_a_value_for_no_output(over: Transport, form: Form, caplog: pytest.LogCaptureFixture) -> None:
    ended, _ = await over.result(form(lambda clicks: 3), RUN)
    assert ended.how == "error"
    assert "returned one int, and it has no output" in caplog.text


@pytest.mark.parametrize("way", ["returned", "set"])
async def test_a_value_that_cannot_be_sent_is_named_with_its_path(
    over: Transport, form: Form, way: str, caplog: pytest.LogCaptureFixture
) -> None:
    value = {"rows": [1, {"deep": object()}]}

    def work(clicks: int) -> Any:
        return value if way == "returned" else set_props("out", {"children": value})

    ended, page = await over.result(form(work), OUT, RUN)
    assert ended.how == "error"
    assert "prop 'children' of component 'out': ['rows'][1]['deep'] is a object" in caplog.text
    assert ("out", "children") not in page.props


async def test_one_of_several_that_cannot_be_sent_writes_nothing(over: Transport, form: Form) -> None:
    ended, page = await over.result(form(lambda clicks: ("fine", object())), OUT, LOG, RUN)
    assert ended.how == "error"
    assert ("out", "children") not in page.props


async def test_a_value_over_the_limit(over: Transport, form: Form, caplog: pytest.LogCaptureFixture) -> None:
    ended, page = await over.result(form(lambda clicks: "x" * 2000), OUT, RUN, limits=Limits(value_bytes=1000))
    assert ended.how == "error"
    assert "out.children takes" in caplog.text
    assert ("out", "children") not in page.props


async def test_a_coroutine_that_nobody_awaits(over: Transport, caplog: pytest.LogCaptureFixture) -> None:
    async def inner() -> str:
        return "x"

    ended, _ = await over.result(lambda clicks: inner(), OUT, RUN)
    assert ended.how == "error"
    assert "a plain function that returned a coroutine" in caplog.text


async def test_a_prop_that_is_not_there(over: Transport, form: Form, caplog: pytest.LogCaptureFixture) -> None:
    ended, _ = await over.result(form(lambda clicks: set_props("out", {"childern": 1})), RUN)
    assert ended.how == "error"
    assert "did you mean 'children'" in caplog.text


# --------------------------------------------------------------------------------------- cancelled and too late


def waiting(begun: asyncio.Event, seen: list[str]) -> tuple[Callable[..., Any], Callable[..., Any]]:
    loop = asyncio.get_running_loop()

    def plain(clicks: int) -> str:
        loop.call_soon_threadsafe(begun.set)
        try:
            ctx.sleep(60)
        finally:
            seen.append(f"cancelled: {ctx.cancelled}")
        return "never"

    async def coroutine(clicks: int) -> str:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            seen.append(f"cancelled: {ctx.cancelled}")
        return "never"

    return plain, coroutine


@pytest.mark.parametrize("which", [0, 1], ids=["def", "async def"])
async def test_a_cancelled_call_runs_its_finally(over: Transport, which: int) -> None:
    begun, seen = asyncio.Event(), list[str]()
    app = over.app()
    app.callback(OUT, RUN)(waiting(begun, seen)[which])
    page = await over.page(app)
    (call,) = await page.change("run", "n_clicks", 1)
    await asyncio.wait_for(begun.wait(), 5)
    page.user.cancel(call)
    assert (await page.ended(call)).how == "cancelled"
    await over.close()  # waits until nothing runs any more
    over.open.clear()
    assert seen == ["cancelled: True"]


@pytest.mark.parametrize("which", [0, 1], ids=["def", "async def"])
async def test_a_call_that_takes_too_long(over: Transport, which: int, caplog: pytest.LogCaptureFixture) -> None:
    seen: list[str] = []
    app = over.app()
    app.callback(OUT, RUN, timeout=0.02)(waiting(asyncio.Event(), seen)[which])
    page = await over.page(app)
    ended = await page.run()
    assert (ended.how, ended.detail.code) == ("timeout", "timeout")
    assert ended.detail.message == "It did not end within 0.02 s."
    assert "test_ends.py" in caplog.text  # it is named in the log
    assert ended.detail.callback is None
    assert seen == ["cancelled: True"]
    assert ("out", "children") not in page.props


async def test_in_debug_the_page_is_told_which_callback_took_too_long(over: Transport) -> None:
    app = over.app()
    app.debug = True
    app.callback(OUT, RUN, timeout=0.02)(waiting(asyncio.Event(), [])[1])
    ended = await (await over.page(app)).run()
    assert re.fullmatch(r".*coroutine \(.*test_ends.py:\d+\)", ended.detail.callback)


async def test_one_that_ends_in_time(over: Transport, form: Form) -> None:
    app = over.app()
    app.callback(OUT, RUN, timeout=30)(form(lambda clicks: "in time"))
    page = await over.page(app)
    assert (await page.run()).how == "ok"
    assert page.props["out", "children"] == "in time"


async def test_what_is_set_after_the_outcome_is_an_error(over: Transport) -> None:
    go_on, errors, left = asyncio.Event(), list[str](), list[asyncio.Task[None]]()

    async def later() -> None:
        await go_on.wait()
        try:
            set_props("log", {"children": "too late"})
        except CallOver as error:
            errors.append(str(error))

    async def work(clicks: int) -> str:
        left.append(asyncio.create_task(later()))
        return "done"

    ended, page = await over.result(work, OUT, RUN)
    go_on.set()
    await left[0]
    assert ended.how == "ok"
    assert "log.children came after the call's outcome" in errors[0]
    assert ("log", "children") not in page.props


# ------------------------------------------------------------------------------------------- what the app says


async def test_an_unknown_id_where_the_app_does_not_mind(over: Transport, form: Form) -> None:
    app = over.app(suppress_callback_exceptions=True)
    app.callback(OUT, Output("comes later", "children"), RUN)(form(lambda clicks: ("here", "there")))
    page = await over.page(app)
    assert (await page.run()).how == "ok"
    assert page.props["out", "children"] == "here"


@pytest.mark.parametrize(("own", "initial"), [(None, False), (False, True), (True, False)])
async def test_initial_calls_where_the_app_prevents_them(over: Transport, own: bool | None, initial: bool) -> None:
    app = over.app(prevent_initial_callbacks=True)
    app.callback(OUT, RUN, prevent_initial_call=own)(lambda clicks: clicks)
    (spec,) = app.build().specs
    assert spec["initial"] is initial
    (callback,) = app.build().callbacks.values()
    assert isinstance(callback, Callback)
    assert callback.socket is (over.kind == "socket")
