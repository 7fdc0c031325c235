"""The dashboard's page: what stands on it before anything moves. All three apps have the same."""

from __future__ import annotations

from typing import Any

from examples.service.plant import FASTEST, MACHINES, NOMINAL, SLOWEST
from wscb import Component, dcc, html

SPANS = [{"label": f"{minutes} min", "value": minutes} for minutes in (5, 15, 60)]


def page(links: dict[str, str], *more: Component) -> Component:
    """`links` lead to the service's own pages; `more` is what one of the apps has and the others do not."""
    return html.Div(
        [
            _header(links),
            html.Main(
                [
                    html.Section(
                        [
                            _tile("output", "Output now", "bottles/min"),
                            _tile("made", "Made in the last hour", "bottles"),
                            _tile("running", "Machines running", f"of {len(MACHINES)}"),
                            _tile("efficiency", "Efficiency, last hour", "%"),
                        ],
                        className="tiles",
                    ),
                    html.Div([_chart(), _machines()], className="pair wide"),
                    html.Div([_control(), _report(), _log()], className="trio"),
                ]
            ),
            *more,
        ],
        id="service",
        className="service",
    )


def _named(label: str) -> dict[str, Any]:
    return {"aria-label": label}


def _header(links: dict[str, str]) -> Component:
    logo: dict[str, Any] = {"aria-hidden": "true"}
    return html.Header(
        [
            html.Span([html.I(), html.I(), html.I()], className="logo", **logo),
            html.Div([html.H1("Line 4"), html.P("Northbrook Bottling, hall 2")], className="title"),
            html.Span(className="connection", role="status"),
            html.Nav([html.A(text, href=address) for text, address in links.items()]),
            html.Form(
                [html.Span(id="who", className="who"), html.Button("Sign out", className="button")],
                method="post",
                action="/logout",
            ),
        ],
        className="top",
    )


def _tile(id: str, label: str, unit: str) -> Component:
    return html.Article(
        [
            html.H2(label),
            html.P([html.Span("…", id=id), html.Small(unit)], className="now"),
            html.P(id=f"{id}-more", className="more"),
            html.Meter(id=f"{id}-meter", min=0, max=1, low=0.6, high=0.85, optimum=1, value=0, **_named(label)),
        ],
        className="card tile",
    )


def _card(title: str, note: str | Component, *content: Component, name: str = "") -> Component:
    head = html.Header([html.H2(title), html.P(note, className="note")])
    return html.Section([head, *content], className=f"card {name}")


def _chart() -> Component:
    series: list[dict[str, Any]] = [
        {"key": "output", "label": "Output", "color": "var(--ink)", "width": 2, "fill": "var(--area)"}
    ]
    series += [
        {"key": one.id, "label": one.name, "color": f"var(--line-{number})", "width": 1.25}
        for number, one in enumerate(MACHINES.values(), 1)
    ]
    chart = dcc.Chart(
        id="chart",
        series=series,
        scales={"y": {"range": [0, FASTEST + 30], "label": "bottles/min"}},
        window=300,
        live=True,
        height=300,
    )
    return _card("Speed", "bottles a minute: each machine, and what leaves the line", chart)


def _machines() -> Component:
    head = html.Tr([html.Th(text, scope="col") for text in ("Machine", "State", "Speed", "", "Temp.")])
    rows = [
        html.Tr(
            [
                html.Th(one.name, scope="row"),
                html.Td(html.Span("…", id=f"{one.id}-state", className="state")),
                html.Td([html.B("…", id=f"{one.id}-rate"), " / ", html.Span(one.speed, id=f"{one.id}-speed")]),
                html.Td(html.Meter(id=f"{one.id}-load", min=0, max=1, value=0, **_named(f"Load of {one.name}"))),
                html.Td("…", id=f"{one.id}-temperature"),
            ]
        )
        for one in MACHINES.values()
    ]
    table = html.Table([html.Thead(head), html.Tbody(rows)], className="machines")
    return _card("Machines", "now, and what they are set to", table)


def _control() -> Component:
    names = [{"label": one.name, "value": one.id} for one in MACHINES.values()]
    return _card(
        "Control",
        "who changes a speed is in the log",
        html.Label(
            [html.Span("Machine"), dcc.Dropdown(names, "filler", id="machine", clearable=False)], className="field"
        ),
        html.Label(
            [
                html.Span("Bottles a minute"),
                dcc.Slider(
                    SLOWEST,
                    FASTEST,
                    10,
                    value=NOMINAL,
                    id="speed",
                    marks={SLOWEST: str(SLOWEST), NOMINAL: str(NOMINAL), FASTEST: str(FASTEST)},
                    tooltip={"always_visible": True, "placement": "top"},
                ),
            ],
            className="field slider",
        ),
        html.P(
            [html.Button("Set speed", id="set", className="button primary"), html.Output(id="said")], className="does"
        ),
        name="control",
    )


def _report() -> Component:
    figures = (("bottles", "Bottles"), ("share", "Of its speed"), ("stops", "Stops"), ("standing", "Standing"))
    return _card(
        "Report",
        html.Span(id="report-of"),
        dcc.RadioItems(SPANS, 15, id="minutes", inline=True, className="segments"),
        html.Dl([html.Div([html.Dt(label), html.Dd("…", id=id)]) for id, label in figures], className="figures"),
        html.P(
            [
                html.Button("Export the last hour", id="export", className="button"),
                html.Button("Cancel", id="cancel", className="button", disabled=True),
            ],
            className="does",
        ),
        html.Progress(id="progress", max=100, value=0, **_named("Progress of the export")),
        html.P("One row a minute, as CSV.", id="doing", className="note"),
        dcc.Download(id="file"),
        name="report",
    )


def _log() -> Component:
    note = dcc.Input(id="note", placeholder="Write a note and press Enter", maxLength=200, **_named("A note"))
    return _card("Log of the shift", "newest first", note, html.Ol([], id="log", className="log"), name="logged")
