"""The same service on Flask, with the callbacks that are plain requests.

    flask --app examples.service.flask_app:server run --port 8000

WSGI has no sockets. So there is no live.py (importing it would be an error that names its callbacks), and the page asks
every two seconds, by `dcc.Interval`. There is no radio and no wall board, and an export holds a thread while it runs.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

from flask import Flask, Response, abort, jsonify, redirect, request
from werkzeug.wrappers import Response as Redirect

from examples.service import layout, plant, users
from examples.service.callbacks import change_speed, line, now
from examples.service.log import log
from examples.service.users import Asking, User
from wscb import App, Input, Output, State, ctx, dcc, set_props

EVERY = 2000  # milliseconds

# ---- the service, as it was before there was a dashboard

server = Flask(__name__, static_folder=None)


@server.before_request
def guard() -> Any:
    """One guard for all: the dashboard's page and calls are requests like any other, and come by here."""
    if users.refused(request.path, request):
        visit = "text/html" in request.headers.get("accept", "")
        return redirect("/login", 303) if visit else Response("Sign in first.", 401)
    return None


@server.after_request
def policy(response: Response) -> Response:
    response.headers.update(users.POLICY)
    return response


def get_user(asking: Asking) -> User:
    """Of `request` in the routes, and of `ctx` in the callback below: both have the cookies."""
    return users.signed_in(asking) or abort(401, "Sign in first.")


@server.get("/")
def front() -> Redirect:
    return redirect("/dashboard/")


@server.get("/login")
def login_page() -> str:
    return users.login_page()


@server.post("/login")
def login() -> Any:
    cookie = users.sign_in(request.form.get("name", ""), request.form.get("password", ""))
    if cookie is None:
        return users.login_page("No such name and password."), 401
    response = redirect("/dashboard/", 303)
    response.set_cookie(users.COOKIE, cookie, **users.OPTIONS)
    return response


@server.post("/logout")
def logout() -> Redirect:
    users.sign_out(request)
    response = redirect("/login", 303)
    response.delete_cookie(users.COOKIE)
    return response


@server.get("/api/me")
def me() -> Response:
    return jsonify(get_user(request))


@server.get("/api/data")
def data() -> dict[str, list[float]]:
    return plant.history(min(1440, request.args.get("minutes", 5, int)), time.time())


@server.get("/api/export")
def export() -> Response:
    def events() -> Iterator[str]:
        for step in plant.export(60, time.time()):
            yield f"data: {json.dumps(step._asdict())}\n\n"
            time.sleep(0.04)

    return Response(events(), content_type="text/event-stream", headers={"cache-control": "no-store"})


# ---- the dashboard: mounted in the service, with its guard

app = App(__name__, server=server, url_base_pathname="/dashboard/", title="Line 4")
app.layout = layout.page({}, dcc.Interval("turn", EVERY))


@app.callback(
    Output("said", "children"),
    Input("set", "n_clicks"),
    State("machine", "value"),
    State("speed", "value"),
    prevent_initial_call=True,
)
async def set_speed(n_clicks: int, machine: str, speed: int) -> str:
    return change_speed(get_user(ctx), machine, speed)


@app.callback(Output("chart", "data"), Output("log", "children"), Input("turn", "n_intervals"))
def ask(n: int) -> tuple[Any, Any]:
    """What live.py does by itself: here a request each time, with all that there is."""
    at = time.time()
    for id, props in now(at).items():
        set_props(id, props)
    return plant.history(5, at, points=150), [line(note) for note in reversed(log.since()[-8:])]


@app.callback(
    Output("doing", "children"), Output("file", "data"), Input("export", "n_clicks"), prevent_initial_call=True
)
def export_hour(n_clicks: int) -> tuple[str, Any]:
    """As in live.py, and with nothing to see until it is done."""
    *_, last = plant.export(60, time.time())
    return last.doing, dcc.send_string(last.csv, "line4.csv", "text/csv")
