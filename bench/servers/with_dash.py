"""Dash on FastAPI, its callbacks over its WebSocket, with its own defaults."""

import asyncio
import time

from dash import Dash, Input, Output, html, set_props

app = Dash(__name__, backend="fastapi")
NAMES = ("in", "out", "go", "done", "shown", "stand", "stand-out", "set", "set-out")
app.layout = html.Div([html.Div(id=name) for name in NAMES])


@app.callback(Output("out", "children"), Input("in", "children"), websocket=True, prevent_initial_call=True)
async def call(value: int) -> int:
    return value


@app.callback(Output("done", "children"), Input("go", "children"), websocket=True, prevent_initial_call=True)
async def loop(count: int) -> int:
    for i in range(1, count + 1):
        set_props("shown", {"children": i})
    return count


@app.callback(Output("stand-out", "children"), Input("stand", "children"), websocket=True, prevent_initial_call=True)
async def stand(_: object) -> None:
    await asyncio.Event().wait()


@app.callback(Output("set-out", "children"), Input("set", "children"), websocket=True, prevent_initial_call=True)
async def produce(_: object) -> None:
    while True:
        set_props("shown", {"children": time.time()})
        await asyncio.sleep(0.001)


server = app.server
