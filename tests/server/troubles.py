"""An app whose callbacks write to what is not on the page, and what the page says of it."""

from __future__ import annotations

from typing import Any

from tests.server.apps import app_with
from tests.server.asgi_app import call, post
from tests.server.lines import attached, hear, line
from wscb import App, Input, Output, Patch, dcc, set_props
from wscb.protocol.messages import Delta, Invoke, Problem


def problem(**changes: str) -> Problem:
    return Problem(**{"code": "not_on_page", "component": "nmae", "prop": "value", "message": "", **changes})


def writing(*components: Any, **options: Any) -> App:
    """An app whose callback over HTTP, and whose callback over the socket, write to what is not there."""
    app = app_with(dcc.Input(id="name"), *components, **options)

    @app.callback(Output("out", "children"), Input("run", "n_clicks"))
    def by_http(clicks: int) -> int:
        set_props("nmae", {"value": clicks})
        return clicks

    @app.callback(Output("log", "children"), Input("run", "n_clicks"), websocket=True)
    async def by_socket(clicks: int) -> int:
        added = Patch()
        added.append(1)
        set_props("name", {"value": added})
        return clicks

    return app


async def ran(app: App) -> None:
    """Both have written once."""
    await post(app, call("out.children|run.n_clicks", [1]))
    async with line(app) as socket:
        await attached(app, socket)
        socket.say(Invoke(q=1, id=1, callback="log.children|run.n_clicks", inputs=[1], state=[], trigger=[]))
        await hear(socket, Delta)
