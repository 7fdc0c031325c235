"""The client without a screen, as it is shipped: `connect.js` in one file, and its types in another beside it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from wscb import App, Input, Output, State, dcc, html
from wscb.components.tree import find
from wscb.server.typescript import typescript

ROOT = Path(__file__).parent.parent
STATIC = ROOT / "wscb" / "static"
TSC = ROOT / "client_js/node_modules/.bin/tsc"

APP = """\
import { connect } from "./connect";
import type { Callbacks, Client, Components } from "./app";

export const app = connect<Components, Callbacks>("/dashboard/", {
  onError: ({ code, ref, message }) => console.error(code, ref, message),
});
await app.ready;
const clicks: number | null | undefined = app.get("run", "n_clicks");
app.set("name", { value: "x" });
const { how } = await app.call("out.children|run.n_clicks|name.value", [1], ["x"]);
const word: "ok" | string = how;
const stop: () => void = app.subscribe(({ changed }) => changed.get("run")?.has("n_clicks"));
const { subscribe, watch } = app;
watch(({ state, retry }) => (state === "waiting" ? retry?.() : undefined));
const old = connect() as Client;
console.log(clicks, word, stop, subscribe(console.log), old.state, app.connection.reason);

// @ts-expect-error: no such component
app.get("rum", "n_clicks");
// @ts-expect-error: of another type
app.set("run", { n_clicks: "three" });
// @ts-expect-error: no such callback
void app.call("out.children", [1]);
// @ts-expect-error: its state is missing
void app.call("out.children|run.n_clicks|name.value", [1]);

const any = connect();
const value: unknown = any.get("whatever", "children");
any.set("whatever", { value });
void any.call("cb");
void any.call("cb", [1, "x"], [null]);
"""


@pytest.mark.skipif(not TSC.exists(), reason="tsc comes with client_js/node_modules")
def test_its_types_hold_with_those_of_an_app_and_without(tmp_path: Path) -> None:
    app = App(__name__)
    app.layout = [html.Button(id="run"), dcc.Input(id="name"), html.Output(id="out")]
    app.callback(Output("out", "children"), Input("run", "n_clicks"), State("name", "value"))(lambda clicks, name: name)
    (tmp_path / "app.ts").write_text(typescript(app.build(), find(app.layout)))
    (tmp_path / "use.ts").write_text(APP)
    shutil.copy(STATIC / "connect.d.ts", tmp_path)
    options = {
        "strict": True,
        "noEmit": True,
        "target": "es2023",
        "module": "esnext",
        "moduleResolution": "bundler",
        "types": [],
    }
    (tmp_path / "tsconfig.json").write_text(json.dumps({"compilerOptions": options, "include": ["*.ts"]}))
    said = subprocess.run([TSC, "-p", tmp_path], capture_output=True, text=True, check=False)
    assert said.stdout == ""


def test_it_is_one_file_and_its_types_are_another() -> None:
    for name in ("connect.js", "connect.d.ts"):
        text = (STATIC / name).read_text("utf-8")
        assert not re.search(r"\bfrom\s*\"|^import\b", text, re.MULTILINE), f"{name} needs another file"
