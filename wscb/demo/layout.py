"""What stands on the page before anything moves. Ids are what callbacks and tests know it by."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from typing import Any

from wscb import Component, dcc, html
from wscb.demo.jobs import ALGORITHMS, MAX_SIZE, MIN_SIZE, SIZE_STEP

JOBS = (1, 2, 3)
RANGES: dict[float, str] = {30: "30 s", 60: "1 min", 240: "4 min"}
RANGE = 60
COLUMNS = ("PID", "Name", "User", "CPU", "Memory", "Threads")
_HIDDEN: dict[str, Any] = {"aria-hidden": "true"}
_SILENT: dict[str, Any] = {"aria-live": "off"}
_READY: dict[str, Any] = {"data-state": "ready"}


def named(label: str) -> dict[str, Any]:
    """The name of a thing for those who do not see it."""
    return {"aria-label": label}


def page(lanes: Sequence[range]) -> Component:
    """The whole monitor. `lanes` are the cores that share each line of the CPU chart."""
    return html.Div(
        [
            dcc.Store("theme-kept", storage_type="local", data="auto"),
            _header(),
            html.Main([_tiles(), _charts(lanes), _below()]),
        ],
        id="monitor",
        className="monitor",
    )


def _header() -> Component:
    machine = [html.Span(_system()), html.Span(platform.machine()), html.Span(id="uptime")]
    return html.Header(
        [
            html.Span([html.I(), html.I(), html.I()], className="logo", **_HIDDEN),
            html.Div(
                [
                    html.H1(platform.node() or "This machine"),
                    html.P(machine, className="machine"),
                ],
                className="host",
            ),
            html.Span("Paused", id="paused", className="tag", hidden=True),
            html.Span(className="connection", role="status"),
            dcc.RadioItems(options=_options(RANGES), value=RANGE, id="range", inline=True, className="segments"),
            html.Button("Pause", id="pause", n_clicks=0, className="button"),
            html.Button(id="theme", className="button icon", title="Theme: auto", **named("Theme: auto")),
        ],
        className="top",
    )


def _options(labels: dict[float, str]) -> list[dict[str, Any]]:
    return [{"label": label, "value": value} for value, label in labels.items()]


def _system() -> str:
    try:
        return platform.freedesktop_os_release().get("PRETTY_NAME", platform.system())
    except OSError:
        return f"{platform.system()} {platform.release()}"


def _tiles() -> Component:
    return html.Section(
        [
            _tile("cpu", "CPU", html.Div(id="cores", className="cores", **_HIDDEN)),
            _tile("memory", "Memory"),
            _tile("load", "Load"),
            _tile("network", "Network"),
        ],
        className="tiles",
        **named("Now"),
    )


def _tile(name: str, label: str, *more: Component) -> Component:
    return html.Article(
        [
            html.H2(label),
            html.P([html.Span("…", id=f"{name}-now"), html.Small(id=f"{name}-unit")], className="now"),
            *more,
            html.P(id=f"{name}-more", className="more"),
            html.Meter(id=f"{name}-meter", min=0, max=1, low=0.8, high=0.9, optimum=0, value=0, **named(label)),
        ],
        className=f"card tile {name}",
    )


def _charts(lanes: Sequence[range]) -> Component:
    all_cores = {"key": "all", "label": "All", "color": "var(--ink)", "width": 2, "fill": "var(--area)"}
    cores = [
        {"key": f"lane{i}", "label": _lane_name(lane), "color": f"var(--line-{i + 1})", "width": 1.25}
        for i, lane in enumerate(lanes)
    ]
    return html.Section(
        [
            _card(
                "Processors",
                "busy, percent of each core",
                dcc.Chart(
                    id="cpu",
                    series=[*cores, all_cores],
                    scales={"y": {"unit": "%", "range": [0, 100]}},
                    window=RANGE,
                    live=True,
                    height=248,
                ),
            ),
            _card(
                "Network",
                "all interfaces but the loopback",
                dcc.Chart(
                    id="net",
                    series=[
                        {"key": "down", "label": "Received", "color": "var(--line-1)", "fill": "var(--area)"},
                        {"key": "up", "label": "Sent", "color": "var(--line-2)"},
                    ],
                    scales={"y": {"unit": "bytes/s", "range": [0, None]}},
                    window=RANGE,
                    live=True,
                    height=248,
                ),
            ),
        ],
        className="charts",
    )


def _lane_name(lane: range) -> str:
    return f"Core {lane[0]}" if len(lane) == 1 else f"Cores {lane[0]}-{lane[-1]}"


def _card(title: str, note: Component | str, *content: Component, aside: Component | None = None) -> Component:
    head = [html.H2(title), html.P(note, className="note"), aside]
    return html.Section([html.Header(head), *content], className="card")


def _below() -> Component:
    return html.Div([_process_card(), _job_card()], className="below")


def _process_card() -> Component:
    find = dcc.Input(
        id="filter", type="search", placeholder="Filter by name, user or PID", autoComplete="off", spellCheck=False,
        **named("Filter processes"),
    )  # fmt: skip
    head = html.Tr([html.Th(column, scope="col") for column in COLUMNS])
    return _card(
        "Processes",
        html.Span(id="process-count"),
        html.Div(
            html.Table(
                [html.Thead(head), html.Tbody(wide_row("Reading the process table…"), id="process-rows")],
                id="processes",
            ),
            className="scroller",
            tabIndex=0,
            role="region",
            **named("Processes, busiest first"),
        ),
        aside=html.Label(find, className="search"),
    )


def wide_row(text: str) -> Component:
    """A row that says why there are no others."""
    return html.Tr(html.Td(text, colSpan=len(COLUMNS), className="empty"))


def _job_card() -> Component:
    return _card(
        "Jobs",
        "hash random data in a thread, 40 MB/s at most",
        html.Div(
            [
                html.Label(
                    [
                        html.Span("Algorithm"),
                        dcc.Dropdown(options=list(ALGORITHMS), value=ALGORITHMS[0], clearable=False, id="algorithm"),
                    ]
                ),
                html.Label(
                    [
                        html.Span("Size"),
                        dcc.Slider(
                            min=MIN_SIZE, max=MAX_SIZE, step=SIZE_STEP, value=400, id="size",
                            tooltip={"always_visible": True, "template": "{value} MB", "placement": "bottom"},
                        ),
                    ]
                ),
            ],
            className="settings",
        ),
        *(_job(number) for number in JOBS),
    )  # fmt: skip


def _job(number: int) -> Component:
    id = f"job-{number}"
    return html.Article(
        [
            html.Header(
                [
                    html.H3(f"Job {number}"),
                    html.Span("Ready", id=f"{id}-status", className="status"),
                    html.Button("Start", id=f"{id}-start", className="button small", **named(f"Start job {number}")),
                    html.Button(
                        "Cancel", id=f"{id}-cancel", className="button small", disabled=True,
                        **named(f"Cancel job {number}"),
                    ),
                ]
            ),
            html.Progress(id=f"{id}-bar", max=100, value=0, **named(f"Progress of job {number}")),
            html.Div(
                html.Div([], id=f"{id}-log", role="log", **_SILENT),
                className="log",
                tabIndex=0,
                role="region",
                **named(f"Log of job {number}"),
            ),
        ],
        id=id,
        className="job",
        **_READY,
    )  # fmt: skip
