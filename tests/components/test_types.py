"""What mypy says of a wrong prop, a wrong value, and of what is right."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import wscb
from wscb import components

RIGHT = """
import datetime
from typing import Any
from wscb.components import Component, Element, dcc, html

button = html.Button("Run", id="run", disabled=True, className="big", tabIndex=1, style={"color": "red", "flex": 1})
page = html.Div([html.H1("x"), button, None, 3, {"type": "Div", "namespace": "wscb_html", "props": {}}])
items: list[html.Li] = [html.Li(str(n)) for n in range(3)]
html.Ul(items, className=None)
wild: dict[str, Any] = {"data-kind": "1"}
html.Div(**wild)
dcc.Input(**wild)
button.disabled = False
button.title = "x"
dcc.Input(id={"type": "a", "index": 1}, type="number", value=3, debounce=0.5).value
dcc.Dropdown(["a", {"label": "B", "value": "b"}], "a", multi=False)
dcc.RadioItems({"a": "A"}, value="a")
dcc.Slider(0, 20, 5, value=10, marks={0: "a", 20: {"label": "b", "style": {}}})
dcc.Store("s", "local", {"x": 1})
dcc.Chart(data={"x": [1], "y": [2]}, series=[{"key": "y"}], scales={"y": {"unit": "%"}}, id="c")
dcc.Tabs([dcc.Tab("text", label="A", value="a", className="x")], id={"type": "t", "index": 1}, style={"gap": 1})
dcc.Graph("g", figure={"data": []}, className="x", config={"displayModeBar": False})
dcc.Location("url", refresh="callback-nav")
dcc.DatePickerRange(datetime.date(2026, 1, 1), "2026-01-02")
dcc.Loading(html.P("x"), "dot", target_components={"a": ["b"]})
dcc.Markdown(["a", "b"], dangerously_allow_html=False)
dcc.Download("d", dcc.send_string("a", "b"))
Element("sl-x", "children", id="x", anything=3, events={"sl-change": "value"}).anything


def card() -> Component:
    return page
"""

WRONG = """
from wscb.components import dcc, html

html.Div(clasName="x")  # call-arg
html.Div(href="/")  # call-arg
html.Div(tabIndex=[1])  # arg-type
html.Div(print)  # arg-type
html.Img("child")  # call-arg
html.Button(type="sumbit")  # arg-type
html.Script("x")  # attr-defined
html.Div().clasName = "x"  # attr-defined
html.Div().clasName  # attr-defined
dcc.Input(valeu=1)  # call-arg
dcc.Input(type="checkbox")  # arg-type
dcc.Dropdown(options=5)  # arg-type
dcc.Slider(updatemode="never")  # arg-type
dcc.Store(className="x")  # call-arg
dcc.Chart(dta={})  # call-arg
dcc.Location(className="x")  # call-arg
dcc.Loading(type="wheel")  # arg-type
dcc.Markdown(dangerously_allow_html=True)  # arg-type
dcc.Geolocation()  # attr-defined
"""


def mypy(source: str, where: Path) -> list[tuple[int, str]]:
    """The line and the code of each error that `mypy --strict` has for the source, with the components alone."""
    (where / "wscb").mkdir()
    (where / "wscb" / "__init__.py").touch()
    (where / "wscb" / "py.typed").touch()
    shutil.copy(Path(wscb.__path__[0]) / "errors.py", where / "wscb")
    shutil.copytree(components.__path__[0], where / "wscb" / "components")
    (where / "page.py").write_text(source)
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--no-error-summary", "page.py"]
    run = subprocess.run(command, cwd=where, capture_output=True, text=True, env={**os.environ, "MYPYPATH": str(where)})
    assert not run.stderr
    found = re.findall(r"^page\.py:(\d+): error: .*\[([a-z-]+)\]$", run.stdout, re.MULTILINE)
    assert len(found) == run.stdout.count("error:"), run.stdout
    return [(int(line), code) for line, code in found]


@pytest.mark.timeout(120)
def test_what_is_right_is_no_error(tmp_path: Path) -> None:
    assert mypy(RIGHT, tmp_path) == []


@pytest.mark.timeout(120)
def test_what_is_wrong_is_an_error_where_it_stands(tmp_path: Path) -> None:
    lines = enumerate(WRONG.splitlines(), start=1)
    expected = [(number, line.rpartition("# ")[2]) for number, line in lines if "  # " in line]
    assert mypy(WRONG, tmp_path) == expected
