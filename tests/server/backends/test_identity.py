"""Who the host's own authentication says that this is: on each way, and asked again when a page comes back."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi import FastAPI
from starlette.authentication import AuthCredentials, AuthenticationBackend, SimpleUser
from starlette.middleware.authentication import AuthenticationMiddleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse

from tests.server.asgi_app import MSGPACK, Line, browser, call, delta_of
from wscb import App, Input, Output, ctx, html
from wscb.protocol import codec
from wscb.protocol.messages import Hello, Location, Welcome


class BySession(AuthenticationBackend):
    async def authenticate(self, conn: HTTPConnection) -> tuple[AuthCredentials, SimpleUser] | None:
        name = conn.session.get("name")
        return (AuthCredentials(["authenticated"]), SimpleUser(name)) if name else None


def who(clicks: int) -> str:
    return f"{ctx.user.display_name or 'nobody'}"


@pytest.fixture
def app() -> App:
    server = FastAPI()
    server.add_middleware(AuthenticationMiddleware, backend=BySession())
    server.add_middleware(SessionMiddleware, secret_key="secret")

    @server.get("/login/{name}")
    def login(name: str, request: HTTPConnection) -> PlainTextResponse:
        request.session["name"] = name
        return PlainTextResponse("in")

    app = App("tests.server", server=server)
    app.layout = [html.Button(id="run"), html.Output(id="out"), html.Output(id="live")]
    app.callback(Output("out", "children"), Input("run", "n_clicks"))(who)
    app.callback(Output("live", "children"), Input("run", "n_clicks"), websocket=True)(who)
    return app


async def cookie_of(app: App, name: str) -> str:
    async with browser(app.server) as client:
        await client.get(f"/login/{name}")
        return f"session={client.cookies['session']}"


async def opened(app: App, n: int = 1, session: Any = None, token: Any = None, **headers: str) -> tuple[Line, Any]:
    """A page's socket, and what it is answered: a welcome, or the event that closes it."""
    line = Line(app.server, "/_wscb/ws", "wscb.v1", **headers)
    await line.hear()
    hello = Hello(n=n, build="b", page=Location(path="/", query=""), visible=True, have=0, session=session, token=token)
    line.say("receive", bytes=codec.encode(hello))
    while True:
        event = await line.hear()
        if event["type"] == "websocket.close":
            return line, event
        message = codec.decode_server(event["bytes"])
        if isinstance(message, Welcome):
            return line, message


async def test_it_is_ctx_user_on_both_ways(app: App) -> None:
    cookie = await cookie_of(app, "ann")
    async with browser(app.server, cookie=cookie) as client:
        answer = await client.post("/_wscb/invoke", content=call("out.children|run.n_clicks", [1]), headers=MSGPACK)
        assert delta_of(answer).changes == [("set", "out", "children", "ann")]
    line, _ = await opened(app, cookie=cookie)
    line.say("receive", bytes=call("live.children|run.n_clicks", [1], id=1, q=1))
    changes: list[Any] = []
    while not changes:
        changes += getattr(codec.decode_server((await line.hear())["bytes"]), "changes", [])
    assert changes == [("set", "live", "children", "ann")]
    await line.end()


@pytest.mark.parametrize(("again", "code"), [("ann", None), ("bob", 4501), (None, 4501)])
async def test_a_page_that_comes_back_is_asked_again(app: App, again: str | None, code: int | None) -> None:
    first, welcome = await opened(app, cookie=await cookie_of(app, "ann"))
    first.say("disconnect", code=1006)
    headers = {"cookie": await cookie_of(app, again)} if again else {}
    line, answer = await opened(app, 2, welcome.session, welcome.token, **headers)
    if code is None:
        assert answer.session == welcome.session
    else:
        assert (answer["type"], answer["code"]) == ("websocket.close", code)
        # Who it belongs to can still come back to it.
        await line.end()
        line, answer = await opened(app, 3, welcome.session, welcome.token, cookie=await cookie_of(app, "ann"))
        assert answer.session == welcome.session
    await line.end()
