"""What callbacks write: by outputs, by `set_props`, by `running`, late, and several of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from behaviour import LATER, Behave, at, buttons, dom, paragraphs

from wscb import ALL, Input, Output, Patch, PreventUpdate, ctx, dcc, html, no_update, set_props


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


# What is done to a value, and what of it is then different; None where it cannot be done.
START = {"l": [1, 2, 3], "d": {"a": 1}, "i": 10, "s": "s", "none": None}
PATCHES: list[tuple[Callable[[Any], Any], dict[str, Any] | None]] = [
    (lambda p: p.__setitem__("n", 1), {"n": 1}),
    (lambda p: p["no"]["x"].__setitem__("y", 1), {"no": {"x": {"y": 1}}}),
    (lambda p: p["none"].__setitem__("y", 1), {"none": {"y": 1}}),
    (lambda p: p["l"].append({"a": 1}), {"l": [1, 2, 3, {"a": 1}]}),
    (lambda p: p["l"].append(4, maxlen=2), {"l": [3, 4]}),
    (lambda p: p["l"].prepend(0), {"l": [0, 1, 2, 3]}),
    (lambda p: p["l"].insert(-1, "x"), {"l": [1, 2, "x", 3]}),
    (lambda p: p["l"].extend([4, 5]), {"l": [1, 2, 3, 4, 5]}),
    (lambda p: p["l"].remove(2), {"l": [1, 3]}),
    (lambda p: p["l"].reverse(), {"l": [3, 2, 1]}),
    (lambda p: p["l"].clear(), {"l": []}),
    (lambda p: p["d"].clear(), {"d": {}}),
    (lambda p: p["l"].__setitem__(-1, "last"), {"l": [1, 2, "last"]}),
    (lambda p: p["l"].__delitem__(0), {"l": [2, 3]}),
    (lambda p: p["l"].__iadd__([4]), {"l": [1, 2, 3, 4]}),
    (lambda p: p["i"].__iadd__(1), {"i": 11}),
    (lambda p: p["i"].__isub__(1), {"i": 9}),
    (lambda p: p["i"].__imul__(3), {"i": 30}),
    (lambda p: p["i"].__itruediv__(4), {"i": 2.5}),
    (lambda p: p["s"].__iadd__("t"), {"s": "st"}),
    (lambda p: p["d"].__ior__({"b": 2}), {"d": {"a": 1, "b": 2}}),
    (lambda p: p["d"].update({"a": 5}, b=6), {"d": {"a": 5, "b": 6}}),
    (lambda p: setattr(p, "attr", 1), {"attr": 1}),
    *[
        (act, None)
        for act in (
            lambda p: p["no"].append(1),
            lambda p: p["none"].prepend(1),
            lambda p: p["no"].extend([1]),
            lambda p: p["none"].insert(0, 1),
            lambda p: p["none"].reverse(),
            lambda p: p["no"].clear(),
            lambda p: p["l"].remove(99),
            lambda p: p.__delitem__("no"),
            lambda p: p["l"].__setitem__(10, "far"),
            lambda p: p["no"].__iadd__(1),
            lambda p: p["none"].__ior__({"a": 1}),
            lambda p: p["i"].__setitem__("x", 1),
        )
    ],
]


def test_patches_of_what_the_page_holds(behave: Behave) -> None:
    app = behave.app()
    app.layout = [
        html.Button("go", id="go"),
        *[dcc.Store(id={"patch": i}, data=START) for i in range(len(PATCHES))],
        dcc.Store(id="unset"),
    ]
    found: list[list[Any]] = []

    @app.on(Output({"patch": ALL}, "data"), Output("unset", "data"), Input("go", "n_clicks"), **LATER)
    def go(n):
        patches = [Patch() for _ in PATCHES]
        for patch, (act, _) in zip(patches, PATCHES, strict=True):
            act(patch)
        unset = Patch()
        unset.append(1)
        return patches, unset

    @app.on(Input({"patch": ALL}, "data"), quiet=True, **LATER)
    def reads(values):
        assert [key.rpartition(".")[0] for key in ctx.triggered_prop_ids] == [
            dom({"patch": i}) for i, (_, changed) in enumerate(PATCHES) if changed
        ]
        found.append(values)

    page = app.open()
    page.click("go")
    # The last of them are shown.
    texts = page.called("go(1) by go.n_clicks", errors=3)
    assert '{"patch":34}.data' in texts[1]
    assert 'assign at ["i","x"]' in texts[1]
    assert "unset.data" in texts[2]
    assert "append at []" in texts[2]
    assert found == [[START if changed is None else START | changed for _, changed in PATCHES]]


def test_what_cannot_be_returned_changes_nothing(behave: Behave) -> None:
    app = behave.app()
    names = ("many", "single", "keys", "unsendable", "nothing")
    app.layout = [*buttons(*names, "fine"), *paragraphs("bcd")]
    returned = {"many": (1, 2, 3), "single": "ab", "unsendable": ("b", {"a": [1, object()]}), "nothing": None}

    def declare(name: str) -> None:
        def gives(n):
            return returned[name]

        gives.__name__ = name
        outputs = [Output(id, "children", allow_duplicate=True) for id in "bc"]
        app.on(*outputs, Input(name, "n_clicks"), **LATER)(gives)

    for name in returned:
        declare(name)

    @app.on(
        output={"b": Output("b", "title"), "c": Output("c", "title")}, inputs={"n": Input("keys", "n_clicks")}, **LATER
    )
    def keys(n):
        return {"b": 1, "d": 2}

    @app.on(Output("d", "children"), Input("fine", "n_clicks"), **LATER)
    def fine(n):
        return ("a", "list")

    page = app.open()
    for name in (*returned, "keys"):
        page.click(name)
        said = f"{name}(n=1)" if name == "keys" else f"{name}(1)"
        page.called(f"{said} by {name}.n_clicks", errors=1)
    page.click("fine")
    page.called("fine(1) by fine.n_clicks")
    page.shows(b="b0", c="c0", d="alist")
