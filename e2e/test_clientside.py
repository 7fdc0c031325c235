"""Callbacks that are functions of the page, in the same graph as those of the server."""

from __future__ import annotations

import json
from pathlib import Path

from behaviour import LATER, Behave, at, buttons, by, paragraphs
from conftest import Console
from playwright.sync_api import Page, Route

from wscb import ALL, MATCH, ClientsideFunction, Input, Output, State, dcc, html

FUNCTIONS = """
window.dash_clientside = Object.assign({}, window.dash_clientside, {here: {
    plain: function (...values) {
        const own = this === dash_clientside.here;
        return JSON.stringify([values.map(value => value === undefined ? "unset" : value), own]);
    },
    leaves: () => dash_clientside.no_update,
    prevents: () => { throw dash_clientside.PreventUpdate; },
    fails: () => { throw new RangeError("as it was told"); },
    promises: n => new Promise(done => { window.keep = () => done("kept " + n); }),
    rejects: async () => { throw new RangeError("later"); },
    nothing: () => undefined,
    two: () => ["A", dash_clientside.no_update],
    array: () => ["x", "y"],
    much: () => [1, 2, 3],
    sets: n => {
        dash_clientside.set_props("t", {children: "set " + n, title: "T"});
        dash_clientside.set_props({k: 1, a: "z"}, {children: "dict " + n});
        return "out";
    },
    makes: n => ({type: "Div", namespace: "wscb_html", props: {id: "made", children: "made"}}),
    silent: n => { window.silent = n; },
    tells: async (...values) => {
        const context = dash_clientside.callback_context;
        await new Promise(done => setTimeout(done));
        return JSON.stringify([context, dash_clientside.callback_context ?? null]);
    },
    each: (value, all) => value + " of " + all.length,
    spread: all => all.map(value => value + "!"),
}});
"""


def here(name: str) -> ClientsideFunction:
    return ClientsideFunction("here", name)


def assets(folder: Path) -> str:
    (folder / "functions.js").write_text(FUNCTIONS)
    return str(folder)


def test_functions_of_a_module_in_the_assets(behave: Behave, tmp_path: Path) -> None:
    (tmp_path / "module.mjs").write_text(
        "const said = n => import.meta.url && `said ${n}`;"
        "window.dash_clientside = Object.assign({}, window.dash_clientside, {here: {said}});"
    )
    app = behave.app(assets_folder=str(tmp_path))
    app.layout = [*buttons("go"), *paragraphs("b")]
    app.app.clientside_callback(here("said"), Output("b", "children"), Input("go", "n_clicks"))
    page = app.open()
    page.shows(b="said undefined")
    page.click("go")
    page.shows(b="said 1")


def test_functions_of_an_assets_file(behave: Behave, tmp_path: Path, console: Console) -> None:
    console.allow("RangeError: (as it was told|later)", "returned no list of 2 values", "here.nowhere is no function")
    app = behave.app(assets_folder=assets(tmp_path))
    names = ["leaves", "prevents", "fails", "promises", "rejects", "nothing", "array", "much", "sets", "makes"]
    names += ["silent", "nowhere", "two"]
    app.layout = [
        *buttons("plain", *names),
        *[html.P("-", id=f"o_{name}") for name in ("plain", *names)],
        html.P("t0", id="t"),
        html.P(id={"k": 1, "a": "z"}),
        *paragraphs("bcd"),
    ]

    def declare(name: str, *more: Output, **options: bool) -> None:
        outputs = [] if name == "silent" else [Output(f"o_{name}", "children"), *more]
        clicks = [Input(name, "n_clicks"), State("t", "children"), State("t", "lang")]
        app.app.clientside_callback(here(name), *outputs, *clicks, **options)

    declare("plain")
    for name in names:
        declare(name, *([Output(f"o_{name}", "title")] if name in ("two", "much") else []), **LATER)

    def reader(*ids: str) -> None:
        def read(*values):
            return str(values)

        read.__name__ = "of_" + ids[0]
        app.on(Output("d", "title", allow_duplicate=True), *[Input(id, "children") for id in ids], **LATER)(read)

    reader("o_plain", "o_promises")
    for id in ("o_leaves", "o_prevents", "o_fails", "o_nothing", "o_array", "o_two", "t"):
        reader(id)

    @app.on(Output("b", "children"), Input("made", "children"))
    def inserted(text):
        return text

    @app.on(Output("made", "title"), Input("t", "children"))
    def into_inserted(text):
        return text

    page = app.open()
    plain = '[["unset","t0","unset"],true]'
    page.called(f"of_o_plain({plain!r}, '-') by o_plain.children")
    page.click("leaves", "prevents")
    page.called()
    page.click("fails")
    page.called(errors=1)
    page.click("rejects")
    page.called(errors=1)
    page.click("much")
    page.called(errors=1)
    page.click("nowhere")
    assert "dash_clientside.here.nowhere is no function" in page.error()
    # Whoever reads a promise waits for it.
    page.click("promises")
    page.page.wait_for_function("!!window.keep")
    page.click("plain")
    page.shows(o_plain='[[1,"t0","unset"],true]')
    page.calling()
    page.page.evaluate("void keep()")
    page.called("""of_o_plain('[[1,"t0","unset"],true]', 'kept 1') by o_plain.children o_promises.children""")
    page.click("nothing")
    page.called("of_o_nothing(None) by o_nothing.children")
    page.click("two")
    page.called("of_o_two('A') by o_two.children")
    page.click("array")
    page.called("of_o_array(['x', 'y']) by o_array.children")
    page.click("sets")
    page.called("of_t('set 1') by t.children")
    page.reads({'{"a":"z","k":1}': "dict 1", "t": "set 1", "o_sets": "out"})
    page.click("makes")
    page.called(["inserted('made') by made.children", "into_inserted('set 1')"])
    page.shows(made="made", b="made", o_much="-", o_leaves="-", o_nothing="")
    page.click("silent")
    page.called()
    assert page.page.evaluate("window.silent") == 1
    assert page.page.locator(at("o_two")).get_attribute("title") is None


def test_mixed_chains_patterns_and_what_a_function_is_told(behave: Behave, tmp_path: Path) -> None:
    app = behave.app(assets_folder=assets(tmp_path))
    app.layout = [
        dcc.Input(id="a", value="x"),
        *[dcc.Input(id={"i": i}, value=f"v{i}") for i in (1, 2)],
        *[html.P(id={"i": i, "o": 1}) for i in (1, 2)],
        *paragraphs("bcdef"),
        html.P("told", id="told"),
    ]
    clientside = app.app.clientside_callback

    @app.on(Output("b", "children"), Input("a", "value"))
    def first(a):
        return f"b({a})"

    clientside("b => `c(${b})`", Output("c", "children"), Input("b", "children"))

    @app.on(Output("d", "children"), Input("c", "children"), Input("a", "value"))
    def last(c, a):
        return f"d({c},{a})"

    every, each = Input({"i": ALL}, "value"), Input({"i": MATCH}, "value")
    clientside(here("each"), Output({"i": MATCH, "o": 1}, "children"), each, State({"i": ALL}, "value"))
    clientside(here("spread"), Output({"i": ALL, "o": 1}, "title"), every)
    clientside(here("tells"), Output("told", "children"), Input("d", "children"), every, State("a", "value"))

    @app.on(Output("e", "children"), Input({"i": ALL, "o": 1}, "title"))
    def spread(values):
        return str(values)

    page = app.open()
    titles = by({"i": 1, "o": 1}, {"i": 2, "o": 1}, prop="title")
    page.called(["first('x')", "last('c(b(x))', 'x') by c.children", f"spread(['v1!', 'v2!']){titles}"])
    page.reads({'{"i":1,"o":1}': "v1 of 2", '{"i":2,"o":1}': "v2 of 2", "d": "d(c(b(x)),x)"})

    def told() -> list[dict[str, object]]:
        page.page.wait_for_function("document.getElementById('told').textContent !== 'told'")
        context, after = json.loads(page.page.locator("#told").inner_text())
        assert after is None
        return context

    listed = [
        {"id": "d", "property": "children", "value": "d(c(b(x)),x)"},
        [{"id": {"i": i}, "property": "value", "value": f"v{i}"} for i in (1, 2)],
    ]
    assert told() == {
        "inputs": {"d.children": "d(c(b(x)),x)", '{"i":1}.value': "v1", '{"i":2}.value': "v2"},
        "inputs_list": listed,
        "states": {"a.value": "x"},
        "states_list": [{"id": "a", "property": "value", "value": "x"}],
        "outputs_list": {"id": "told", "property": "children"},
        "triggered": [{"prop_id": "d.children", "value": "d(c(b(x)),x)"}],
        "triggered_id": "d",
    }
    page.fill({"i": 2}, "T")
    page.called(f"spread(['v1!', 'T!']){titles}")
    context = told()
    assert context["triggered"] == [{"prop_id": '{"i":2}.value', "value": "T"}]
    assert context["triggered_id"] == {"i": 2}
    page.fill("a", "y")
    page.called("first('y') by a.value", "last('c(b(y))', 'y') by a.value c.children")
    page.shows(d="d(c(b(y)),y)")


def test_a_source_under_a_strict_policy(behave: Behave, page: Page) -> None:
    app = behave.app()
    app.layout = [*buttons("go"), html.P(id="a"), html.P(id="b")]
    app.app.clientside_callback(
        """
        function(n) {
            return `</script> ${n}`;
        }
        """,
        Output("a", "children"),
        Input("go", "n_clicks"),
    )
    app.app.clientside_callback("async (n) => 'async ' + n;", Output("b", "children"), Input("go", "n_clicks"), **LATER)

    def strict(route: Route) -> None:
        answer = route.fetch()
        policy = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self' ws:"
        route.fulfill(response=answer, headers={**answer.headers, "content-security-policy": policy})

    page.route(app.url, strict)
    acting = app.open()
    acting.shows(a="</script> undefined", b="")
    acting.click("go")
    acting.shows(a="</script> 1", b="async 1")


KEYS = """
addEventListener("keydown", event => dash_clientside.set_props("key", {children: event.key}));
window.dash_clientside = Object.assign({}, window.dash_clientside, {here: {
    makes: n => ({type: "Div", namespace: "dash_html_components", props: {id: "made", children: "made " + n}}),
}});
"""


def test_scripts_of_a_dash_app_set_props_and_make_components(behave: Behave, tmp_path: Path) -> None:
    (tmp_path / "keys.js").write_text(KEYS)
    app = behave.app(assets_folder=str(tmp_path))
    app.layout = [html.P(id="key"), html.P(id="heard"), html.Div(id="box")]

    @app.on(Output("heard", "children"), Input("key", "children"), prevent_initial_call=True)
    def heard(key):
        return f"heard {key}"

    app.app.clientside_callback(
        here("makes"), Output("box", "children"), Input("heard", "children"), prevent_initial_call=True
    )
    page = app.open()
    page.page.keyboard.press("x")
    page.called("heard('x') by key.children")
    page.shows(heard="heard x", made="made heard x")


def test_a_function_changes_parts_of_a_prop(behave: Behave) -> None:
    app = behave.app()
    app.layout = [*buttons("append", "both"), dcc.Store(id="kept", data={"list": [1], "n": 4}), *paragraphs("abc")]
    app.on(Output("a", "children"), Input("kept", "data"), quiet=True)(lambda data: json.dumps(data))
    app.app.clientside_callback(
        "() => new dash_clientside.Patch().append(['list'], 2).div(['n'], 2).build()",
        Output("kept", "data"),
        Input("append", "n_clicks"),
        prevent_initial_call=True,
    )
    app.app.clientside_callback(
        """() => {
            dash_clientside.set_props("b", {children: new dash_clientside.Patch().prepend([], "more "), title: "set"});
            return new dash_clientside.Patch().append([], " after").build();
        }""",
        Output("c", "children"),
        Input("both", "n_clicks"),
        prevent_initial_call=True,
    )
    page = app.open()
    page.shows(a='{"list": [1], "n": 4}')
    page.click("append")
    page.shows(a='{"list": [1, 2], "n": 2}')
    page.click("both")
    page.shows(b="more b0", c="c0 after")
    assert page.page.locator("#b").get_attribute("title") == "set"
