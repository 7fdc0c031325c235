"""What ends a child before it serves."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from tests.server.asgi_app import Line, browser
from wscb.errors import DeclarationError
from wscb.server import fallen, running
from wscb.server.fallen import Anywhere

VISIT = {"accept": "text/html"}


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What would be served, in a child whose supervisor listens."""
    found: list[Any] = []
    monkeypatch.setenv("WSCB_RELOAD_CHILD", "a child")
    monkeypatch.setenv("WSCB_RELOAD_FD", "7")
    monkeypatch.setattr(running, "serve", lambda server, *_: found.append(server))
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    return found


def test_an_error_that_nobody_catches_is_printed_and_served(
    served: list[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    fallen.watch_over_imports()
    error = NameError("name 'missing'")
    sys.excepthook(NameError, error, None)
    assert capsys.readouterr().err == "NameError: name 'missing'\n"
    assert len(served) == 1
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert len(served) == 1


@pytest.mark.parametrize("missing", ["WSCB_RELOAD_CHILD", "WSCB_RELOAD_FD"])
def test_without_a_supervisor_that_listens_a_program_ends(
    served: list[Any], missing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(missing)
    before = sys.excepthook
    fallen.watch_over_imports()
    assert sys.excepthook is before
    fallen.serve(ValueError())
    assert served == []


@pytest.mark.parametrize("prefix", ["", "/dash", "/a/b"])
async def test_it_is_shown_wherever_the_app_was_to_be(prefix: str, caplog: pytest.LogCaptureFixture) -> None:
    async with browser(Anywhere(DeclarationError("what is wrong"))) as client:
        page = await client.get(f"{prefix}/", headers=VISIT)
        assert (page.status_code, "what is wrong" in page.text) == (500, True)
        assert "declared wrongly" in page.text
        assert f'href="{prefix}/_wscb/error/page.css"' in page.text
        assert (await client.get(f"{prefix}/_wscb/status")).status_code == 500
        for file in ("page.css", "page.js", "status"):
            assert (await client.get(f"{prefix}/_wscb/error/{file}")).status_code == 200
    line = Line(Anywhere(ValueError()), f"{prefix}/_wscb/ws", "wscb.v1")
    assert [(await line.hear())["type"], (await line.hear())["code"]] == ["websocket.accept", 1011]
    await line.end()
    assert "cannot be served" not in caplog.text  # the terminal has it already


async def test_of_a_program_that_fails_it_says_that_it_did_not_start() -> None:
    async with browser(Anywhere(NameError("x"))) as client:
        assert "<h1>This app did not start</h1>" in (await client.get("/", headers=VISIT)).text
