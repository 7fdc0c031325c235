"""What the servers of test_servers.py serve: a page, calls over HTTP, and over the socket where there is one."""

from __future__ import annotations

import asyncio
import os
import threading

from wscb import App, Input, Output, html, set_props

app = App(__name__, backend=os.environ["WSCB_TEST_BACKEND"], health_endpoint="health")
app.layout = html.Div(
    [html.Button("Run", id="run"), html.Output(id="out"), html.Div(id="log"), html.Div(id="end"), html.Div(id="long")]
)
server = app.server


@app.callback(Output("out", "children"), Input("run", "n_clicks"))
def plain(clicks: int) -> int:
    return 2 * clicks


over = threading.Event()


@app.callback(Output("long", "children"), Input("run", "n_clicks"))
def long(clicks: int) -> bool:
    return over.wait(30)


@app.callback(Output("long", "title"), Input("run", "n_clicks"))
def end_long(clicks: int) -> None:
    over.set()


@app.callback(Output("log", "children"), Input("run", "n_clicks"))
async def process(clicks: int) -> int:
    await asyncio.sleep(0)
    return os.getpid()


if app.server.__class__.__name__ != "Flask":

    @app.callback(Output("end", "children"), Input("run", "n_clicks"), websocket=True)
    async def over_socket(clicks: int) -> int:
        return 3 * clicks

    @app.callback(persistent=True)
    async def endless() -> None:
        set_props("log", {"children": "begun"})
        try:
            await asyncio.Event().wait()
        finally:
            print("endless was cancelled", flush=True)


if __name__ == "__main__":
    app.run(port=int(os.environ["PORT"]))
