"""`wscb types`: what it prints holds for the page's client, by the word of TypeScript's own compiler."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from wscb import MATCH, App, Element, Input, Output, State, dcc, html
from wscb.components.tree import find
from wscb.server.typescript import typescript

CLIENT = Path(__file__).parents[2] / "client_js"
TSC = CLIENT / "node_modules/.bin/tsc"

NAMED = "out.children|run.n_clicks|name.value"
ROW = '{"index":1,"type":"row"}'
PATTERN = '{"index":["MATCH"],"type":"row"}'
USE = f"""
import {{ connect }} from {json.dumps(str(CLIENT / "src/connect"))};
import type {{ Callbacks, Client, Components }} from "./app";

const page = connect() as Client;
const clicks: number | null | undefined = page.get("run", "n_clicks");
page.set("name", {{ value: "x", "data-kind": 1, placeholder: null }});
page.set({json.dumps(ROW)}, {{ title: "x" }});
page.set("own", {{ anything: 1 }});
const outcome = await page.call({json.dumps(NAMED)}, [3], ["x"]);
const how: "ok" | string = outcome.how;
void page.call("side.title|run.n_clicks", [null]);
const inputs: Callbacks[{json.dumps(NAMED)}]["inputs"] = [1];
const outputs: Callbacks["side.title|run.n_clicks"]["outputs"] = ["x"];
const word: Components["name"]["type"] = "password";
page.subscribe((commit) => commit.changed.get("run")?.has("n_clicks"));
page.watch(({{ state }}) => console.log(state, page.state === "live"));
console.log(clicks, how, inputs, outputs, word);

// @ts-expect-error: no such component
page.get("rum", "n_clicks");
// @ts-expect-error: it has no such prop
page.get("run", "n_click");
// @ts-expect-error: of another type
page.set("run", {{ n_clicks: "three" }});
// @ts-expect-error: not one of the words
page.set("name", {{ type: "secret" }});
// @ts-expect-error: no such callback
void page.call("out.children", [1]);
// @ts-expect-error: too few inputs
void page.call({json.dumps(NAMED)}, [], ["x"]);
// @ts-expect-error: an input of another type
void page.call({json.dumps(NAMED)}, ["3"], ["x"]);
// @ts-expect-error: its state is missing
void page.call({json.dumps(NAMED)}, [3]);
// @ts-expect-error: one with wildcards cannot be called by hand
void page.call({json.dumps(f"{PATTERN}.children|{PATTERN}.n_clicks")}, [3]);
"""


def board(layout: Any = None) -> App:
    app = App(__name__, title="Two\nlines */")
    app.layout = layout or [
        html.Button(id="run"),
        dcc.Input(id="name", value="a value of the layout"),
        *(html.Output(id=id) for id in ("out", "side", "task")),
        html.Div(id={"type": "row", "index": 1}),
        Element("x-own", id="own"),
    ]
    run, row = Input("run", "n_clicks"), {"type": "row", "index": MATCH}
    app.callback(Output("out", "children"), run, State("name", "value"))(lambda clicks, name: name)
    app.callback(Output("side", "title"), run, websocket=True)(lambda clicks: "x")
    app.callback(Output(row, "children"), Input(row, "n_clicks"))(lambda clicks: clicks)

    @app.callback(Output("task", "children"), persistent=True)
    async def task() -> Any:
        yield 1

    return app


def printed(app: App) -> str:
    return typescript(app.build(), None if callable(app.layout) else find(app.layout))


def compiled(folder: Path, types: str, use: str) -> str:
    """What the compiler says of the two; nothing when all is well."""
    (folder / "app.ts").write_text(types)
    (folder / "use.ts").write_text(use)
    config = {"extends": str(CLIENT / "tsconfig.json"), "compilerOptions": {"types": []}, "include": ["*.ts"]}
    (folder / "tsconfig.json").write_text(json.dumps(config))
    return subprocess.run([TSC, "-p", folder], capture_output=True, text=True, check=False).stdout


needs_tsc = pytest.mark.skipif(not TSC.exists(), reason="tsc comes with client_js/node_modules")


@needs_tsc
def test_what_is_right_compiles_and_what_is_wrong_does_not(tmp_path: Path) -> None:
    assert compiled(tmp_path, printed(board()), USE) == ""


@needs_tsc
def test_a_layout_of_a_function_has_any_id(tmp_path: Path) -> None:
    use = 'import type { Client } from "./app";\nexport const read = (page: Client) => page.get("any", "prop");\n'
    assert compiled(tmp_path, printed(board(lambda: html.Div())), use) == ""
    assert "TS2322" in compiled(tmp_path, printed(board(lambda: html.Div())), use + "export const no: number = 'x';")


def test_it_says_ids_and_types_and_no_value() -> None:
    text = printed(board())
    assert '  "name": DccInput;\n' in text
    assert '  "own": Record<string, unknown>;\n' in text
    assert "a value of the layout" not in text
    assert text.startswith("// The components and callbacks of Two lines */, build ")
    assert (
        f'  "{NAMED}": {{\n    id: "{NAMED}";\n    inputs: [number | null];\n    state: [string | number | null];\n'
        "    outputs: [unknown];\n    callable: true;\n  };\n"
    ) in text


def test_a_task_that_the_server_starts_is_not_called() -> None:
    part = printed(board()).partition('  "task.children|')[2].partition("};")[0]
    assert "inputs: [];" in part
    assert "callable: false;" in part


def test_what_programs_post_has_a_type(tmp_path: Path) -> None:
    app = App(__name__, url_base_pathname="/dash/")
    app.layout = [html.Button(id="run"), html.Output(id="out")]

    def work(clicks: int, name: str | None = None) -> list[str]:
        return []

    app.callback(Output("out", "children"), Input("run", "n_clicks"), State("out", "title"), api_endpoint="/api/x")(
        work
    )
    assert (
        'export interface Endpoints {\n  "/dash/api/x": {\n    body: { "clicks": number; "name"?: string | null; };\n'
        "    response: (string)[];\n  };\n}\n"
    ) in printed(app)
    assert "Endpoints" not in printed(board())
    if TSC.exists():
        use = """import type { Endpoints } from "./app";
const body: Endpoints["/dash/api/x"]["body"] = { clicks: 1 };
// @ts-expect-error: of another type
const wrong: Endpoints["/dash/api/x"]["body"] = { clicks: "x" };
console.log(body, wrong);
"""
        assert compiled(tmp_path, printed(app), use) == ""


def test_the_same_app_prints_the_same() -> None:
    assert printed(board()) == printed(board())
