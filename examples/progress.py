"""A job that shows its progress while it runs, can be cancelled, and reads what was typed meanwhile.

python examples/progress.py, then open http://127.0.0.1:8050
"""

import asyncio

from wscb import App, Input, Output, dcc, get_prop, html, set_props

app = App(__name__, title="Progress")
app.layout = html.Main(
    [
        html.H1("A job with progress"),
        html.Label(["Your name ", dcc.Input(id="name", value="Ann")]),
        html.P([html.Button("Run", id="run"), " ", html.Button("Cancel", id="cancel", disabled=True)]),
        html.Progress(id="bar", max=100, value=0),
        html.P(html.Output("Not started yet.", id="out")),
    ]
)


@app.callback(
    Output("out", "children"),
    Input("run", "n_clicks"),
    websocket=True,
    prevent_initial_call=True,
    cancel=[Input("cancel", "n_clicks")],
    running=[(Output("run", "disabled"), True, False), (Output("cancel", "disabled"), False, True)],
)
async def work(n_clicks: int) -> str:
    try:
        for i in range(1, 101):
            set_props("bar", {"value": i})  # on the page now, not when work() returns
            await asyncio.sleep(0.03)
    except asyncio.CancelledError:
        set_props("out", {"children": f"Run {n_clicks} was cancelled at {i} %."})
        raise
    return f"Run {n_clicks} finished for {await get_prop('name', 'value')}."


server = app.server  # for: uvicorn progress:server

if __name__ == "__main__":
    app.run(debug=True)
