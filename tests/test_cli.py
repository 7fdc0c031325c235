"""The command."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from wscb import App, cli
from wscb.protocol.schema import schema

APP = "from wscb import App, html\napp = App(__name__)\napp.layout = html.Div()\nother = app\nnumber = 3\n"


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    calls: list[tuple[Any, ...]] = []
    monkeypatch.setattr(
        App, "run", lambda self, host, port, *, debug=False, **_: calls.append((self, host, port, debug))
    )
    return calls


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str, str], None]]:
    """Writes a module into the working directory, and forgets all of them after."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    before = set(sys.modules)

    def write(name: str, text: str) -> None:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)

    yield write
    for name in set(sys.modules) - before:
        if str(getattr(sys.modules[name], "__file__", None)).startswith(str(tmp_path)):
            del sys.modules[name]


Write = Callable[[str, str], None]


def test_schema_prints_the_schema(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["schema"]) == 0
    assert json.loads(capsys.readouterr().out) == schema()


def test_types_prints_the_types_of_an_app(ran: list[Any], write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    write("cli_dashboard.py", APP.replace("html.Div()", "html.Div(id='main')"))
    assert cli.main(["types", "cli_dashboard:app"]) == 0
    assert '  "main": HtmlDiv;' in capsys.readouterr().out
    assert cli.main(["types", "cli_dashboard:missing"]) == 2
    assert ran == []


@pytest.mark.parametrize("target", ["cli_dashboard", "cli_dashboard:app", "cli_dashboard:other"])
def test_run_serves_an_app_of_the_working_directory(target: str, ran: list[Any], write: Write) -> None:
    write("cli_dashboard.py", APP)
    assert cli.main(["run", target]) == 0
    assert ran == [(sys.modules["cli_dashboard"].app, "127.0.0.1", 8050, False)]


def test_it_takes_where_and_how(ran: list[Any], write: Write) -> None:
    write("cli_dashboard.py", APP)
    assert cli.main(["run", "cli_dashboard", "--host", "0.0.0.0", "--port", "9000", "--debug"]) == 0
    assert ran[0][1:] == ("0.0.0.0", 9000, True)


def test_a_module_may_be_in_a_package(ran: list[Any], write: Write) -> None:
    write("cli_package/__init__.py", "")
    write("cli_package/board.py", APP)
    assert cli.main(["run", "cli_package.board:app"]) == 0
    assert len(ran) == 1


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("cli_nowhere:app", "no module 'cli_nowhere'"),
        ("cli_nowhere.board:app", "no module 'cli_nowhere.board'"),
        ("cli_dashboard:missing", "has no 'missing'"),
        ("cli_dashboard:number", "is a int, not an App"),
    ],
)
def test_what_is_no_app_is_said_in_a_line(
    target: str, said: str, ran: list[Any], write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    write("cli_dashboard.py", APP)
    assert cli.main(["run", target]) == 2
    assert said in capsys.readouterr().err
    assert ran == []


@pytest.mark.parametrize(
    ("text", "error"),
    [("import cli_not_installed\n", ModuleNotFoundError), ("import os\nos.no_such_thing\n", AttributeError)],
)
def test_what_the_module_itself_raises_is_not_hidden(text: str, error: type[Exception], write: Write) -> None:
    write("cli_broken.py", text)
    with pytest.raises(error, match=r"cli_not_installed|no_such_thing"):
        cli.main(["run", "cli_broken:app"])


def test_demo_serves_the_demo(ran: list[Any]) -> None:
    assert cli.main(["demo", "--port", "8123"]) == 0
    ((app, host, port, debug),) = ran
    assert isinstance(app, App)
    assert (host, port, debug) == ("127.0.0.1", 8123, False)


@pytest.mark.parametrize("arguments", [[], ["nothing"], ["run"], ["demo", "--port", "x"], ["demo", "--debug"]])
def test_wrong_arguments_show_how(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.main(arguments)
    assert stopped.value.code == 2
    assert "usage: wscb" in capsys.readouterr().err


MISTAKE = """
from wscb import App, Input, Output, html
app = App(__name__)
app.layout = html.Div(id="out")

@app.callback(Output("ot", "children"))
def work(): ...
"""


@pytest.mark.parametrize("command", ["run", "types"])
@pytest.mark.parametrize(
    ("source", "said"),
    [(MISTAKE, "Did you mean 'out'?"), (MISTAKE.replace('"))', '"), other=1)'), "has other=, which it does not take")],
)
def test_a_mistake_is_said_in_its_own_words(
    command: str, source: str, said: str, write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    write("cli_mistake.py", source)
    assert cli.main([command, "cli_mistake"]) == 1
    told = capsys.readouterr().err
    assert told.startswith("wscb: cli_mistake cannot be served. ")
    assert said in told
    assert "cli_mistake.py:" in told
    assert "Traceback" not in told
