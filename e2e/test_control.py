"""What decides how calls run and how they end: repeats, deadlines, restarts and handlers of errors."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest
from behaviour import LATER, Acting, Behave, Recorded, buttons, paragraphs

from wscb import Input, Limits, Output, PreventUpdate, ctx, dcc, html, set_props

# What runs over the socket in either kind of app, here beside callbacks over HTTP.
MIXED = pytest.mark.parametrize("behave", ["http"], indirect=True)
STATUS = {"running": [(Output("status", "children"), "on", "off")]}
BUSY = "[aria-busy=true], [data-wscb-loading]"


def idle(page: Acting) -> None:
    """Nothing says any more that it is waited for."""
    page._wait(lambda: page.page.locator(BUSY).count() == 0)
    assert page.page.locator(BUSY).count() == 0


# ---------------------------------------------------------------------------------------------------- repeats


def repeating(behave: Behave, mode: Any) -> Recorded:
    """A callback of this mode, and one that goes the same way and tells that what was sent before it has arrived."""
    app = behave.app()
    app.layout = [*buttons("go", "ping"), html.P("idle", id="status"), html.P("-", id="out"), html.P(id="after")]

    @app.on(Output("out", "children"), Input("go", "n_clicks"), on_repeat=mode, websocket=True, **STATUS, **LATER)
    def work(n):
        app.hold(f"work {n}")
        if ctx.cancelled:
            app.note(f"{n} is told")
        return f"out {n}"

    @app.on(Input("ping", "n_clicks"), websocket=True, quiet=True, **LATER)
    def ping(n):
        app.note("ping")

    # Over HTTP in an app of both ways.
    @app.on(Output("after", "children"), Input("out", "children"), **LATER)
    def reads(out):
        return out

    return app


def go(n: int) -> str:
    return f"work({n}) by go.n_clicks"


def test_a_queue_runs_one_after_the_other(behave: Behave) -> None:
    page = repeating(behave, "queue").open()
    page.click("go")
    page.calling(go(1))
    page.click("go", "go", "ping")
    page.calling("ping")
    page.shows(status="on", out="-")
    page.release("work 2")
    page.release("work 1")
    page.calling(go(2), go(3))
    page.shows(status="on", out="out 2")
    page.release("work 3")
    page.called("reads('out 3') by out.children")
    page.shows(status="off", out="out 3", after="out 3")
    idle(page)


@MIXED
def test_what_is_ignored_is_not_said(behave: Behave) -> None:
    page = repeating(behave, "ignore").open()
    page.click("go")
    page.calling(go(1))
    page.click("go", "go", "ping")
    page.calling("ping")
    page.shows(status="on")
    page.release("work 1")
    page.called("reads('out 1') by out.children")
    page.shows(status="off", out="out 1")
    idle(page)
    page.release("work 4")
    page.click("go")
    page.called(go(4), "reads('out 4') by out.children")
    page.shows(status="off", out="out 4")


@MIXED
def test_a_new_call_takes_the_place_of_the_old_one(behave: Behave) -> None:
    page = repeating(behave, "cancel").open()
    page.click("go")
    page.calling(go(1))
    page.click("go")
    page.calling([go(2), "1 is told"])
    page.shows(status="on", out="-")
    page.click("go")
    page.calling([go(3), "2 is told"])
    page.release("work 3")
    page.called("reads('out 3') by out.children")
    page.shows(status="off", out="out 3")
    idle(page)


@pytest.mark.parametrize("behave", ["socket"], indirect=True)
def test_what_an_older_call_yields_overwrites_no_newer_result(behave: Behave) -> None:
    app = behave.app()
    app.layout = [*buttons("go"), html.P("-", id="out"), html.P("-", id="side")]

    @app.on(Output("out", "children"), Input("go", "n_clicks"), on_repeat="parallel", **LATER)
    def work(n):
        yield f"{n} begins"
        app.hold(f"work {n}")
        yield f"{n} goes on"
        set_props("side", {"children": f"set by {n}"})
        app.hold(f"end {n}")
        yield f"{n} ends"

    page = app.open()
    page.click("go")
    page.shows(out="1 begins")
    page.click("go")
    page.shows(out="2 begins")
    page.release("end 2")
    page.release("work 2")
    page.shows(out="2 ends", side="set by 2")
    page.release("work 1")
    page.shows(side="set by 1")
    page.shows(out="2 ends")
    page.release("end 1")
    page.called(go(1), go(2))
    page.shows(out="2 ends")


# --------------------------------------------------------------------------------------------------- deadlines


def test_a_call_that_takes_too_long_is_said_and_nothing_stays_busy(behave: Behave) -> None:
    app = behave.app(limits=Limits(cancel_seconds=0.3))
    names = ("waits", "sleeps", "deaf")
    app.layout = [*buttons(*names), html.P("idle", id="status"), html.P("-", id="out"), html.P(id="after")]
    out = Output("out", "children", allow_duplicate=True)
    limited: dict[str, Any] = {"timeout": 0.2, **STATUS, **LATER}
    go_on = threading.Event()

    @app.on(out, Input("waits", "n_clicks"), **limited)
    async def waits(n):
        if n == 1:
            await asyncio.Event().wait()
        return f"in time {n}"

    @app.on(out, Input("sleeps", "n_clicks"), **limited)
    def sleeps(n):
        ctx.sleep(60)
        return "never"

    @app.on(out, Input("deaf", "n_clicks"), **limited)
    def deaf(n):
        go_on.wait(10)
        return "too late"

    @app.on(Output("after", "children"), Input("out", "children"), **LATER)
    def reads(out):
        return out

    page = app.open()
    for name in names:
        page.click(name)
        page.calling(f"{name}(1) by {name}.n_clicks")
        text = page.error()
        assert name in text
        assert "It did not end within 0.2 s." in text
        page.shows(status="off", out="-")
        idle(page)
        page._idle()
    # What it returns in the end is nobody's.
    go_on.set()
    page.called()
    page.click("waits")
    page.called("waits(2) by waits.n_clicks", "reads('in time 2') by out.children")
    page.shows(status="off", out="in time 2")


# ---------------------------------------------------------------------------------------------------- restarts


@MIXED
def test_a_stream_that_fails_comes_back_under_one_error_box(behave: Behave, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wscb.session.tasks.pause", lambda times, name: 0.1)
    app = behave.app()
    app.layout = [dcc.Input(id="a", value="x"), *buttons("fail"), html.P("idle", id="status"), *paragraphs("bc")]
    failures: list[asyncio.Event] = []

    @app.on(Output("b", "children"), Input("a", "value"), persistent=True, restart="on_failure", **STATUS)
    async def stream(a):
        failures.append(asyncio.Event())
        yield f"{a}, run {len(failures)}"
        await failures[-1].wait()
        raise ValueError(f"failure {len(failures)}")

    @app.on(Input("fail", "n_clicks"), quiet=True, **LATER)
    async def fail(n):
        failures[-1].set()

    @app.on(Output("c", "children"), Input("status", "children"), **LATER)
    def watch(status):
        return status

    page = app.open()
    page.calling("stream('x')", "watch('on') by status.children")
    for run in (1, 2):
        page.shows(b=f"x, run {run}", status="on")
        page.click("fail")
        off, on = [f"watch('{state}') by status.children" for state in ("off", "on")]
        page.calling(off, ["stream('x')", on])
        # The last failure is told, in the place of the one before; and the values stay where they are.
        page.page.get_by_text(f"ValueError: failure {run}").first.wait_for()
        assert page.page.locator(".wscb-error").count() == 1
    page.shows(b="x, run 3", status="on")
    text = page.error()
    assert "failure 2" in text
    assert "failure 1" not in text


# ------------------------------------------------------------------------------------------------------ errors


def test_a_handler_returns_the_outputs_and_no_error_is_shown(behave: Behave) -> None:
    def of_the_app(error: Exception) -> Any:
        set_props("side", {"children": f"{ctx.triggered_id}: {error}"})
        return "of the app"

    app = behave.app(on_error=of_the_app)
    names = ("own", "apps", "nothing", "fails")
    app.layout = [*buttons(*names), html.P("idle", id="status"), *paragraphs("bcde"), html.P(id="side")]

    async def of_its_own(error: Exception) -> Any:
        return f"own {error}", "second"

    def prevents(error: Exception) -> Any:
        raise PreventUpdate

    def raises(error: Exception) -> Any:
        raise KeyError("in the handler")

    def failing(name: str, *outputs: Output, on_error: Any = None) -> None:
        def work(n):
            raise ValueError(f"in {name}")

        work.__name__ = name
        app.on(*outputs, Input(name, "n_clicks"), on_error=on_error, **STATUS, **LATER)(work)

    def out(id: str) -> Output:
        return Output(id, "children", allow_duplicate=True)

    failing("own", out("b"), out("c"), on_error=of_its_own)
    failing("apps", out("b"))
    failing("nothing", out("b"), on_error=prevents)
    failing("fails", out("b"), on_error=raises)

    @app.on(Output("d", "children"), Input("b", "children"), **LATER)
    def reads(b):
        return b

    page = app.open()
    page.click("own")
    page.called("own(1) by own.n_clicks", "reads('own in own') by b.children")
    page.shows(b="own in own", c="second", d="own in own", status="off")
    page.click("apps")
    page.called("apps(1) by apps.n_clicks", "reads('of the app') by b.children")
    page.shows(b="of the app", c="second", side="apps: in apps", status="off")
    page.click("nothing")
    page.called("nothing(1) by nothing.n_clicks")
    page.click("fails")
    (text,) = page.called("fails(1) by fails.n_clicks", errors=1)
    assert "in the handler" in text
    page.shows(b="of the app", d="of the app", status="off")
    idle(page)
