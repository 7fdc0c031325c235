"""The imports of an app for Dash, changed; and what it takes from Dash that is not here."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import pytest

from wscb import cli, porting


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return Path("app.py")


def ported(file: Path, source: str) -> str:
    file.write_bytes(source.encode())
    return porting.port(file).after


@pytest.mark.parametrize(
    ("dash", "ours"),
    [
        ("import dash", "import wscb as dash"),
        ("import dash as d", "import wscb as d"),
        ("import os, dash, dash.dcc as dcc  # dash", "import os, wscb as dash, wscb.dcc as dcc  # dash"),
        ("import dash.dependencies", "import wscb as dash"),
        ("import dash_core_components as dcc", "import wscb.dcc as dcc"),
        ("import dash_html_components", "import wscb.html as dash_html_components"),
        ("from dash import Dash, dcc", "from wscb import Dash, dcc"),
        ("from dash import (  # dash\n    Dash,\n    html,\n)", "from wscb import (  # dash\n    Dash,\n    html,\n)"),
        ("from   dash.dependencies import Input", "from   wscb.dependencies import Input"),
        ("from dash.exceptions import PreventUpdate", "from wscb.exceptions import PreventUpdate"),
        ("from dash_html_components import Div", "from wscb.html import Div"),
        ("from dash import *", "from wscb import *"),
        ("é = 'dash'; from dash import Dash", "é = 'dash'; from wscb import Dash"),
        ("try:\n\tfrom dash import Dash\nfinally: pass", "try:\n\tfrom wscb import Dash\nfinally: pass"),
    ],
)  # fmt: skip
def test_imports_are_changed_and_nothing_else(dash: str, ours: str, file: Path) -> None:
    assert ported(file, dash) == ours


@pytest.mark.parametrize(
    "source",
    ["import dashing", "from .dash import x", "from mydash import dash", "text = 'import dash'\n# import dash\n"],
)
def test_what_only_looks_like_one_stays(source: str, file: Path) -> None:
    assert ported(file, source) == source


def test_what_comes_of_it_runs(file: Path) -> None:
    source = """
import dash
import dash.exceptions
import dash_core_components as dcc, dash_html_components as html
from dash.dependencies import ALL, Input, Output

app = dash.Dash(__name__)
app.layout = html.Div([dcc.Input(id="name"), html.P(id="said")])

@app.callback(Output("said", "children"), Input("name", "value"))
def said(name):
    if not name:
        raise dash.exceptions.PreventUpdate
    return dash.no_update if dash.callback_context.triggered_id is None else f"Hello, {name}."
"""
    names: dict[str, Any] = {"__name__": "ported"}
    exec(ported(file, source), names)
    assert len(names["app"].build().callbacks) == 1


@pytest.mark.parametrize(
    "source", ["import dash\r\nx = 1\r\n", "\ufeffimport dash\n", "import dash", "import dash\rx = 1\r"]
)
def test_ends_of_lines_and_marks_stay(source: str, file: Path) -> None:
    file.write_bytes(source.encode())
    porting.port(file).write()
    assert file.read_bytes().decode() == source.replace("import dash", "import wscb as dash")


def test_an_encoding_stays(file: Path) -> None:
    source = "# coding: latin-1\nx = 'é'; import dash\n"
    file.write_bytes(source.encode("latin-1"))
    porting.port(file).write()
    assert file.read_bytes().decode("latin-1") == source.replace("import dash", "import wscb as dash")


def test_a_file_may_have_escapes_that_python_warns_of(file: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert ported(file, "import dash\nx = '\\d'\n").startswith("import wscb as dash")


def missing(file: Path, source: str) -> list[tuple[int, str]]:
    file.write_text(source)
    return [(one.line, one.reason) for one in porting.port(file).missing]


def test_what_is_not_here_is_told_with_its_line_and_what_to_do(file: Path) -> None:
    source = """import dash
from dash import Dash, dash_table, html
from dash.dependencies import Inputs
from dash.testing import wait
import dash_bootstrap_components as dbc
import dash_ag_grid, dash_table
app = dash.Dash(__name__)
dash.register_page(__name__)
dash.page_registry.values()
"""
    assert missing(file, source) == [
        (2, "wscb has no dash_table. Use html.Table; what is long, page in a callback."),
        (3, "module 'wscb.dependencies' has no attribute 'Inputs'"),
        (4, "wscb has no module for dash.testing."),
        (
            5,
            "wscb cannot use dash_bootstrap_components. Its classes are Bootstrap's own: give the style sheet as "
            'external_stylesheets=, and html.Div(className="card") in the place of dbc.Card.',
        ),
        (6, "wscb cannot use dash_ag_grid. Its components are written for Dash's page."),
        (6, "wscb has no dash_table. Use html.Table; what is long, page in a callback."),
        (
            8,
            "wscb has no register_page. Several pages are one callback of dcc.Location's pathname, or several apps in "
            "one server.",
        ),
        (
            9,
            "wscb has no page_registry. Several pages are one callback of dcc.Location's pathname, or several apps in "
            "one server.",
        ),
    ]


def test_a_name_that_is_somebody_elses_is_not_judged(file: Path) -> None:
    assert missing(file, "import numpy as np\nfrom numpy import nothing\nnp.nothing\nimport dash as d\nd.Dash\n") == []


def test_it_shows_what_would_change(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text("import dash\nx = 1")
    assert cli.main(["port", "app.py"]) == 0
    said = capsys.readouterr()
    assert said.out.splitlines() == [
        "--- app.py",
        "+++ app.py",
        "@@ -1,2 +1,2 @@",
        "-import dash",
        "+import wscb as dash",
        " x = 1",
    ]
    assert said.err == ""
    assert file.read_text() == "import dash\nx = 1"


def test_it_writes_a_folder_and_names_what_is_not_here(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("pages/a.py", "pages/b.py", "pages/notes.txt", "pages/.hidden/c.py", "pages/venv/d.py"):
        Path(name).parent.mkdir(exist_ok=True, parents=True)
        Path(name).write_text("from dash import html, dash_table\n" if name == "pages/b.py" else "import dash\n")
    assert cli.main(["port", "pages", "--write"]) == 1
    said = capsys.readouterr()
    assert said.out == "pages/a.py: imports changed.\npages/b.py: imports changed.\n"
    assert said.err == "pages/b.py:1: wscb has no dash_table. Use html.Table; what is long, page in a callback.\n"
    assert Path("pages/b.py").read_text() == "from wscb import html, dash_table\n"
    assert [Path(name).read_text() for name in ("pages/notes.txt", "pages/.hidden/c.py", "pages/venv/d.py")] == [
        "import dash\n"
    ] * 3


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"import dash\nx = (\n", "app.py:2: it is not Python that can be read: '(' was never closed."),
        (b"x = '\xff'", "app.py:1: it is not Python that can be read: invalid or missing encoding declaration"),
        (b"# coding: none-such\n", "app.py:1: it is not Python that can be read: unknown encoding: none-such"),
        (b"import dash\nx = '\0'", "it is not Python that can be read"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told_and_the_others_are_changed(
    raw: bytes, reason: str, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_bytes(raw)
    Path("good.py").write_text("import dash\n")
    assert cli.main(["port", "app.py", "none.py", "good.py", "--write"]) == 2
    said = capsys.readouterr()
    assert said.out == "good.py: imports changed.\n"
    assert reason in said.err
    assert "wscb: none.py: No such file or directory." in said.err
    assert file.read_bytes() == raw


def test_an_app_that_has_no_such_import_is_told(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text("import wscb as dash\n")
    assert cli.main(["port", "app.py"]) == 0
    assert capsys.readouterr() == ("", "wscb: there is no import of Dash's to change.\n")
