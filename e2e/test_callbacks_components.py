"""Callbacks of components that come, go, stand anywhere, or are not there."""

from __future__ import annotations

from typing import Any

from behaviour import LATER, Behave, paragraphs
from conftest import Console

from wscb import Input, Output, State, ctx, dcc, html


def test_inserted_components_have_their_initial_calls(behave: Behave) -> None:
    app = behave.app()
    names = ("add", "add_in", "add_out", "remove")
    app.layout = [
        *[html.Button(name, id=name) for name in names],
        dcc.Input(id="old", value="o"),
        *[html.Div(id=f"box_{name}") for name in names],
        *paragraphs("bc"),
    ]

    @app.on(Output("box_add", "children"), Input("add", "n_clicks"), Input("remove", "n_clicks"), quiet=True)
    def add(n, _):
        if ctx.triggered_id != "add":
            return None
        # A chain, deep, whose last link reads what was there before too.
        return html.Div(html.Div([dcc.Input(id="n1", value=f"v{n}"), *[html.P(id=f"n{i}") for i in (2, 3, 4)]]))

    @app.on(Output("n3", "children"), Input("n2", "children"), Input("old", "value"))
    def third(n2, old):
        return f"{n2} {old}"

    @app.on(Output("n2", "children"), Input("n1", "value"))
    def second(n1):
        return f"2({n1})"

    @app.on(Output("n4", "children"), Input("n1", "value"), prevent_initial_call=True)
    def prevented(n1):
        return f"4({n1})"

    @app.on(Output("box_add_in", "children"), Input("add_in", "n_clicks"), prevent_initial_call=True, quiet=True)
    def add_in(n):
        return [dcc.Input(id="in", value=f"in{n}")]

    @app.on(Output("b", "children"), Input("in", "value"), prevent_initial_call=True)
    def input_new(value):
        return value

    @app.on(Output("c", "children"), Input("old", "value"), Input("in", "value"), State("n1", "value"))
    def input_and_state_may_be_missing(*values):
        return str(values)

    @app.on(Output("box_add_out", "children"), Input("add_out", "n_clicks"), prevent_initial_call=True, quiet=True)
    def add_out(n):
        return [html.P(id="out"), html.P("still", id="out_prevented")]

    @app.on(Output("out", "children"), Input("old", "value"))
    def output_new(old):
        return f"out {old}"

    @app.on(Output("out_prevented", "children"), Input("old", "value"), prevent_initial_call=True)
    def output_new_prevented(old):
        return f"out {old}"

    page = app.open()
    page.called(errors=1)
    for n in (1, 2):
        page.click("add")
        page.called(f"second('v{n}')", f"third('2(v{n})', 'o') by n2.children")
    page.fill("n1", "t")
    page.called(["second('t') by n1.value", "prevented('t') by n1.value"], "third('2(t)', 'o') by n2.children")
    # As a change, prevented or not, since what they write was there before.
    page.click("add_in")
    page.called(["input_new('in1') by in.value", "input_and_state_may_be_missing('o', 'in1', 't') by in.value"])
    page.click("add_out")
    page.called("output_new('o')")
    page.shows(out="out o", out_prevented="still")
    page.fill("old", "p")
    page.called(
        [
            "third('2(t)', 'p') by old.value",
            "input_and_state_may_be_missing('p', 'in1', 't') by old.value",
            "output_new('p') by old.value",
            "output_new_prevented('p') by old.value",
        ]
    )
    page.click("remove")
    page.called(errors=0)
    page.fill("old", "q")
    page.called(["output_new('q') by old.value", "output_new_prevented('q') by old.value"], errors=1)


def test_components_in_any_prop_that_holds_them(behave: Behave) -> None:
    app = behave.app()
    app.layout = [
        dcc.Input(id="a", value="x"),
        html.Button("go", id="go"),
        dcc.Store(id="store", data={"deep": [{"er": html.P(id="held")}]}),
        dcc.Loading(id="loading", children=html.Div(id="loaded")),
        dcc.Tabs(
            id="tabs",
            value="1",
            children=[
                dcc.Tab(id="tab", value="1", label="one", children=html.Div(id="first")),
                dcc.Tab(value="2", label="two", children=html.Div(id="second")),
            ],
        ),
    ]
    ids = ["held", "loaded", "first", "second", "new_tab", "new_held"]

    def reader(id: str) -> None:
        def read(a):
            return f"{id} {a}"

        read.__name__ = id
        app.on(Output(id, "children"), Input("a", "value"))(read)

    for id in ids:
        reader(id)

    @app.on(Output("tab", "children"), Output("store", "data"), Input("go", "n_clicks"), **LATER)
    def go(n):
        return html.B(html.Span(id="new_tab")), [None, {"a": [html.B(html.P(id="new_held"))]}]

    page = app.open()
    page.called([f"{id}('x')" for id in ids[:4]])
    page.shows(first="first x", loaded="loaded x")
    page.click("go")
    page.called("go(1) by go.n_clicks", ["new_tab('x')", "new_held('x')"])
    page.shows(new_tab="new_tab x")
    page.fill("a", "y")
    page.called([f"{id}('y') by a.value" for id in ids if id not in ("held", "first")])
    page.shows(new_tab="new_tab y", loaded="loaded y")


def test_removed_components_and_the_calls_that_write_them(behave: Behave, console: Console) -> None:
    console.allow("ERR_ABORTED")  # the call whose output is gone
    app = behave.app()
    app.layout = [
        *[html.Button(id, id=id) for id in ("go", "remove", "put")],
        html.Div(html.P("first", id="o"), id="box"),
        dcc.Input(id="a", value="x"),
        *paragraphs("bc"),
    ]

    @app.on(Output("o", "children"), Input("go", "n_clicks"), prevent_initial_call=True)
    def slow(n):
        app.hold(f"slow {n}")
        return f"slow {n}"

    @app.on(Output("b", "children"), Input("o", "children"), prevent_initial_call=True)
    def watch(o):
        return o

    @app.on(
        Output("box", "children"),
        Input("remove", "n_clicks"),
        Input("put", "n_clicks"),
        prevent_initial_call=True,
        quiet=True,
    )
    def box(*_):
        return None if ctx.triggered_id == "remove" else html.P("again", id="o")

    @app.on(Output("c", "children"), Input("a", "value"), prevent_initial_call=True)
    def still_alive(a):
        return a

    page = app.open()
    page.click("go")
    page.calling("slow(1) by go.n_clicks")
    page.click("remove")
    page.gone("o")
    page.release("slow 1")
    page.fill("a", "y")
    page.called("still_alive('y') by a.value")
    page.shows(b="b0", c="y")
    page.click("go")
    page.called()
    page.click("put")
    page.called("watch('again') by o.children")
    # An id is what it is known by: what is made anew has what is on its way.
    page.click("go")
    page.calling("slow(3) by go.n_clicks")
    page.click("put")
    page.shows(o="again", b="again")
    page.release("slow 3")
    page.called("watch('slow 3') by o.children")
    page.shows(o="slow 3", b="slow 3")


def test_missing_components(behave: Behave) -> None:
    app = behave.app()
    app.layout = [dcc.Input(id="a", value="x"), *paragraphs("bcdefghij")]

    def reader(name: str, output: str, *more: Any, **options: Any) -> None:
        def read(*values):
            return str(values)

        read.__name__ = name
        app.on(Output(output, "children"), *more, **options)(read)

    a = Input("a", "value")
    reader("input_missing", "b", a, Input("no", "value"))
    reader("all_inputs_missing", "c", Input("no", "value"), Input("none", "value"))
    reader("output_missing", "no", a)
    reader("state_missing", "d", a, State("no", "value"))
    reader("input_optional", "e", a, Input("no", "value", allow_optional=True))
    reader("state_optional", "f", a, State("no", "value", allow_optional=True))
    reader("all_optional", "g", Input("no", "value", allow_optional=True), Input("none", "id", allow_optional=True))
    reader("optional", "h", a, Input("no", "value"), optional=True)
    reader("output_missing_optional", "none", a, optional=True)
    reader("one_of_two_outputs_missing", "j", Output("no", "title"), a)
    reader("prop_unset", "i", Input("a", "title"))

    page = app.open()
    start = ["input_optional('x', None)", "state_optional('x', None)", "prop_unset(None)"]
    texts = page.called(start, errors=3)
    assert all("has no component 'no'" in text for text in texts), texts
    page.shows(b="b0", e="('x', None)", i="(None,)", j="j0")
    page.fill("a", "y")
    start = ["input_optional('y', None)", "state_optional('y', None)"]
    page.called([f"{call} by a.value" for call in start], errors=3)
