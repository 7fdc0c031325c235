"""Which backend it is: by name, by the server's type, or a class; and what is said when that cannot be."""

from __future__ import annotations

import importlib
import sys
from typing import Any

import pytest
from fastapi import FastAPI
from flask import Flask
from quart import Quart
from starlette.applications import Starlette

from wscb import App, Input, Output, callback, clientside_callback, html
from wscb.callbacks.registry import GLOBAL
from wscb.errors import DeclarationError
from wscb.server.backends import choose

SERVERS = [("fastapi", FastAPI), ("quart", lambda: Quart(__name__)), ("flask", lambda: Flask(__name__))]
RUN = Input("run", "n_clicks")
OUT = Output("out", "children")


@pytest.mark.parametrize(("name", "make"), SERVERS)
def test_it_is_that_of_the_server(name: str, make: Any) -> None:
    server = make()
    for chosen in (choose(None, server), choose(name, server)):
        assert (chosen.name, chosen.server) == (name, server)


@pytest.mark.parametrize(("name", "make"), SERVERS)
def test_or_the_one_that_is_named(name: str, make: Any) -> None:
    assert type(choose(name, None).server) is type(make())


def test_else_it_is_fastapi() -> None:
    assert isinstance(choose(None, None).server, FastAPI)


@pytest.mark.parametrize("name", ["flsk", "Flask", "django", "", 7, Starlette])
def test_a_misspelt_one_is_told_the_list(name: Any) -> None:
    with pytest.raises(ValueError, match="is not known") as raised:
        choose(name, None)
    for known in ("'fastapi'", "'quart'", "'flask'", "wscb.server.Backend"):
        assert known in str(raised.value)


@pytest.mark.parametrize(("name", "make"), SERVERS)
@pytest.mark.parametrize("other", ["fastapi", "quart", "flask"])
def test_a_contradiction_names_both(name: str, make: Any, other: str) -> None:
    if name == other:
        return
    with pytest.raises(ValueError, match=f"backend='{other}' contradicts server=") as raised:
        choose(other, make())
    assert f"backend='{name}'" in str(raised.value)
    assert "Known ones: 'fastapi', 'quart', 'flask'" in str(raised.value)


def test_a_server_of_another_kind_is_told_the_list() -> None:
    with pytest.raises(ValueError, match="not an app that wscb can be mounted in") as raised:
        choose(None, Starlette())
    assert "'fastapi', 'quart', 'flask'" in str(raised.value)


@pytest.mark.parametrize("name", ["quart", "flask"])
def test_a_missing_package_names_its_extra(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.delitem(sys.modules, f"wscb.server.backends.{name}", raising=False)
    with pytest.raises(ModuleNotFoundError, match=rf'pip install "wscb\[{name}\]"'):
        App(__name__, backend=name)


def test_another_that_is_missing_is_not_taken_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(name: str) -> None:
        raise ModuleNotFoundError("no wscb.gone", name="wscb.gone")

    monkeypatch.setattr(importlib, "import_module", fail)
    with pytest.raises(ModuleNotFoundError, match=r"^no wscb"):
        choose("flask", None)


# ------------------------------------------------------------------------------------------- what needs a socket


def on_flask(**options: Any) -> App:
    app = App(__name__, backend="flask", **options)
    app.layout = [html.Button(id="run"), html.Output(id="out")]
    return app


def assert_says(raised: pytest.ExceptionInfo[DeclarationError]) -> None:
    said = str(raised.value)
    assert "work (" in said
    assert f"{__file__}:" in said
    assert "'flask' does not have" in said
    assert "'fastapi' and 'quart' have one" in said


@pytest.mark.parametrize("option", ["websocket", "persistent"])
def test_it_is_refused_where_it_is_registered(option: str) -> None:
    app = on_flask()
    options: dict[str, Any] = {option: True}

    async def work(clicks: int) -> None: ...

    with pytest.raises(DeclarationError) as raised:
        app.callback(OUT, RUN, **options)(work)
    assert_says(raised)
    app.callback(OUT, RUN)(lambda clicks: clicks)
    assert [spec["socket"] for spec in app.build().specs] == [False]


@pytest.mark.parametrize("option", ["websocket", "persistent"])
def test_or_when_the_app_is_built_if_it_is_anybodys(option: str) -> None:
    app = on_flask()
    options: dict[str, Any] = {option: True}
    callback(Output("run", "children"), RUN)(lambda clicks: clicks)

    @callback(OUT, RUN, **options)
    async def work(clicks: int) -> None: ...

    try:
        for _ in range(2):  # and again, as each request tries to build it
            with pytest.raises(DeclarationError) as raised:
                app.build()
            assert_says(raised)
    finally:
        GLOBAL._callbacks.clear()


def test_all_of_them_are_refused_when_the_app_is_made() -> None:
    with pytest.raises(DeclarationError, match="websocket_callbacks=True needs a WebSocket, which the backend 'flask'"):
        on_flask(websocket_callbacks=True)


def test_what_runs_in_the_page_needs_none() -> None:
    app = on_flask()
    clientside_callback("(n) => n", OUT, RUN)
    try:
        assert app.build().specs
    finally:
        GLOBAL._callbacks.clear()
