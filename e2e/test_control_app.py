"""Cookies of a call, tasks that end with their tab or come back, and what an app says for all its callbacks."""

from __future__ import annotations

from typing import Any

import pytest
from behaviour import LATER, Acting, Behave, buttons, by, item, its, paragraphs
from playwright.sync_api import BrowserContext

from wscb import Input, Output, ctx, dcc, html
from wscb.errors import DeclarationError

# What runs over the socket in either kind of app, here beside callbacks over HTTP.
MIXED = pytest.mark.parametrize("behave", ["http"], indirect=True)
STATUS = {"running": [(Output("status", "children"), "on", "off")]}


def test_cookies_are_set_over_http_and_are_an_error_over_the_socket(behave: Behave) -> None:
    app = behave.app()
    app.layout = [*buttons("sets", "reads", "deletes"), html.P("idle", id="status"), html.P("-", id="out")]
    out = Output("out", "children", allow_duplicate=True)

    @app.on(out, Input("sets", "n_clicks"), **STATUS, **LATER)
    def sets(n):
        ctx.response.set_cookie("seen", f"{n}")
        ctx.response.set_cookie("hidden", "h", httponly=True)
        return "set"

    @app.on(out, Input("reads", "n_clicks"), **LATER)
    async def reads(n):
        return str(sorted(ctx.cookies.items()))

    @app.on(out, Input("deletes", "n_clicks"), **LATER)
    async def deletes(n):
        ctx.response.delete_cookie("seen")

    page = app.open()
    page.click("sets")
    texts = page.called("sets(1) by sets.n_clicks", errors=behave.socket)
    page.shows(status="off", out="-" if behave.socket else "set")
    if behave.socket:
        assert "NeedsHttp: ctx.response" in texts[0]
        assert "Declare it without websocket=True" in texts[0]
        assert "add a route" in texts[0]
        assert page.page.evaluate("document.cookie") == ""
        return
    assert page.page.evaluate("document.cookie") == "seen=1"
    page.click("reads")
    page.called("reads(1) by reads.n_clicks")
    page.shows(out="[('hidden', 'h'), ('seen', '1')]")
    page.click("deletes")
    page.called("deletes(1) by deletes.n_clicks")
    assert page.page.evaluate("document.cookie") == ""


@MIXED
def test_a_plain_task_that_sleeps_ends_with_its_tab(behave: Behave, context: BrowserContext) -> None:
    app = behave.app()
    app.layout = [*paragraphs("b")]
    count = 0

    @app.on(Output("b", "children"), persistent=True)
    def plain():
        nonlocal count
        count += 1
        mine = count
        yield f"task {mine}"
        try:
            ctx.sleep(60)
        finally:
            app.note(f"task {mine} ends, {ctx.cancelled}")

    page = app.open()
    page.calling("plain()")
    page.shows(b="task 1")
    other = Acting(context.new_page(), app.trace)
    other.page.goto(app.url)
    other.calling("plain()")
    other.shows(b="task 2")
    page.page.close()
    other.calling("task 1 ends, True")
    other.page.reload()
    other.calling(["task 2 ends, True", "plain()"])
    other.shows(b="task 3")
    other.page.close()


@MIXED
def test_a_handler_says_that_a_stream_comes_back(behave: Behave, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the stream's own outputs, without an error box; it starts again all the same."""
    monkeypatch.setattr("wscb.session.tasks.pause", lambda times, name: 0.1)
    app = behave.app()
    app.layout = [*paragraphs("bc")]
    runs: list[int] = []

    def soon(error: Exception) -> Any:
        return f"{error}, trying again"

    @app.on(Output("b", "children"), persistent=True, restart="on_failure", on_error=soon)
    def stream():
        runs.append(1)
        yield f"run {len(runs)}"
        app.hold(f"run {len(runs)}")
        raise ValueError(f"run {len(runs)} failed")

    @app.on(Output("c", "children"), Input("b", "children"), **LATER)
    def reads(b):
        return b

    page = app.open()
    page.calling("stream()", "reads('run 1') by b.children")
    page.release("run 1")
    texts = [f"reads('{text}') by b.children" for text in ("run 1 failed, trying again", "run 2")]
    page.calling(texts[0], "stream()", texts[1])
    page.shows(b="run 2", c="run 2")
    assert page.page.locator(".wscb-error").count() == 0


def test_an_app_without_initial_calls(behave: Behave) -> None:
    app = behave.app(prevent_initial_callbacks=True)
    app.layout = [dcc.Input(id="a", value="x"), *buttons("more"), html.Div(id="box"), *paragraphs("bcd")]
    new = its(1)

    @app.on(Output("b", "children"), persistent=True)
    async def without_inputs():
        return "begun"

    @app.on(Output("c", "children"), Input("a", "value"), persistent=True)
    async def with_inputs(a):
        return f"c({a})"

    @app.on(Output("box", "children"), Input("more", "n_clicks"))
    def more(n):
        return item(n), html.P("e0", id="e")

    @app.on(Output("e", "children"), Input(new, "value"))
    def comes_with_its_output(value):
        return f"e({value})"

    # As in Dash: a change of what was there, for what was there.
    @app.on(Output("d", "children"), Input(new, "value"))
    def reads_what_comes(value):
        return f"d({value})"

    page = app.open()
    page.called("without_inputs()")
    page.shows(b="begun", c="c0", d="d0")
    page.click("more")
    page.called("more(1) by more.n_clicks", f"reads_what_comes('v1'){by(new)}")
    page.shows(e="e0", d="d(v1)")
    page.fill(new, "y")
    page.called([f"comes_with_its_output('y'){by(new)}", f"reads_what_comes('y'){by(new)}"])
    page.fill("a", "z")
    page.called("with_inputs('z') by a.value")
    page.shows(c="c(z)", d="d(y)", e="e(y)")


def test_an_app_whose_components_come_later(behave: Behave) -> None:
    app = behave.app(suppress_callback_exceptions=False)
    app.layout = [*buttons("more"), html.Div(id="box")]

    @app.on(Output("box", "children"), Input("more", "n_clicks"), **LATER)
    def more(n):
        return [dcc.Input(id="later", value="x"), html.P(id="shown")]

    @app.on(Output("shown", "children"), Input("later", "value"), **STATUS)
    def reads(value):
        return f"read {value}"

    with pytest.raises(DeclarationError, match=r"suppress_callback_exceptions=True"):
        app.open()
    app.app.config.suppress_callback_exceptions = True
    page = app.open()
    page.called()
    page.click("more")
    page.called("more(1) by more.n_clicks", "reads('x')")
    page.fill("later", "y")
    page.called("reads('y') by later.value")
    page.shows(shown="read y")
