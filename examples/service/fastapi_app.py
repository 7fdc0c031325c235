"""A FastAPI service, and a dashboard in it.

    uvicorn examples.service.fastapi_app:server --ws websockets-sansio --ws-per-message-deflate false

Then http://127.0.0.1:8000/ (sign in as ann, password nna): `/dashboard/` is wscb's, all else the service's own.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import Depends, FastAPI, HTTPException, Query, Request, Response, WebSocket
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, StreamingResponse
from fastapi.staticfiles import StaticFiles
from starlette.requests import HTTPConnection

import examples.service.live  # noqa: F401  # declares its callbacks, as callbacks.py does
from examples.service import layout, plant, users
from examples.service.callbacks import change_speed
from examples.service.log import log
from examples.service.users import User
from wscb import App, Input, Output, State

REACT = Path(__file__).parent / "react"

# ---- the service, as it was before there was a dashboard

server = FastAPI(title="Line 4")


@server.middleware("http")
async def guard(request: Request, go_on: Callable[[Request], Awaitable[Response]]) -> Response:
    """One guard for all: the dashboard's page and calls are requests like any other, and come by here."""
    if users.refused(request.url.path, request):
        visit = "text/html" in request.headers.get("accept", "")
        return RedirectResponse("/login", 303) if visit else Response("Sign in first.", 401)
    response = await go_on(request)
    if request.url.path != "/docs":  # FastAPI's page of it loads scripts from elsewhere
        response.headers.update(users.POLICY)
    return response


def get_user(connection: HTTPConnection) -> User:
    """The dependency of the routes, and of the callback below."""
    if user := users.signed_in(connection):
        return user
    raise HTTPException(401, "Sign in first.")


Known = Annotated[User, Depends(get_user)]
Minutes = Annotated[int, Query(ge=1, le=1440)]


@server.get("/", include_in_schema=False)
def front() -> RedirectResponse:
    return RedirectResponse("/dashboard/")


@server.get("/login", include_in_schema=False)
def login_page() -> HTMLResponse:
    return HTMLResponse(users.login_page())


@server.post("/login", include_in_schema=False)
async def login(request: Request) -> Response:
    form = dict(parse_qsl((await request.body()).decode()))  # Form() needs one more package
    cookie = users.sign_in(form.get("name", ""), form.get("password", ""))
    if cookie is None:
        return HTMLResponse(users.login_page("No such name and password."), 401)
    response = RedirectResponse("/dashboard/", 303)
    response.set_cookie(users.COOKIE, cookie, **users.OPTIONS)
    return response


@server.post("/logout", include_in_schema=False)
def logout(request: Request) -> RedirectResponse:
    users.sign_out(request)
    response = RedirectResponse("/login", 303)
    response.delete_cookie(users.COOKIE)
    return response


@server.get("/api/me")
def me(user: Known) -> User:
    return user


@server.get("/api/data")
def data(user: Known, minutes: Minutes = 5) -> dict[str, list[float]]:
    """What the machines did. The dashboard's chart begins with the same, and so does the wall board's."""
    return plant.history(minutes, time.time())


@server.get("/api/export")
async def export(user: Known, minutes: Minutes = 60) -> StreamingResponse:
    """The long job as server-sent events, for pages that are not the dashboard."""

    async def events() -> AsyncIterator[str]:
        for step in plant.export(minutes, time.time()):
            yield f"data: {json.dumps(step._asdict())}\n\n"
            await asyncio.sleep(0.04)

    return StreamingResponse(events(), media_type="text/event-stream", headers={"cache-control": "no-store"})


@server.websocket("/radio")
async def radio(socket: WebSocket) -> None:
    """A WebSocket of the service's own: what one says, all hear."""
    if users.signed_in(socket) is None:
        await socket.close(1008)
        return
    await socket.accept()

    async def tell() -> None:
        async for note in log.follow():
            await socket.send_json(note._asdict())

    telling = asyncio.create_task(tell())
    try:
        async for text in socket.iter_text():
            if user := users.signed_in(socket):  # who has signed out meanwhile says nothing more
                log.add(user.name, text)
    finally:
        telling.cancel()


@server.get("/wall/", include_in_schema=False)
def wall() -> FileResponse:
    """The wall board: a page in React, which is fed by the dashboard's callbacks."""
    return FileResponse(REACT / "index.html")


server.mount("/wall/built", StaticFiles(directory=REACT / "built", check_dir=False))

# ---- the dashboard: mounted in the service, with its guard, its dependencies and its documentation

app = App(__name__, server=server, url_base_pathname="/dashboard/", title="Line 4")
app.layout = layout.page({"Wall board": "/wall/", "API": "/docs"})


@app.callback(
    Output("said", "children"),
    Input("set", "n_clicks"),
    State("machine", "value"),
    State("speed", "value"),
    prevent_initial_call=True,
)
async def set_speed(n_clicks: int, machine: str, speed: int, user: Known) -> str:
    """A callback with a dependency: the same that the routes have, with overrides in tests and all."""
    return change_speed(user, machine, speed)
