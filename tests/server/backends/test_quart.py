"""Quart: what its own names are in a callback, its guards, and the socket past its queue."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
import quart
import uvicorn

from tests.backends.hosts import QuartKind
from tests.server.asgi_app import MSGPACK, Line, call, delta_of
from wscb import Input, Output, html
from wscb.errors import UsageError

RUN = Input("run", "n_clicks")
OUT = Output("out", "children")
ID = "out.children|run.n_clicks"
KIND = QuartKind()


@pytest.mark.parametrize("plain", [True, False])
async def test_request_session_and_g_are_those_of_the_call(plain: bool) -> None:
    server = KIND.host()
    app = KIND.app(server)

    @server.before_request
    async def who() -> None:
        quart.g.who = quart.request.headers["x-who"]

    def work(clicks: int) -> str:
        quart.session["clicks"] = quart.session.get("clicks", 0) + clicks
        return f"{quart.g.who} {quart.request.path} {quart.session['clicks']}"

    async def work_async(clicks: int) -> str:
        return work(clicks)

    app.callback(OUT, RUN)(work if plain else work_async)
    async with KIND.client(server, **MSGPACK, **{"x-who": "ann"}) as client:
        for n in (4, 8):
            answer = delta_of(await client.post("/_wscb/invoke", content=call(ID, [4])))
            assert answer.changes == [("set", "out", "children", f"ann /_wscb/invoke {n}")]


async def test_a_layout_function_has_them_too() -> None:
    app = KIND.app()
    app.layout = lambda: html.Div(f"for {quart.request.args['who']}")
    async with KIND.client(app.server) as client:
        assert (await client.get("/?who=ann")).status_code == 200


async def test_a_guard_of_the_host_refuses_requests_and_sockets() -> None:
    server = KIND.host()
    KIND.app(server, "/dash/")

    @server.before_request
    async def guard() -> Any:
        return None if "login" in quart.request.cookies else ("log in", 401)

    @server.before_websocket
    async def guard_socket() -> Any:
        return None if "login" in quart.websocket.cookies else ("log in", 401)

    async with KIND.client(server) as client:
        assert (await client.get("/dash/")).status_code == 401
        assert (await client.get("/dash/", headers={"cookie": "login=1"})).status_code == 200
    refused = Line(server, "/dash/_wscb/ws", "wscb.v1")
    assert (await refused.hear())["type"] == "websocket.close"
    await refused.end()
    admitted = Line(server, "/dash/_wscb/ws", "wscb.v1", cookie="login=1")
    assert (await admitted.hear())["type"] == "websocket.accept"
    await admitted.end()


async def test_a_class_for_connections_of_the_hosts_own_stays() -> None:
    server = KIND.host()
    seen: list[str] = []

    class Own(server.asgi_websocket_class):  # type: ignore[misc,name-defined]
        async def handle_websocket(self, websocket: Any, send: Any) -> None:
            seen.append(websocket.path)
            await super().handle_websocket(websocket, send)

    server.asgi_websocket_class = Own
    KIND.app(server, "/dash/")
    line = Line(server, "/dash/_wscb/ws", "wscb.v1")
    assert (await line.hear())["type"] == "websocket.accept"
    await line.end()
    assert seen == ["/dash/_wscb/ws"]


async def test_one_that_is_set_later_is_told_what_to_do(caplog: pytest.LogCaptureFixture) -> None:
    server = KIND.host()
    own = server.asgi_websocket_class
    KIND.app(server)
    server.asgi_websocket_class = own
    line = Line(server, "/_wscb/ws", "wscb.v1")
    with suppress(UsageError):
        await line.hear()
        await line.end()
    assert "Set it before that" in caplog.text


def test_it_runs_under_uvicorn(monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[Any] = []
    monkeypatch.setattr(uvicorn, "run", lambda server, **settings: served.append((server, settings["port"])))
    app = KIND.app()
    app.run(port=9000)
    assert served == [(app.server, 9000)]
