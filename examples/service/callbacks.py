"""Plain callbacks, each call one request over HTTP: the same on FastAPI, Quart and Flask.

`@callback` belongs to the app that the process builds, so this file names no app and no framework.
"""

from __future__ import annotations

import time
from typing import Annotated, Any

from pydantic import Field
from typing_extensions import TypedDict  # as pydantic wants it before Python 3.12

from examples.service.log import Note, log
from examples.service.plant import MACHINES, NOMINAL, MachineId, made, output, report
from examples.service.users import User, signed_in
from wscb import Component, Input, Output, PreventUpdate, State, callback, ctx, html


@callback(Output("who", "children"), Input("service", "id"))
def who(_: str) -> list[Component | str]:
    """`ctx` has the cookies of the request, and over a socket those of its handshake."""
    user = signed_in(ctx)
    return [html.B(user.name), user.role] if user else ["nobody"]


class Shown(TypedDict):
    title: str
    bottles: str
    share: str
    stops: int
    standing: str


@callback(
    output={
        "title": Output("report-of", "children"),
        "bottles": Output("bottles", "children"),
        "share": Output("share", "children"),
        "stops": Output("stops", "children"),
        "standing": Output("standing", "children"),
    },
    inputs=[Input("machine", "value"), Input("minutes", "value")],
    api_endpoint="/api/report",
)
def show_report(machine: MachineId, minutes: Annotated[int, Field(ge=1, le=1440)]) -> Shown:
    """What a machine did in the last minutes.

    It computes for a while: on a thread, since it is a `def`, and holds up nobody. As a route it is called by programs
    too, which post `{"machine": "filler", "minutes": 15}`; its annotations check what they send, and /docs shows them.
    """
    found = report(machine, minutes, time.time())
    return {
        "title": f"{found.machine}, the last {found.minutes} minutes",
        "bottles": f"{found.bottles:,}",
        "share": f"{found.of_its_speed:.0%}",
        "stops": found.stops,
        "standing": f"{found.standing} s",
    }


@callback(Output("speed", "value"), Input("machine", "value"))
def choose(machine: str) -> int:
    return MACHINES[machine].speed


@callback(Output("note", "value"), Input("note", "n_submit"), State("note", "value"), prevent_initial_call=True)
async def write(n_submit: int, text: str) -> str:
    user = signed_in(ctx)
    if user is None or not text.strip():
        raise PreventUpdate
    log.add(user.name, text)
    return ""


def change_speed(user: User, machine: str, speed: int) -> str:
    """What the callback of the Set button does, once its app has said who that is."""
    MACHINES[machine].set_speed(speed)
    log.add(user.name, f"set the {MACHINES[machine].name.lower()} to {speed} bottles a minute")
    return f"{MACHINES[machine].name} set to {speed}."


def now(at: float) -> dict[str, dict[str, Any]]:
    """What the page shows of this moment: ids, and what they become."""
    flow, hour = output(at), made(60, at)
    standing = [one.name for one in MACHINES.values() if one.stopped(at)]
    going = len(MACHINES) - len(standing)
    share = hour / (60 * NOMINAL)
    shown: dict[str, dict[str, Any]] = {
        "output": {"children": f"{flow:.0f}"},
        "output-more": {"children": f"{flow / NOMINAL:.0%} of {NOMINAL}"},
        "output-meter": {"value": flow / NOMINAL},
        "made": {"children": f"{hour:,.0f}"},
        "made-more": {"children": f"{60 * NOMINAL:,} at full speed"},
        "made-meter": {"value": share},
        "running": {"children": going},
        "running-more": {"children": f"Standing: {', '.join(standing)}" if standing else "All of them"},
        "running-meter": {"value": going / len(MACHINES)},
        "efficiency": {"children": f"{share:.1%}".removesuffix("%")},
        "efficiency-more": {"children": "of what the line can do"},
        "efficiency-meter": {"value": share},
    }
    for one in MACHINES.values():
        rate, state = one.rate(at), "stopped" if one.stopped(at) else "running"
        shown[f"{one.id}-state"] = {"children": state.title(), "data-state": state}
        shown[f"{one.id}-rate"] = {"children": round(rate)}
        shown[f"{one.id}-speed"] = {"children": one.speed}
        shown[f"{one.id}-load"] = {"value": round(rate / one.speed, 3)}
        shown[f"{one.id}-temperature"] = {"children": f"{one.temperature(at):.1f} °C"}
    return shown


def line(note: Note) -> Component:
    return html.Li([html.Time(note.time), html.B(note.who), html.Span(note.text)])
