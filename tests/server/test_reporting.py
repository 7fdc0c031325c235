"""Problems that are told over HTTP."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from tests.server.apps import app_with
from tests.server.asgi_app import browser
from tests.server.lines import attached, hear, line
from tests.server.troubles import problem, ran, writing
from wscb import App
from wscb.protocol.messages import Delta, Invoke
from wscb.server import reporting as module
from wscb.server.reporting import MOST_A_SECOND

JSON = {"content-type": "application/json"}


async def tell(app: App, body: Any = None, **headers: str) -> httpx.Response:
    told = {"code": "not_on_page", "component": "nmae", "prop": "value", "message": ""}
    async with browser(app.server) as client:
        content = body if isinstance(body, bytes) else json.dumps(told if body is None else body).encode()
        return await client.post("/_wscb/problem", content=content, headers={**JSON, **headers})


async def test_in_production_the_log_alone_has_it(caplog: pytest.LogCaptureFixture) -> None:
    app = writing()
    await ran(app)
    told = await tell(app)
    assert (told.status_code, told.text) == (202, "")
    assert "a page: problem: not_on_page: writing.by_http" in caplog.text


async def test_in_debug_the_page_hears_what_to_show(caplog: pytest.LogCaptureFixture) -> None:
    app = writing()
    app.debug = True
    await ran(app)
    told = await tell(app)
    said = told.json()
    assert set(said) == {"message", "callback"}
    assert said["callback"].startswith("writing.by_http (")
    assert said["message"].startswith("It writes to nmae.value.")
    assert "callback" not in (await tell(app, {**problem_map(), "component": "zzz"})).json()
    assert caplog.text.count("Did you mean 'name'?") == 1


def problem_map() -> dict[str, str]:
    return {"code": "not_on_page", "component": "nmae", "prop": "value", "message": ""}


async def test_told_by_the_socket_too_it_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    app = writing()
    async with line(app) as socket:
        welcome = await attached(app, socket)
        socket.say(problem())
        socket.say(Invoke(q=1, id=1, callback="log.children|run.n_clicks", inputs=[1], state=[], trigger=[]))
        await hear(socket, Delta)
    await tell(app)
    said = [record.getMessage() for record in caplog.records if "nmae" in record.getMessage()]
    assert len(said) == 1
    assert said[0].startswith(f"session {welcome.session[:8]}: problem: not_on_page: ")


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"", {}, 400),
        (b"[1]", {}, 400),
        (b"[" * 100_000, {}, 400),
        ({"code": "x"}, {}, 400),
        ({**problem_map(), "more": 1}, {}, 400),
        ({**problem_map(), "component": "x" * 9000}, {}, 400),
        ({**problem_map(), "component": 1}, {}, 400),
        (None, {"content-type": "text/plain"}, 415),
        (None, {"origin": "http://evil.example"}, 403),
    ],
)
async def test_what_is_no_problem(
    body: Any, headers: dict[str, str], status: int, caplog: pytest.LogCaptureFixture
) -> None:
    assert (await tell(app_with(), body, **headers)).status_code == status
    assert "problem:" not in caplog.text


async def test_it_is_posted() -> None:
    async with browser(app_with().server) as client:
        assert (await client.get("/_wscb/problem")).status_code == 405


async def test_strangers_cannot_fill_the_log(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    now = [100.0]
    monkeypatch.setattr(module, "monotonic", lambda: now[0])
    app = app_with()
    for number in range(MOST_A_SECOND + 5):
        await tell(app, {**problem_map(), "prop": f"p{number}"})
    assert caplog.text.count("problem:") == MOST_A_SECOND
    now[0] += 1
    await tell(app, {**problem_map(), "prop": "later"})
    assert "nmae.later" in caplog.text
