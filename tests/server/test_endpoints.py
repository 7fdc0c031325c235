"""Backends of others and callbacks with an `api_endpoint`."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.applications import Starlette

from tests.backends.documented import StarletteBackend
from tests.server.asgi_app import browser
from wscb import App, Input, Output, html
from wscb.errors import DeclarationError
from wscb.server import Backend, Mount


def app_on(backend: Any, server: Any = None) -> App:
    app = App(__name__, backend=backend, server=server)
    app.layout = [html.Button(id="run"), html.Output(id="out")]
    app.callback(Output("out", "children"), Input("run", "n_clicks"), api_endpoint="/api/x")(lambda clicks: clicks)
    return app


def test_a_backend_that_can_add_no_routes_refuses_them() -> None:
    class Mounting(Backend):
        name = "mounting"

        def mount(self, mount: Mount) -> None: ...

    with pytest.raises(DeclarationError, match=r"'mounting' adds no routes of callbacks: leave out api_endpoint="):
        app_on(Mounting, object()).build()


async def test_one_that_does_not_say_when_it_begins_has_them_when_the_app_is_built() -> None:
    class Silent(StarletteBackend):
        entry = None

    app = app_on(Silent, Starlette())
    async with browser(app.server) as client:
        assert (await client.post("/api/x", json={"clicks": 1})).status_code == 404
        app.build()
        assert (await client.post("/api/x", json={"clicks": 1})).json() == 1
        app.build()
        assert len([one for one in app.server.routes if one.path == "/api/x"]) == 1


def test_a_route_that_cannot_be_adds_none_of_those_beside_it() -> None:
    app = app_on(StarletteBackend)
    before = len(app.server.routes)
    app.callback(Output("out", "title"), Input("run", "n_clicks"), api_endpoint="/api/y")(lambda clicks: clicks)
    app.callback(Output("out", "lang"), Input("run", "n_clicks"), api_endpoint="/api/y")(lambda clicks: clicks)
    with pytest.raises(DeclarationError, match=r"api_endpoint='/api/y', and so has"):
        app.setup_apis()
    assert len(app.server.routes) == before
