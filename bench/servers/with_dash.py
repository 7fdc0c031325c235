"""Dash on FastAPI, its callbacks over its WebSocket, with its own defaults."""

from dash import Dash, Input, Output, html, set_props

app = Dash(__name__, backend="fastapi")
app.layout = html.Div([html.Div(id=name) for name in ("in", "out", "go", "done", "shown")])


@app.callback(Output("out", "children"), Input("in", "children"), websocket=True, prevent_initial_call=True)
async def call(value: int) -> int:
    return value


@app.callback(Output("done", "children"), Input("go", "children"), websocket=True, prevent_initial_call=True)
async def loop(count: int) -> int:
    for i in range(1, count + 1):
        set_props("shown", {"children": i})
    return count


server = app.server
