"""The monitor's app: its page, the streams that feed it, and what its buttons do."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import psutil

from wscb import App, Input, Output, Patch, State, get_prop, html, set_props
from wscb.demo import layout, showing
from wscb.demo.jobs import Hashing
from wscb.demo.processes import Processes
from wscb.demo.sampler import HZ, KEEP, Sampler
from wscb.errors import GetPropTimeout

ASK_SECONDS = 0.2
"""How often the page is asked what its reader wants: soon enough to feel at once."""
TILES_EVERY = HZ // 4
PEAK_ROWS = 60 * HZ
LOG_LINES = 60
LOG_EVERY = 5  # percent
THEMES = ("auto", "light", "dark")
BOOTED = psutil.boot_time()

app = App(__name__, title="wscb monitor", update_title=None)
server = app.server
sampler = Sampler(psutil.cpu_count() or 1)
processes = Processes()
app.layout = layout.page(sampler.lanes)


async def asked(component: str, prop: str, otherwise: Any) -> Any:
    """A prop as the page has it; `otherwise` if the page does not answer, as it may be out of reach for a while."""
    try:
        return await get_prop(component, prop, timeout=5)
    except GetPropTimeout:
        return otherwise


async def is_paused() -> bool:
    return bool((await asked("pause", "n_clicks", 0) or 0) % 2)


# ------------------------------------------------------------------------------------------------ charts and tiles


class View:
    """What the pages have been shown of the samples."""

    def __init__(self) -> None:
        self._seen = 0
        self._tiles: dict[str, showing.Props] = {}

    def show(self) -> None:
        """Sends what is new since the last time; all there is if the page has nothing, or something else."""
        history = sampler.history
        seen, self._seen = self._seen, history.total
        again = seen <= history.oldest
        for chart, keys in (("cpu", sampler.cpu_keys), ("net", sampler.net_keys)):
            rows = history.since(0 if again else seen, keys)
            set_props(chart, {"data": rows if again else showing.extended(rows, KEEP)})
        if again or history.total // TILES_EVERY != seen // TILES_EVERY:
            self._show_tiles()

    def _show_tiles(self) -> None:
        history = sampler.history
        last = history.since(history.total - PEAK_ROWS, ["all", "down", "up"])
        peak_net = max(map(sum, zip(last["down"], last["up"], strict=True)), default=0.0)
        tiles = showing.tiles(sampler.rates, sampler.vitals, max(last["all"], default=0.0), peak_net)
        tiles["uptime"] = {"children": showing.uptime(time.time() - BOOTED)}
        for component, props in tiles.items():
            if self._tiles.get(component) != props:
                set_props(component, props)
        self._tiles = tiles


@app.callback(Input("paused", "hidden"), persistent=True, shared=True)
async def stream(live: bool) -> None:
    """Twenty times a second the new samples, once for all pages; who comes late, or goes on, gets what these show.

    For those that are paused it only keeps the samples coming.
    """
    view = View()
    async with sampler:
        while True:
            if live:
                view.show()
            await sampler.news()


@app.callback(
    Output("pause", "children"),
    Output("paused", "hidden"),
    Output("cpu", "live"),
    Output("net", "live"),
    Input("pause", "n_clicks"),
    websocket=True,
    prevent_initial_call=True,
)
async def pause(n_clicks: int) -> tuple[str, bool, bool, bool]:
    paused = bool(n_clicks % 2)
    return "Resume" if paused else "Pause", not paused, not paused, not paused


@app.callback(
    Output("cpu", "window"), Output("net", "window"), Input("range", "value"), websocket=True, prevent_initial_call=True
)
async def choose_range(seconds: float) -> tuple[float, float]:
    return seconds, seconds


# ------------------------------------------------------------------------------------------------ processes


@app.callback(persistent=True)
async def table() -> None:
    """The busiest processes that match what stands in the filter box."""
    text, shown = "", None
    async with processes:
        while True:
            text = str(await asked("filter", "value", text) or "")
            state = (text, id(processes.latest), processes.error)
            if state != shown and (processes.latest or processes.error) and not await is_paused():
                rows, count = showing.process_rows(processes.latest, text, processes.error)
                set_props("process-rows", {"children": rows})
                set_props("process-count", {"children": count})
                shown = state
            await asyncio.sleep(ASK_SECONDS)


# ------------------------------------------------------------------------------------------------ jobs


def add_job(id: str) -> None:
    """Declares what the buttons of one job do."""

    @app.callback(
        Output(f"{id}-status", "children"),
        Output(f"{id}-status", "title"),
        Input(f"{id}-start", "n_clicks"),
        State("algorithm", "value"),
        State("size", "value"),
        websocket=True,
        prevent_initial_call=True,
        cancel=[Input(f"{id}-cancel", "n_clicks")],
        running=[(Output(f"{id}-start", "disabled"), True, False), (Output(f"{id}-cancel", "disabled"), False, True)],
    )
    async def job(n_clicks: int, algorithm: str, size: float) -> tuple[str, str]:
        hashing = Hashing(algorithm, size)
        begin(id, hashing)
        try:
            while not hashing.complete:
                before = hashing.percent
                await hashing.step()
                show(id, hashing, before)
        finally:
            end(id, hashing)
        return f"{algorithm} {hashing.digest[:8]}…{hashing.digest[-8:]} · {hashing.seconds:.1f} s", hashing.digest


def begin(id: str, hashing: Hashing) -> None:
    set_props(id, {"data-state": "running"})
    set_props(f"{id}-bar", {"value": 0})
    set_props(f"{id}-status", {"children": "Starting…", "title": ""})
    set_props(f"{id}-log", {"children": [html.Div(f"{hashing.algorithm} of {hashing.total // 1_000_000} MB")]})


def show(id: str, hashing: Hashing, percent_before: float) -> None:
    set_props(f"{id}-bar", {"value": round(hashing.percent, 1)})
    set_props(f"{id}-status", {"children": hashing.status})
    if hashing.percent // LOG_EVERY != percent_before // LOG_EVERY:
        log(id, hashing.log_line)


def end(id: str, hashing: Hashing) -> None:
    set_props(id, {"data-state": "done" if hashing.complete else "cancelled"})
    if not hashing.complete:
        set_props(f"{id}-status", {"children": hashing.verdict})
    log(id, hashing.verdict)


def log(id: str, line: str) -> None:
    patch = Patch()
    patch.append(html.Div(line), maxlen=LOG_LINES)
    set_props(f"{id}-log", {"children": patch})


for number in layout.JOBS:
    add_job(f"job-{number}")


# ------------------------------------------------------------------------------------------------ theme


@app.callback(
    Output("theme-kept", "data"),
    Input("theme", "n_clicks"),
    websocket=True,
    prevent_initial_call=True,
    on_repeat="queue",  # so that of two quick clicks the second one sees what the first one made
)
async def next_theme(n_clicks: int) -> str:
    kept = await get_prop("theme-kept", "data")
    return THEMES[(THEMES.index(kept) + 1) % len(THEMES)] if kept in THEMES else THEMES[0]


@app.callback(
    Output("monitor", "data-theme"),
    Output("theme", "title"),
    Output("theme", "aria-label"),
    Input("theme-kept", "data"),
    websocket=True,
)
async def show_theme(kept: str) -> tuple[str, str, str]:
    theme = kept if kept in THEMES else THEMES[0]
    return theme, f"Theme: {theme}", f"Theme: {theme}"
