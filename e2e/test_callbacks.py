"""The model of callbacks in a real page: in what order, how often, with what, and why each is called."""

from __future__ import annotations

from behaviour import Behave, paragraphs

from wscb import Input, Output, PreventUpdate, State, ctx, dcc, html, no_update


def test_initial_calls_come_in_dependency_order_and_once(behave: Behave) -> None:
    app = behave.app()
    app.layout = [dcc.Input(id="a", value="x"), html.Button("go", id="go"), *paragraphs("bcdef")]

    # Declared in no order of theirs.
    @app.on(Output("e", "children"), Input("c", "children"), Input("d", "children"))
    def join(c, d):
        return f"{c}+{d}"

    @app.on(Output("d", "children"), Input("b", "children"))
    def right(b):
        return f"d({b})"

    @app.on(Output("c", "children"), Input("b", "children"))
    def left(b):
        app.hold(f"left {b}")
        return f"c({b})"

    @app.on(Output("b", "children"), Input("a", "value"))
    def first(a):
        return f"b({a})"

    @app.on(Output("f", "children"), Input("go", "n_clicks"), Input("e", "children"))
    def mixed(n, e):
        return f"{n} {e}"

    page = app.open()
    page.calling("first('x')", ["left('b(x)') by b.children", "right('b(x)') by b.children"])
    page.shows(d="d(b(x))", e="e0")
    page.release("left b(x)")
    # What triggered it stands in the order in which it came.
    page.called("join('c(b(x))', 'd(b(x))') by d.children c.children", "mixed(None, 'c(b(x))+d(b(x))') by e.children")
    page.fill("a", "y")
    page.calling("first('y') by a.value", ["left('b(y)') by b.children", "right('b(y)') by b.children"])
    # What it waits for is on its way, whatever else triggers it.
    page.click("go")
    page.shows(d="d(b(y))")
    page.release("left b(y)")
    page.called(
        "join('c(b(y))', 'd(b(y))') by d.children c.children", "mixed(1, 'c(b(y))+d(b(y))') by go.n_clicks e.children"
    )
    page.shows(e="c(b(y))+d(b(y))", f="1 c(b(y))+d(b(y))")


def test_prevented_initial_calls(behave: Behave) -> None:
    app = behave.app(prevent_initial_callbacks=True)
    app.layout = [dcc.Input(id="a", value="x"), *paragraphs("bcdefgh")]

    @app.on(Output("b", "children"), Input("a", "value"), prevent_initial_call=True)
    def head(a):
        return f"b({a})"

    @app.on(Output("c", "children"), Input("b", "children"), prevent_initial_call=False)
    def after_head(b):
        return f"c({b})"

    @app.on(Output("d", "children"), Input("a", "value"), prevent_initial_call=False)
    def called(a):
        return f"d({a})"

    @app.on(Output("e", "children"), Input("d", "children"), prevent_initial_call=True)
    def fed(d):
        return f"e({d})"

    @app.on(Output("f", "children"), Input("e", "children"), prevent_initial_call=False)
    def after_fed(e):
        return f"f({e})"

    @app.on(Output("g", "children"), Input("a", "value"), Input("d", "children"))
    def fed_and_more(a, d):
        return f"g({a},{d})"

    @app.on(Output("h", "children"), Input("a", "value"))
    def by_the_app(a):
        return f"h({a})"

    page = app.open()
    page.called(
        ["after_head('b0')", "called('x')"],
        ["fed('d(x)') by d.children", "fed_and_more('x', 'd(x)') by d.children", "after_fed('e(d(x))') by e.children"],
    )
    page.shows(b="b0", c="c(b0)", f="f(e(d(x)))", g="g(x,d(x))", h="h0")


def test_a_chain_ends_where_nothing_changes(behave: Behave) -> None:
    app = behave.app(on_error=lambda _: None)
    app.layout = [dcc.Input(id="a", value="x"), dcc.Input(id="z", value="z"), *paragraphs("bcdefghijklm")]

    @app.on(Output("b", "children"), Input("a", "value"))
    def prevents(a):
        raise PreventUpdate

    @app.on(Output("e", "children"), Input("a", "value"))
    def leaves(a):
        return no_update

    @app.on(Output("h", "children"), Output("i", "children"), Input("a", "value"))
    def partly(a):
        return no_update, "i!"

    @app.on(Output("l", "children"), Input("a", "value"))
    def fails(a):
        raise ValueError("told to nobody")

    def reader(output: str, name: str, *inputs: Input) -> None:
        def read(*values):
            return f"{name}{values}"

        read.__name__ = name
        app.on(Output(output, "children"), *inputs)(read)

    reader("c", "only_prevented", Input("b", "children"))
    reader("d", "prevented_and_z", Input("b", "children"), Input("z", "value"))
    reader("f", "only_left", Input("e", "children"))
    reader("g", "left_and_z", Input("e", "children"), Input("z", "value"))
    reader("j", "left_in_part", Input("h", "children"))
    reader("k", "both_parts", Input("h", "children"), Input("i", "children"))
    reader("m", "failed_and_z", Input("l", "children"), Input("z", "value"))

    page = app.open()
    page.called(
        [
            "prevents('x')",
            "leaves('x')",
            "partly('x')",
            "fails('x')",
            "prevented_and_z('b0', 'z')",
            "left_and_z('e0', 'z')",
            "both_parts('h0', 'i!') by i.children",
            "failed_and_z('l0', 'z')",
        ]
    )
    page.fill("a", "y")
    heads = [f"{name}('y') by a.value" for name in ("prevents", "leaves", "partly", "fails")]
    page.called([*heads, "both_parts('h0', 'i!') by i.children"])


def test_what_counts_as_a_change(behave: Behave) -> None:
    app = behave.app()
    app.layout = [
        *[html.Button(id, id=id) for id in ("go", "slow", "stuck", "fast")],
        html.P("same", id="b"),
        dcc.Store(id="s", data={"k": 1}),
        *paragraphs("cdefgh"),
    ]
    later = {"prevent_initial_call": True}

    @app.on(Output("b", "children"), Output("b", "title"), Output("s", "data"), Input("go", "n_clicks"), **later)
    def same(n):
        return "same", None, {"k": 1}

    @app.on(Output("c", "children"), Input("b", "title"), Input("s", "data"), Input("b", "children"), **later)
    def told_of_equal_values(*values):
        return str(values)

    @app.on(Output("d", "children"), Input("go", "n_clicks"), State("b", "children"), State("c", "lang"), **later)
    def with_states(n, b, lang):
        return str((n, ctx.states))

    @app.on(Output("e", "children"), Input("slow", "n_clicks"), **later)
    def slow(n):
        app.hold("slow")
        return f"e{n}"

    @app.on(Output("f", "children"), Input("stuck", "n_clicks"), **later)
    def stuck(n):
        app.hold("stuck")
        raise PreventUpdate

    @app.on(Output("g", "children"), Input("e", "children"), Input("fast", "n_clicks"), **later)
    def join(e, n):
        return f"{e} {n}"

    @app.on(Output("h", "children"), Input("f", "children"), Input("fast", "n_clicks"), **later)
    def join_stuck(f, n):
        return f"{f} {n}"

    page = app.open()
    page.called()
    for n in (1, 2):
        page.click("go")
        told = "told_of_equal_values(None, {'k': 1}, 'same') by b.children b.title s.data"
        page.called([f"same({n}) by go.n_clicks", f"with_states({n}, 'same', None) by go.n_clicks", told])
    page.click("slow", "stuck")
    page.calling(["slow(1) by slow.n_clicks", "stuck(1) by stuck.n_clicks"])
    page.click("fast", "fast")
    page.release("slow")
    page.calling("join('e1', 2) by fast.n_clicks e.children")
    page.release("stuck")
    page.called("join_stuck('f0', 2) by fast.n_clicks")
    page.shows(d="(2, {'b.children': 'same', 'c.lang': None})", g="e1 2", h="f0 2")


def test_callbacks_without_outputs_or_inputs(behave: Behave) -> None:
    app = behave.app()
    app.layout = [dcc.Input(id="a", value="x"), html.Button("put", id="put"), html.Div(id="box"), *paragraphs("cde")]

    @app.on(Input("a", "value"))
    def one(a): ...

    @app.on(Input("a", "value"))
    def another(a): ...

    @app.on(Input("a", "value"), prevent_initial_call=True)
    def prevented(a): ...

    @app.on(Output("c", "children"), Input("a", "value"))
    def feeds(a):
        return a

    @app.on(Input("c", "children"), prevent_initial_call=True)
    def fed(c): ...

    @app.on(Output("d", "children"))
    def no_input():
        return "no input"

    @app.on(Output("e", "children"), State("a", "value"))
    def state_only(a):
        return f"state {a}"

    @app.on()
    def nothing(): ...

    @app.on(Output("box", "children"), Input("put", "n_clicks"), prevent_initial_call=True)
    def put(n):
        return [html.Div(dcc.Input(id="in", value=f"in{n}"))]

    @app.on(Input("in", "value"))
    def inserted(value): ...

    @app.on(Input("in", "value"), prevent_initial_call=True)
    def inserted_prevented(value): ...

    @app.on(Input("in", "value"), State("a", "value"))
    def inserted_with_state(value, a): ...

    page = app.open()
    start = ["one('x')", "another('x')", "feeds('x')", "no_input()", "state_only('x')", "nothing()"]
    page.called([*start, "fed('x') by c.children"])
    page.shows(d="no input", e="state x")
    page.fill("a", "y")
    page.called(
        [f"{name}('y') by a.value" for name in ("one", "another", "prevented", "feeds")] + ["fed('y') by c.children"]
    )
    for n in (1, 2):
        page.click("put")
        page.called(f"put({n}) by put.n_clicks", [f"inserted('in{n}')", f"inserted_with_state('in{n}', 'y')"])
    page.fill("in", "typed")
    page.called(
        [
            "inserted('typed') by in.value",
            "inserted_prevented('typed') by in.value",
            "inserted_with_state('typed', 'y') by in.value",
        ]
    )
