"""Callbacks over the page's socket: on FastAPI and Quart, refused on Flask by an error that names them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

from examples.service.callbacks import line, now
from examples.service.log import log
from examples.service.plant import export, history, moment
from examples.service.users import User, signed_in
from wscb import Input, Output, Patch, callback, dcc, hooks, set_props

TURNS = 2  # a second
SIGNED_OUT = (4501, "You are signed out. Sign in again to go on.")


@hooks.websocket_connect()
async def known(handshake: Any) -> User | tuple[int, str]:
    """Asked about each socket, also when a page comes back: a session belongs to the user whom this names."""
    return signed_in(handshake) or SIGNED_OUT


@hooks.websocket_message()
async def still_known(handshake: Any, message: dict[str, Any]) -> tuple[int, str] | None:
    """Asked about each message, so that who signs out in one tab does not stay in the others."""
    return None if signed_in(handshake) else SIGNED_OUT


@callback(persistent=True, shared=True)
async def live() -> None:
    """What moves on the page: one task for all who look, from the first to the last of them. Nothing is polled."""
    set_props("chart", {"data": history(5, time.time())})
    seen = -1
    while True:
        at = time.time()
        for id, props in now(at).items():
            set_props(id, props)
        more = Patch()
        for column, value in moment(at).items():
            more[column].append(value, maxlen=700)
        set_props("chart", {"data": more})
        if seen != log.total:
            seen = log.total
            set_props("log", {"children": [line(note) for note in reversed(log.since()[-8:])]})
        await asyncio.sleep(1 / TURNS)


@callback(
    Output("progress", "value"),
    Output("doing", "children"),
    Output("file", "data"),
    Input("export", "n_clicks"),
    websocket=True,
    prevent_initial_call=True,
    cancel=[Input("cancel", "n_clicks")],
    running=[(Output("export", "disabled"), True, False), (Output("cancel", "disabled"), False, True)],
)
async def export_hour(n_clicks: int) -> AsyncIterator[Any]:
    """Each yield is on the page at once."""
    for step in export(60, time.time()):
        file = dcc.send_string(step.csv, "line4.csv", "text/csv") if step.csv else None
        yield step.percent, step.doing, file
        await asyncio.sleep(0.04)
