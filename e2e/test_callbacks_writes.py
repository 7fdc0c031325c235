"""What callbacks write: by outputs, by `set_props`, by `running`, late, and several of them."""

from __future__ import annotations

from behaviour import Behave, at, paragraphs

from wscb import Input, Output, Patch, PreventUpdate, ctx, dcc, html, no_update, set_props


def test_set_props_is_a_change_like_any(behave: Behave) -> None:
    app = behave.app()
    names = ["go", "prevents", "leaves", "fails", "own", "nowhere", "inserts", "patches", "both"]
    app.layout = [
        *[html.Button(name, id=name) for name in names],
        html.P("t0", id="t"),
        html.P(id={"k": 1, "a": "z"}),
        html.Div(id="box"),
        dcc.Store(id="store", data={"a": 1}),
        *paragraphs("bcdefgh"),
    ]
    later = {"prevent_initial_call": True}

    @app.on(Output("b", "children"), Input("go", "n_clicks"), **later)
    def go(n):
        set_props("t", {"children": f"t{n}", "title": "T"})
        set_props("t", {"children": f"t{n} again"})
        set_props({"k": 1, "a": "z"}, {"children": f"dict {n}"})
        return "out"

    @app.on(Output("c", "children"), Input("b", "children"), Input("t", "children"), **later)
    def of_both(b, t):
        return f"{b} {t}"

    @app.on(Output("d", "children"), Input({"a": "z", "k": 1}, "children"), **later)
    def of_dict(value):
        return value

    @app.on(Output("h", "children"), Input("prevents", "n_clicks"), **later)
    def prevents(n):
        set_props("t", {"children": "before PreventUpdate"})
        raise PreventUpdate

    @app.on(Output("h", "title"), Input("leaves", "n_clicks"), **later)
    def leaves(n):
        set_props("t", {"children": "before no_update"})
        return no_update

    @app.on(Output("h", "lang"), Input("fails", "n_clicks"), **later)
    def fails(n):
        set_props("t", {"children": "before an error"})
        raise ValueError("after set_props")

    @app.on(Output("e", "children"), Input("own", "n_clicks"), **later)
    def own(n):
        if n < 3:
            set_props("own", {"n_clicks": n + 1})
        return f"own {n}"

    @app.on(Input("nowhere", "n_clicks"), **later)
    def nowhere(n):
        set_props("no", {"children": 1})
        set_props("t", {"children": "after nowhere"})

    @app.on(Input("inserts", "n_clicks"), **later)
    def inserts(n):
        set_props("box", {"children": html.P(id="new")})

    @app.on(Output("new", "children"), Input("t", "children"))
    def inserted(t):
        return f"new {t}"

    @app.on(Input("patches", "n_clicks"), **later)
    def patches(n):
        patch = Patch()
        patch["b"] = n
        set_props("store", {"data": patch})

    @app.on(Output("f", "children"), Input("store", "data"), **later)
    def patched(data):
        return str(data)

    @app.on(Output("g", "children"), Input("both", "n_clicks"), **later)
    def both(n):
        set_props("g", {"children": "by set_props"})
        return "by the output"

    page = app.open()
    page.click("go")
    page.called(
        "go(1) by go.n_clicks",
        ["of_both('out', 't1 again') by t.children b.children", 'of_dict(\'dict 1\') by {"a":"z","k":1}.children'],
    )
    page.reads({'{"a":"z","k":1}': "dict 1", "c": "out t1 again"})
    for name, text in [("prevents", "PreventUpdate"), ("leaves", "no_update"), ("fails", "an error")]:
        page.click(name)
        page.called(
            f"{name}(1) by {name}.n_clicks", f"of_both('out', 'before {text}') by t.children", errors=name == "fails"
        )
    page.click("own")
    page.called("own(1) by own.n_clicks", "own(2) by own.n_clicks", "own(3) by own.n_clicks")
    page.click("nowhere")
    page.called("nowhere(1) by nowhere.n_clicks", "of_both('out', 'after nowhere') by t.children", errors=1)
    page.click("inserts")
    page.called("inserts(1) by inserts.n_clicks", "inserted('after nowhere')")
    page.click("patches")
    page.called("patches(1) by patches.n_clicks", "patched({'a': 1, 'b': 1}) by store.data")
    page.click("both")
    page.called("both(1) by both.n_clicks")
    page.shows(e="own 3", f="{'a': 1, 'b': 1}", g="by the output", new="new after nowhere", t="after nowhere")


def test_an_output_that_is_its_own_input(behave: Behave) -> None:
    app = behave.app()
    app.layout = [dcc.Input(id="a", value="1"), dcc.Input(id="b", value="2"), html.P(id="c"), html.Button(id="go")]

    @app.on(Output("a", "value"), Output("b", "value"), Input("a", "value"), Input("b", "value"))
    def same(a, b):
        value = b if ctx.triggered_id == "b" else a
        return value, value

    @app.on(Output("c", "children"), Input("a", "value"))
    def reads(a):
        return a

    @app.on(Output("b", "value", allow_duplicate=True), Input("go", "n_clicks"), prevent_initial_call=True)
    def another_writes(n):
        return "9"

    page = app.open()
    page.called("same('1', '2')", "reads('1') by a.value")
    page.fill("a", "5")
    page.called("same('5', '1') by a.value", "reads('5') by a.value")
    page.fill("b", "7")
    page.called("same('5', '7') by b.value", "reads('7') by a.value")
    page.click("go")
    page.called("another_writes(1) by go.n_clicks", "same('7', '9') by b.value", "reads('9') by a.value")
    assert page.page.locator(at("a")).input_value() == "9"


def test_running_stays_on_until_the_last_call_has_ended(behave: Behave) -> None:
    app = behave.app()
    app.layout = [
        *[html.Button(name, id=name) for name in ("go", "fails", "prevents")],
        html.P("idle", id="status"),
        *paragraphs("bcde"),
    ]
    shown = {"running": [(Output("status", "children"), "on", "off")], "prevent_initial_call": True}

    @app.on(Output("b", "children"), Input("go", "n_clicks"), **shown)
    def go(n):
        app.hold(f"go {n}")
        return f"b{n}"

    @app.on(Output("c", "children"), Input("fails", "n_clicks"), **shown)
    def fails(n):
        raise ValueError("while it runs")

    @app.on(Output("d", "children"), Input("prevents", "n_clicks"), **shown)
    def prevents(n):
        raise PreventUpdate

    @app.on(Output("e", "children"), Input("status", "children"), prevent_initial_call=True)
    def watch(status):
        return status

    page = app.open()
    page.click("go")
    page.calling(["go(1) by go.n_clicks", "watch('on') by status.children"])
    page.click("go")
    page.calling(["go(2) by go.n_clicks", "watch('on') by status.children"])
    page.release("go 1")
    page.shows(status="on")
    page.release("go 2")
    page.called("watch('off') by status.children")
    page.shows(status="off", e="off", b="b2")
    for name in ("fails", "prevents"):
        page.click(name)
        called = [f"{name}(1) by {name}.n_clicks", "watch('on') by status.children"]
        page.called(called, "watch('off') by status.children", errors=name == "fails")
        page.shows(status="off")


def test_an_older_answer_overwrites_no_newer_one(behave: Behave) -> None:
    app = behave.app()
    app.layout = [html.Button("go", id="go"), *paragraphs("bc")]

    @app.on(Output("b", "children"), Input("go", "n_clicks"), prevent_initial_call=True)
    def slow(n):
        app.hold(f"slow {n}")
        return f"b{n}"

    @app.on(Output("c", "children"), Input("b", "children"), prevent_initial_call=True)
    def reads(b):
        return b

    page = app.open()
    page.click("go", "go", "go")
    page.calling(["slow(1) by go.n_clicks", "slow(2) by go.n_clicks", "slow(3) by go.n_clicks"])
    page.release("slow 2")
    page.shows(b="b2")
    page.release("slow 3")
    page.shows(b="b3", c="b3")
    page.calling("reads('b3') by b.children")
    page.release("slow 1")
    page.called()
    page.shows(b="b3", c="b3")


def test_several_callbacks_write_one_output(behave: Behave) -> None:
    app = behave.app()
    app.layout = [html.Button("go", id="go"), html.Button("more", id="more"), *paragraphs("bc")]

    @app.on(Output("b", "children"), Input("go", "n_clicks"))
    def first(n):
        app.hold(f"first {n}")
        return f"first {n}"

    @app.on(
        Output("b", "children", allow_duplicate=True), Input("go", "n_clicks"), prevent_initial_call="initial_duplicate"
    )
    def second(n):
        return f"second {n}"

    @app.on(Output("b", "children", allow_duplicate=True), Input("more", "n_clicks"), prevent_initial_call=True)
    def third(n):
        return f"third {n}"

    @app.on(Output("c", "children"), Input("b", "children"))
    def reads(b):
        assert ctx.inputs_list == [{"id": "b", "property": "children", "value": b}]
        return b

    page = app.open()
    for n, by in [(None, ""), (1, " by go.n_clicks")]:
        if n:
            page.click("go")
        page.calling([f"first({n}){by}", f"second({n}){by}"])
        page.shows(b=f"second {n}")
        page.release(f"first {n}")
        page.called(f"reads('first {n}') by b.children")
    page.click("more")
    page.called("third(1) by more.n_clicks", "reads('third 1') by b.children")
    page.shows(c="third 1")
