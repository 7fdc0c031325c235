"""Persistent callbacks that read the page: started with its values, and anew with each change, never two at once."""

from __future__ import annotations

import asyncio

from behaviour import LATER, Behave, buttons, paragraphs
from conftest import Console

from wscb import ALL, Input, Output, PreventUpdate, State, ctx, dcc, html, set_props


def test_a_task_starts_anew_when_what_it_reads_changes(behave: Behave, console: Console) -> None:
    console.allow("POST .* net::ERR_ABORTED")  # what still runs as the page is left
    app = behave.app()
    app.layout = [
        dcc.Input(id="a", value="x"),
        dcc.Input(id="s", value="state"),
        *buttons("stop"),
        html.P("idle", id="status"),
        *paragraphs("bcd"),
    ]
    runs: list[str] = []

    @app.on(Output("c", "children"), Input("a", "value"))
    def feeds(a):
        return f"c({a})"

    @app.on(
        Output("b", "children"),
        Input("c", "children"),
        State("s", "value"),
        persistent=True,
        running=[(Output("status", "children"), "on", "off")],
        cancel=[Input("stop", "n_clicks")],
    )
    async def follow(c, s):
        assert not runs, "two at once"
        runs.append(c)
        try:
            yield f"{c} {s}"
            set_props("d", {"children": f"by {c}"})
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            runs.remove(c)
            app.note(f"end of {c}")

    @app.on(Input("b", "children"), Input("d", "children"), **LATER)
    def reads(b, d): ...

    page = app.open()

    def begins(value: str, s: str, *before: str, d: str) -> None:
        # Its values come as it sets them; nobody waits for its end.
        page.calling(
            *before,
            f"follow('c({value})', '{s}') by c.children",
            f"reads('c({value}) {s}', '{d}') by b.children",
            f"reads('c({value}) {s}', 'by c({value})') by d.children",
        )
        page.shows(status="on", b=f"c({value}) {s}", d=f"by c({value})")

    begins("x", "state", "feeds('x')", d="d0")
    page.fill("s", "other")
    page.fill("a", "y")
    begins("y", "other", "feeds('y') by a.value", "end of c(x)", d="by c(x)")
    page.click("stop")
    page.calling("end of c(y)")
    page.shows(status="off", b="c(y) other")
    page.fill("a", "z")
    begins("z", "other", "feeds('z') by a.value", d="by c(y)")
    page.page.goto("about:blank")
    page.calling("end of c(z)")


def test_tasks_that_are_plain_functions_read_patterns_and_end_by_themselves(behave: Behave) -> None:
    app = behave.app()
    app.layout = [
        *[dcc.Input(id={"i": i}, value=f"v{i}") for i in (1, 2)],
        html.P("idle", id="status"),
        *paragraphs("bc"),
    ]

    alive: list[list[str]] = []

    @app.on(Output("b", "children"), Input({"i": ALL}, "value"), persistent=True, **LATER)
    def plain(values):
        assert not alive, "two at once"
        if values[0] == "none":
            raise PreventUpdate
        yield str(values)
        alive.append(values)
        try:
            ctx.sleep(60)
        finally:
            alive.clear()
            app.note(f"plain ends, {ctx.cancelled}")
        yield "told to nobody"

    @app.on(
        Output("c", "children"),
        Input({"i": ALL}, "value"),
        persistent=True,
        running=[(Output("status", "children"), "on", "off")],
    )
    async def returns(values):
        return "/".join(values)

    page = app.open()
    page.called("returns(['v1', 'v2'])")
    page.shows(b="b0", c="v1/v2", status="off")
    page.fill({"i": 2}, "T")
    page.calling(["plain(['v1', 'T']) by {\"i\":2}.value", "returns(['v1', 'T']) by {\"i\":2}.value"])
    page.shows(b="['v1', 'T']", c="v1/T")
    page.fill({"i": 1}, "none")
    page.called(
        ["plain ends, True", "plain(['none', 'T']) by {\"i\":1}.value", "returns(['none', 'T']) by {\"i\":1}.value"]
    )
    page.shows(b="['v1', 'T']", c="none/T", status="off")
