"""The machine that it runs on: a live chart, a table that reads what was typed, a job that can be cancelled.

python examples/monitor.py, then open http://127.0.0.1:8050. With looks and more of everything: wscb demo.
"""

import asyncio
import hashlib
import os
import time

import psutil

from wscb import App, Input, Output, Patch, dcc, get_prop, html, set_props

CORES = [f"core {number}" for number in range(psutil.cpu_count() or 1)]

app = App(__name__, title="Monitor")
app.layout = html.Main(
    [
        dcc.Chart(
            id="cpu",
            data={"x": [], **{core: [] for core in CORES}},
            scales={"y": {"unit": "%", "range": [0, 100]}},
            window=60,
            live=True,
        ),
        html.P([html.Button("Hash 1 GB", id="start"), " ", html.Button("Cancel", id="cancel", disabled=True)]),
        html.Progress(id="bar", max=100, value=0),
        html.P(html.Output("Not started yet.", id="out")),
        dcc.Input(id="filter", type="search", placeholder="Filter processes"),
        html.Table(html.Tbody(id="processes")),
    ],
    style={"maxWidth": 900, "margin": "2em auto", "padding": "0 1em"},
)


@app.callback(persistent=True)
async def sample() -> None:
    """One task per page, which ends when the tab is closed. Each turn adds one point to each line."""
    while True:
        more = Patch()
        more["x"].append(time.time(), maxlen=1000)
        for core, percent in zip(CORES, psutil.cpu_percent(percpu=True), strict=True):
            more[core].append(percent, maxlen=1000)
        set_props("cpu", {"data": more})
        await asyncio.sleep(0.25)


@app.callback(persistent=True)
async def table() -> None:
    """psutil takes a while, so it works in a thread. What was typed is read from the page, each time."""
    while True:
        found = await asyncio.to_thread(lambda: [p.info for p in psutil.process_iter(["pid", "name", "cpu_percent"])])
        wanted = (await get_prop("filter", "value") or "").lower()
        rows = sorted((p for p in found if wanted in p["name"].lower()), key=lambda p: -(p["cpu_percent"] or 0))
        cells = [[p["pid"], p["name"], f"{p['cpu_percent'] or 0:.0f} %"] for p in rows[:10]]
        set_props("processes", {"children": [html.Tr([html.Td(cell) for cell in row]) for row in cells]})
        await asyncio.sleep(0.5)


@app.callback(
    Output("out", "children"),
    Input("start", "n_clicks"),
    websocket=True,
    prevent_initial_call=True,
    cancel=[Input("cancel", "n_clicks")],
    running=[(Output("start", "disabled"), True, False), (Output("cancel", "disabled"), False, True)],
)
async def work(n_clicks: int) -> str:
    digest = hashlib.sha256()
    for percent in range(1, 101):
        await asyncio.to_thread(lambda: digest.update(os.urandom(10_000_000)))
        set_props("bar", {"value": percent})
    return digest.hexdigest()


server = app.server  # for: uvicorn monitor:server

if __name__ == "__main__":
    app.run(debug=True)
