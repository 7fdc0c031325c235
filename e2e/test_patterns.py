"""Callbacks with `MATCH` and `ALL` in their ids, in a real page: what comes, goes and changes."""

from __future__ import annotations

from typing import Any

from behaviour import LATER, Behave, Recorded, buttons, by, dom, item, its

from wscb import ALL, MATCH, Input, Output, Patch, PreventUpdate, State, ctx, dcc, html


def filled(app: Recorded, id: str, then: Any) -> None:
    """A box that `then(button, children)` fills anew at each click on a button of its own."""

    names = ("append", "prepend", "remove", "clear")

    @app.on(
        Output(id, "children"),
        *[Input(name, "n_clicks") for name in names],
        State(id, "children"),
        quiet=True,
        **LATER,
    )
    def fill(*values):
        return then(ctx.triggered_id, values[-1])


def test_all_follows_what_is_there(behave: Behave) -> None:
    app = behave.app()
    app.layout = [
        *buttons("append", "prepend", "remove", "clear"),
        html.Div(id="box", children=[]),
        html.P(id="a"),
        html.P(id="b"),
        html.P(id="c", title="C"),
        html.P(id="d"),
    ]

    def change(button, children):
        if button == "append":
            return [*children, html.Div(item(10)), item("s")]
        if button == "prepend":
            return [html.Div(html.Div(item(True))), *children]
        return [] if button == "clear" else children[1:]

    filled(app, "box", change)
    every = Input({"i": ALL, "t": "in"}, "value")

    @app.on(Output("a", "children"), every)
    def collect(values):
        assert [entry["value"] for entry in ctx.inputs_list[0]] == values
        return str(values)

    @app.on(Output("b", "children"), every, **LATER)
    def prevented(values):
        return str(values)

    @app.on(Output("c", "children"), Input("c", "title"), State({"t": "in", "i": ALL}, "value"))
    def as_state(title, values):
        return str(values)

    @app.on(every)
    def no_output(values): ...

    @app.on(Output({"none": ALL}, "children"), Input("c", "title"))
    def no_output_there(title):
        return []

    @app.on(Output({"none": ALL}, "title"), Output("d", "children"), Input("c", "title"))
    def one_output_there(title):
        return [], str(ctx.outputs_list)

    page = app.open()
    page.called(["collect([])", "no_output([])", "as_state('C', [])", "one_output_there('C')"])
    page.shows(d="[[], {'id': 'd', 'property': 'children'}]")
    # Without an output, new inputs are a start.
    some, every_one = ("collect", "prevented"), ("collect", "prevented", "no_output")
    page.click("append")
    values = "['v10', 'vs']"
    page.called([*[f"{name}({values}){by(its(10), its('s'))}" for name in some], f"no_output({values})"])
    page.click("prepend")
    # What is written as a whole is new as a whole. Written by a Patch, it is not: see below.
    values = "['vTrue', 'v10', 'vs']"
    page.called([*[f"{name}({values}){by(its(True), its(10), its('s'))}" for name in some], f"no_output({values})"])
    page.fill(its("s"), "typed")
    page.called([f"{name}(['vTrue', 'v10', 'typed']){by(its('s'))}" for name in every_one])
    page.click("remove")
    values = "['v10', 'typed']"
    page.called([*[f"{name}({values}){by(its(10), its('s'))}" for name in some], f"no_output({values})"])
    page.click("clear")
    page.called([f"{name}([])" for name in every_one])
    page.shows(a="[]", b="[]", c="[]")


def row(i: Any) -> Any:
    """An input, and what is written of it."""
    return html.Div([item(i), *[html.P(id={"t": t, "i": i}) for t in ("a", "b", "c", "d")]])


def test_match_makes_a_callback_of_each(behave: Behave) -> None:
    app = behave.app()
    app.layout = [
        *buttons("append", "prepend", "remove"),
        html.Div([row(1), row(2)], id="box"),
        html.P(id="total"),
        html.P(id="order"),
        dcc.Input(id="fixed", value="f"),
    ]

    @app.on(
        Output("box", "children"),
        *[Input(name, "n_clicks") for name in ("append", "prepend", "remove")],
        quiet=True,
        **LATER,
    )
    def change(*_):
        patch = Patch()
        if ctx.triggered_id == "append":
            patch.append(row("new"))
        elif ctx.triggered_id == "prepend":
            patch.prepend(row(0))
        else:
            del patch[0]
        return patch

    @app.on(
        Output({"t": "a", "i": MATCH}, "children"), Input({"t": "in", "i": MATCH}, "value"), State("fixed", "value")
    )
    def one(value, fixed):
        i = ctx.inputs_list[0]["id"]["i"]
        assert ctx.outputs_list == {"id": {"t": "a", "i": i}, "property": "children"}
        if value == "stay":
            raise PreventUpdate
        app.hold(f"one {value}")
        return f"a {value}"

    @app.on(Output({"t": "b", "i": MATCH}, "children"), Input({"t": "in", "i": MATCH}, "value"), **LATER)
    def prevented(value):
        return f"b {value}"

    @app.on(Output("total", "children"), Input({"t": "a", "i": ALL}, "children"))
    def total(values):
        return str(values)

    @app.on(Output({"t": "c", "i": MATCH}, "children"), Input({"t": "a", "i": MATCH}, "children"))
    def link(value):
        return f"c {value}"

    @app.on(Output({"t": "d", "i": MATCH}, "children"), Input("fixed", "value"), **LATER)
    def of_fixed(value):
        return f"{ctx.outputs_list['id']['i']} {value}"

    page = app.open()
    # Who reads them all waits for them all.
    page.calling(["one('v1', 'f')", "one('v2', 'f')"])
    page.release("one v2")
    page.calling("link('a v2')" + by({"t": "a", "i": 2}, prop="children"))
    page.release("one v1")
    page.called(
        [
            "link('a v1')" + by({"t": "a", "i": 1}, prop="children"),
            "total(['a v1', 'a v2'])" + by({"t": "a", "i": 2}, {"t": "a", "i": 1}, prop="children"),
        ]
    )
    # Those that were there before are not called again.
    for button, i, values in [
        ("append", "new", "['a v1', 'a v2', 'a vnew']"),
        ("prepend", 0, "['a v0', 'a v1', 'a v2', 'a vnew']"),
    ]:
        page.release(f"one v{i}")
        page.click(button)
        a = {"t": "a", "i": i}
        page.called(
            f"one('v{i}', 'f')", [f"link('a v{i}'){by(a, prop='children')}", f"total({values}){by(a, prop='children')}"]
        )
    page.release("one typed")
    page.fill(its(2), "typed")
    two = {"t": "a", "i": 2}
    page.called(
        [f"one('typed', 'f'){by(its(2))}", f"prevented('typed'){by(its(2))}"],
        [
            f"link('a typed'){by(two, prop='children')}",
            f"total(['a v0', 'a v1', 'a typed', 'a vnew']){by(two, prop='children')}",
        ],
    )
    page.fill(its(1), "stay")
    page.called([f"one('stay', 'f'){by(its(1))}", f"prevented('stay'){by(its(1))}"])
    page.click("remove")
    page.called("total(['a v1', 'a typed', 'a vnew'])")
    page.fill("fixed", "g")
    page.called(["of_fixed('g') by fixed.value"] * 3)
    page.reads({dom({"t": t, "i": 2}): f"{t} typed" for t in "ab"} | {dom({"t": "d", "i": "new"}): "new g"})


def test_all_as_input_of_match(behave: Behave) -> None:
    app = behave.app()
    app.layout = [
        *buttons("append", "prepend", "remove", "clear"),
        html.Div(id="box"),
        *[item(i) for i in (1, 2)],
        *[dcc.Input(id={"t": "other", "j": j}, value=f"w{j}") for j in (1, 2)],
        *[html.P(id={"t": t, "i": i}) for t in ("same", "apart") for i in (1, 3)],
    ]
    filled(app, "box", lambda button, children: item(9) if button == "append" else None)

    def instance() -> str:
        return str(ctx.outputs_list["id"]["i"])

    @app.on(Output({"t": "same", "i": MATCH}, "children"), Input({"t": "in", "i": ALL}, "value"))
    def same_key(values):
        return f"{instance()} {values}"

    @app.on(Output({"t": "apart", "i": MATCH}, "children"), Input({"t": "other", "j": ALL}, "value"))
    def another_key(values):
        return f"{instance()} {values}"

    page = app.open()
    page.called(["same_key(['v1', 'v2'])"] * 2 + ["another_key(['w1', 'w2'])"] * 2)
    page.fill(its(1), "T")
    page.called([f"same_key(['T', 'v2']){by(its(1))}"] * 2)
    page.fill({"t": "other", "j": 2}, "U")
    page.called([f"another_key(['w1', 'U']){by({'t': 'other', 'j': 2})}"] * 2)
    # It stands first on the page.
    page.click("append")
    page.called([f"same_key(['v9', 'T', 'v2']){by(its(9))}"] * 2)
    page.reads({dom({"t": "same", "i": i}): f"{i} ['v9', 'T', 'v2']" for i in (1, 3)})


def test_match_with_a_fixed_output(behave: Behave) -> None:
    app = behave.app()
    app.layout = [
        *buttons("append", "prepend", "remove", "clear"),
        dcc.Input(id="other", value="o"),
        html.Div([item(1)], id="box"),
        html.P("-", id="fixed"),
    ]
    filled(app, "box", lambda button, children: [item(i) for i in ((6, 7) if button == "append" else ())])

    @app.on(
        Output("fixed", "children"),
        Input({"t": "in", "i": MATCH}, "value"),
        Input("other", "value"),
        State({"t": "in", "i": MATCH}, "id"),
    )
    def fixed(value, other, id):
        assert ctx.inputs_list[0]["id"] == dict(id)
        return value

    @app.on(Input({"t": "in", "i": MATCH}, "value"))
    def no_output(value):
        assert ctx.outputs_list == []

    page = app.open()
    page.called(["fixed('v1', 'o', {'i': 1, 't': 'in'})", "no_output('v1')"])
    page.fill(its(1), "T")
    page.called([f"fixed('T', 'o', {{'i': 1, 't': 'in'}}){by(its(1))}", f"no_output('T'){by(its(1))}"])
    page.click("append")
    page.called(
        [f"fixed('v{i}', 'o', {{'i': {i}, 't': 'in'}}){by(its(i))}" for i in (6, 7)]
        + ["no_output('v6')", "no_output('v7')"]
    )
    page.shows(fixed="v7")
    page.fill("other", "p")
    page.called([f"fixed('v{i}', 'p', {{'i': {i}, 't': 'in'}}) by other.value" for i in (6, 7)])
    page.click("clear")
    page.called()
    page.fill("other", "q")
    page.called()
