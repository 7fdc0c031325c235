"""More of patterns: several keys, `ALLSMALLER`, lists of outputs, and dict ids wherever an id stands."""

from __future__ import annotations

from behaviour import LATER, Behave, buttons, by, dom, item, its
from conftest import Console

from wscb import (
    ALL,
    ALLSMALLER,
    MATCH,
    Input,
    Output,
    Patch,
    PreventUpdate,
    ctx,
    dcc,
    get_prop,
    html,
    no_update,
    set_props,
)


def test_two_keys_and_allsmaller(behave: Behave) -> None:
    app = behave.app()
    values = (3, 1, 10, 2, "a", "B", "11", True, False, 1.5)
    app.layout = [
        *[dcc.Input(id={"r": r, "c": c}, value=f"{r}{c}") for r in (1, 2) for c in "xy"],
        *[html.P(id={"r": r, "c": c, "o": 1}) for r in (1, 2) for c in "xz"],
        *[html.P(id={"r": r, "sum": 1}) for r in (1, 2)],
        *[item(i) for i in values],
        *[html.P(id={"t": "out", "i": i}) for i in values],
        *[html.P(t, id=id) for t, id in [("one", {"k": 1}), ("text", {"k": "1"}), ("more", {"k": 1, "l": 1})]],
        html.P(id="keys"),
    ]

    @app.on(Output({"r": MATCH, "c": MATCH, "o": 1}, "children"), Input({"c": MATCH, "r": MATCH}, "value"))
    def cell(value):
        return value.upper()

    @app.on(Output({"r": MATCH, "sum": 1}, "children"), Input({"r": MATCH, "c": ALL}, "value"))
    def line(values):
        return "+".join(values)

    @app.on(
        Output({"t": "out", "i": MATCH}, "children"),
        Input({"t": "in", "i": MATCH}, "value"),
        Input({"t": "in", "i": ALLSMALLER}, "value"),
    )
    def smaller(value, values):
        return " ".join(values)

    @app.on(Output("keys", "children"), Input({"k": ALL}, "children"))
    def keys(values):
        return str(values)

    # In the order of the layout; numbers, and what reads as one, before truth values before texts.
    wanted = {
        3: "v1 v2 v1.5",
        1: "",
        10: "v3 v1 v2 v1.5",
        2: "v1 v1.5",
        "a": "v3 v1 v10 v2 vB v11 vTrue vFalse v1.5",
        "B": "v3 v1 v10 v2 v11 vTrue vFalse v1.5",
        "11": "v3 v1 v10 v2 v1.5",
        1.5: "v1",
    }
    truth = {True: "v3 v1 v10 v2 v11 vFalse v1.5", False: "v3 v1 v10 v2 v11 v1.5"}
    pairs = [*wanted.items(), *truth.items()]
    page = app.open()
    page.called(
        [
            # What has no such input has no call: 1z, 2z.
            "cell('1x')",
            "cell('2x')",
            "line(['1x', '1y'])",
            "line(['2x', '2y'])",
            "keys(['one', 'text'])",
            *[f"smaller('v{i}', {text.split()})" for i, text in pairs],
        ]
    )
    page.reads({dom({"t": "out", "i": i}): text for i, text in pairs} | {"keys": "['one', 'text']"})
    page.fill({"r": 2, "c": "x"}, "new")
    page.called([f"{call}{by({'r': 2, 'c': 'x'})}" for call in ("cell('new')", "line(['new', '2y'])")])
    page.fill(its(10), "T")
    page.called(
        [
            f"smaller('{'T' if i == 10 else f'v{i}'}', {text.replace('v10', 'T').split()}){by(its(10))}"
            for i, text in pairs
            if i == 10 or "v10" in text
        ]
    )


def test_outputs_with_all(behave: Behave) -> None:
    app = behave.app()
    names = ("short", "leaves", "part", "prevents", "both")
    app.layout = [
        *buttons(*names),
        *[html.P("i", id={"o": i}) for i in (1, 2)],
        html.P(id="see"),
        html.P(id="x"),
    ]
    every = Output({"o": ALL}, "children", allow_duplicate=True)

    @app.on(every, Input("short", "n_clicks"), **LATER)
    def short(n):
        return ["a", "b", "c"]

    @app.on(every, Input("leaves", "n_clicks"), **LATER)
    def leaves(n):
        return no_update

    @app.on(every, Input("part", "n_clicks"), **LATER)
    def part(n):
        assert [entry["id"] for entry in ctx.outputs_list] == [{"o": 1}, {"o": 2}]
        return [no_update, "second"]

    @app.on(every, Input("prevents", "n_clicks"), **LATER)
    def prevents(n):
        raise PreventUpdate

    @app.on(every, Output("x", "children"), Input("both", "n_clicks"), **LATER)
    def both(n):
        return ["p", "q"], "x"

    @app.on(Output("see", "children"), Input({"o": ALL}, "children"), **LATER)
    def see(values):
        return str(values)

    page = app.open()
    page.called()
    page.click("short")
    page.called("short(1) by short.n_clicks", errors=1)
    page.click("leaves")
    page.called("leaves(1) by leaves.n_clicks")
    page.click("part")
    page.called("part(1) by part.n_clicks", f"see(['i', 'second']){by({'o': 2}, prop='children')}")
    page.click("prevents")
    page.called("prevents(1) by prevents.n_clicks")
    page.click("both")
    page.called("both(1) by both.n_clicks", f"see(['p', 'q']){by({'o': 1}, {'o': 2}, prop='children')}")
    page.shows(see="['p', 'q']", x="x")


def test_dict_ids_wherever_an_id_stands(behave: Behave, console: Console) -> None:
    console.allow("ERR_ABORTED")  # the call that is cancelled
    app = behave.app()
    app.layout = [
        html.Button("go", id={"t": "go", "i": 1.5, "b": True}),
        html.Button("stop", id={"t": "stop"}),
        *[html.P("idle", id={"t": "status", "i": i}) for i in (1, 2)],
        html.P(id={"z": 1, "a": "text"}),
        html.P("o", id={"t": "out"}),
        html.P("w", id="watch"),
        html.Button("ask", id="ask"),
    ]
    go = {"b": True, "i": 1.5, "t": "go"}
    running = (Output({"t": "status", "i": ALL}, "children"), "on", "off")

    @app.on(
        Output({"t": "out"}, "children"),
        Input(go, "n_clicks"),
        running=[running],
        cancel=[Input({"t": "stop"}, "n_clicks")],
        **LATER,
    )
    def work(n):
        assert ctx.triggered_id == go
        set_props({"a": "text", "z": 1}, {"children": f"set {n}"})
        app.hold(f"work {n}")
        return f"out {n}"

    @app.on(Output("watch", "children"), Input({"t": "status", "i": 1}, "children"), **LATER)
    def watch(status):
        return status

    @app.on(Output("watch", "children", allow_duplicate=True), Input("ask", "n_clicks"), **LATER)
    async def ask(n):
        return await get_prop({"z": 1, "a": "text"}, "children")

    page = app.open()
    ids = page.page.evaluate("[...document.querySelectorAll('[id*=go]')].map(element => element.id)")
    assert ids == ['{"b":true,"i":1.5,"t":"go"}']
    page.click(go)
    status = by({"t": "status", "i": 1}, prop="children")
    page.calling([f"work(1){by(go, prop='n_clicks')}", f"watch('on'){status}"])
    page.reads({dom({"t": "status", "i": i}): "on" for i in (1, 2)})
    page.release("work 1")
    page.called(f"watch('off'){status}")
    page.reads({dom({"t": "out"}): "out 1", dom({"z": 1, "a": "text"}): "set 1", dom({"t": "status", "i": 2}): "off"})
    page.click(go)
    page.calling([f"work(2){by(go, prop='n_clicks')}", f"watch('on'){status}"])
    page.click({"t": "stop"})
    page.shows(watch="off")
    page.release("work 2")
    page.called(f"watch('off'){status}")
    page.reads({dom({"t": "out"}): "out 1"})
    if behave.socket:
        page.click("ask")
        page.called("ask(1) by ask.n_clicks")
        page.shows(watch="set 2")


def test_calls_of_one_component_are_no_matter_of_another(behave: Behave, console: Console) -> None:
    console.allow("ERR_ABORTED")  # the call of the item that goes
    app = behave.app()
    app.layout = [
        html.Div([html.Div([item(i), html.P("-", id={"t": "out", "i": i})]) for i in (1, 2, 3)], id="box"),
        *buttons("remove"),
        html.P(id="total"),
    ]

    @app.on(Output({"t": "out", "i": MATCH}, "children"), Input({"t": "in", "i": MATCH}, "value"), **LATER)
    def slow(value):
        app.hold(value)
        return f"out {value}"

    @app.on(Output("total", "children"), Input({"t": "out", "i": ALL}, "children"), **LATER)
    def total(values):
        return " ".join(values)

    @app.on(Output("box", "children"), Input("remove", "n_clicks"), quiet=True, **LATER)
    def remove(n):
        patch = Patch()
        del patch[1]
        return patch

    page = app.open()
    for i, value in [(1, "older"), (1, "newer"), (2, "gone"), (3, "third")]:
        page.fill(its(i), value)
        page.calling(f"slow('{value}'){by(its(i))}")
    outs = [{"t": "out", "i": i} for i in (1, 2, 3)]
    page.release("newer")
    page.reads({dom(outs[0]): "out newer"})
    page.release("third")
    page.reads({dom(outs[2]): "out third"})
    page.release("older")
    page.calling()
    # Who reads them all waits for the one that is left, until that has left too.
    page.click("remove")
    page.called(f"total(['out newer', 'out third']){by(outs[0], outs[2], prop='children')}")
    page.reads({dom(outs[0]): "out newer", "total": "out newer out third"})
