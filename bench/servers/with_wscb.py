"""wscb on FastAPI. A page makes as many calls as it can, so the limit on its messages a second is lifted."""

import asyncio
import time

from wscb import App, Input, Limits, Output, html, set_props

app = App(__name__, limits=Limits(messages_per_second=1_000_000))
app.layout = html.Div([html.Div(id=name) for name in ("in", "out", "go", "done", "shown", "stand", "set")])


@app.callback(Output("out", "children"), Input("in", "children"), websocket=True, prevent_initial_call=True)
async def call(value: int) -> int:
    return value


@app.callback(Output("done", "children"), Input("go", "children"), websocket=True, prevent_initial_call=True)
async def loop(count: int) -> int:
    for i in range(1, count + 1):
        set_props("shown", {"children": i})
    return count


@app.callback(Input("stand", "children"), persistent=True)
async def stand(_: object) -> None:
    await asyncio.Event().wait()


@app.callback(Input("set", "children"), persistent=True)
async def produce(_: object) -> None:
    while True:
        set_props("shown", {"children": time.time()})
        await asyncio.sleep(0.001)


server = app.server
