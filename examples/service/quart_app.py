"""The same service on Quart, and the same dashboard in it.

    hypercorn examples.service.quart_app:server --bind 127.0.0.1:8000

Or uvicorn, as of fastapi_app.py. Then http://127.0.0.1:8000/ (sign in as ann, password nna).
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from quart import Quart, Response, abort, jsonify, redirect, request, send_from_directory, websocket
from werkzeug.wrappers import Response as Redirect

import examples.service.live  # noqa: F401  # declares its callbacks, as callbacks.py does
from examples.service import layout, plant, users
from examples.service.callbacks import change_speed
from examples.service.log import log
from examples.service.users import Asking, User
from wscb import App, Input, Output, State, ctx

REACT = Path(__file__).parent / "react"

# ---- the service, as it was before there was a dashboard

server = Quart(__name__, static_folder=None)


@server.before_request
async def guard() -> Any:
    """One guard for all: the dashboard's page and calls are requests like any other, and come by here."""
    if users.refused(request.path, request):
        visit = "text/html" in request.headers.get("accept", "")
        return redirect("/login", 303) if visit else Response("Sign in first.", 401)
    return None


@server.after_request
async def policy(response: Response) -> Response:
    response.headers.update(users.POLICY)
    return response


def get_user(asking: Asking) -> User:
    """Of `request` in the routes, and of `ctx` in the callback below: both have the cookies."""
    return users.signed_in(asking) or abort(401, "Sign in first.")


@server.get("/")
async def front() -> Redirect:
    return redirect("/dashboard/")


@server.get("/login")
async def login_page() -> str:
    return users.login_page()


@server.post("/login")
async def login() -> Any:
    form = await request.form
    cookie = users.sign_in(form.get("name", ""), form.get("password", ""))
    if cookie is None:
        return users.login_page("No such name and password."), 401
    response = redirect("/dashboard/", 303)
    response.set_cookie(users.COOKIE, cookie, **users.OPTIONS)
    return response


@server.post("/logout")
async def logout() -> Redirect:
    users.sign_out(request)
    response = redirect("/login", 303)
    response.delete_cookie(users.COOKIE)
    return response


@server.get("/api/me")
async def me() -> Response:
    return jsonify(get_user(request))


@server.get("/api/data")
async def data() -> dict[str, list[float]]:
    """What the machines did. The dashboard's chart begins with the same, and so does the wall board's."""
    return plant.history(min(1440, request.args.get("minutes", 5, int)), time.time())


@server.get("/api/export")
async def export() -> Response:
    """The long job as server-sent events, for pages that are not the dashboard."""

    async def events() -> AsyncIterator[str]:
        for step in plant.export(60, time.time()):
            yield f"data: {json.dumps(step._asdict())}\n\n"
            await asyncio.sleep(0.04)

    response = Response(events(), content_type="text/event-stream", headers={"cache-control": "no-store"})
    response.timeout = None
    return response


@server.websocket("/radio")
async def radio() -> None:
    """A WebSocket of the service's own: what one says, all hear."""
    get_user(websocket)

    async def tell() -> None:
        async for note in log.follow():
            await websocket.send_json(note._asdict())

    telling = asyncio.create_task(tell())
    try:
        while True:
            text = str(await websocket.receive())
            if user := users.signed_in(websocket):  # who has signed out meanwhile says nothing more
                log.add(user.name, text)
    finally:
        telling.cancel()


@server.get("/wall/")
async def wall() -> Response:
    """The wall board: a page in React, which is fed by the dashboard's callbacks."""
    return await send_from_directory(REACT, "index.html")


@server.get("/wall/built/<path:name>")
async def wall_built(name: str) -> Response:
    return await send_from_directory(REACT / "built", name)


# ---- the dashboard: mounted in the service, with its guard

app = App(__name__, server=server, url_base_pathname="/dashboard/", title="Line 4")
app.layout = layout.page({"Wall board": "/wall/"})


@app.callback(
    Output("said", "children"),
    Input("set", "n_clicks"),
    State("machine", "value"),
    State("speed", "value"),
    prevent_initial_call=True,
)
async def set_speed(n_clicks: int, machine: str, speed: int) -> str:
    return change_speed(get_user(ctx), machine, speed)
