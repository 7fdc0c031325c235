"""Flask: what its own names are in a callback, and how it is served."""

from __future__ import annotations

import asyncio
from typing import Any

import flask
import pytest

from tests.backends.hosts import FlaskKind
from tests.server.asgi_app import MSGPACK, call, delta_of
from wscb import App, Input, Output, html
from wscb.errors import DeclarationError

RUN = Input("run", "n_clicks")
OUT = Output("out", "children")
ID = "out.children|run.n_clicks"
KIND = FlaskKind()


@pytest.mark.parametrize("plain", [True, False])
async def test_request_session_and_g_are_those_of_the_call(plain: bool) -> None:
    server = KIND.host()
    app = KIND.app(server)

    @server.before_request
    def who() -> None:
        flask.g.who = flask.request.headers["x-who"]

    def work(clicks: int) -> str:
        flask.session["clicks"] = flask.session.get("clicks", 0) + clicks
        return f"{flask.g.who} {flask.request.path} {flask.session['clicks']}"

    async def work_async(clicks: int) -> str:
        return work(clicks)

    app.callback(OUT, RUN)(work if plain else work_async)
    async with KIND.client(server, **MSGPACK, **{"x-who": "ann"}) as client:
        for n in (4, 8):
            answer = delta_of(await client.post("/_wscb/invoke", content=call(ID, [4])))
            assert answer.changes == [("set", "out", "children", f"ann /_wscb/invoke {n}")]


async def test_a_layout_function_has_them_too() -> None:
    app = KIND.app()
    app.layout = lambda: html.Div(f"for {flask.request.args['who']}")
    async with KIND.client(app.server) as client:
        page = await client.get("/?who=ann")
    assert page.status_code == 200


async def test_a_guard_of_the_host_refuses() -> None:
    server = KIND.host()
    app = KIND.app(server)
    app.callback(OUT, RUN)(lambda clicks: clicks)

    @server.before_request
    def guard() -> Any:
        return None if "login" in flask.request.cookies else ("log in", 401)

    async with KIND.client(server) as client:
        assert (await client.get("/")).status_code == 401
        assert (await client.post("/_wscb/invoke", content=call(ID, [1]), headers=MSGPACK)).status_code == 401
        assert (await client.get("/", headers={"cookie": "login=1"})).status_code == 200


async def test_its_loop_is_one_for_all_requests_and_apps() -> None:
    apps = [KIND.app(), KIND.app()]
    loops: list[asyncio.AbstractEventLoop] = []

    async def work(clicks: int) -> None:
        loops.append(asyncio.get_running_loop())

    for app in apps:
        app.callback(OUT, RUN)(work)
        async with KIND.client(app.server) as client:
            for _ in range(2):
                await client.post("/_wscb/invoke", content=call(ID, [1]), headers=MSGPACK)
    assert len(loops) == 4
    assert len(set(loops)) == 1
    assert loops[0] is not asyncio.get_running_loop()


def test_it_runs_flasks_own_server(monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[Any] = []
    monkeypatch.setattr(flask.Flask, "run", lambda *args, **settings: served.append((args, settings)))
    app = KIND.app()
    app.run("127.0.0.1", 9000, load_dotenv=False)
    settings = {"threaded": True, "use_reloader": False, "use_debugger": False, "load_dotenv": False}
    assert served == [((app.server, "127.0.0.1", 9000), settings)]


def test_one_that_is_declared_wrongly_does_not_start() -> None:
    with pytest.raises(DeclarationError, match="no layout"):
        App(__name__, backend="flask").run()


async def test_what_the_host_has_read_of_a_body_is_read_again() -> None:
    server = KIND.host()
    app = KIND.app(server)
    server.before_request(lambda: None if flask.request.get_json()["clicks"] else "refused")
    app.callback(OUT, RUN, api_endpoint="/api/x")(lambda clicks: clicks)
    async with KIND.client(server) as client:
        assert (await client.post("/api/x", json={"clicks": 0})).text == "refused"
        assert (await client.post("/api/x", json={"clicks": 3})).json() == 3


async def test_no_cache_that_many_share_may_keep_what_has_somebodys_cookie() -> None:
    """A permanent session is set again by each answer, those with our files too."""
    server = flask.Flask("tests.server")
    server.secret_key = "secret"
    app = App("tests.server", server=server, url_base_pathname="/dash/")
    app.layout = html.Div(id="out")

    @server.before_request
    def known() -> None:
        flask.session.update(user="ann")
        flask.session.permanent = True

    client = server.test_client()
    for path in ("", "_wscb/static/latest/wscb.css", "_wscb/schema"):
        answer = await asyncio.to_thread(client.get, f"/dash/{path}")
        assert "session=" in answer.headers["set-cookie"]
        assert "private" in answer.headers["cache-control"]


def test_the_name_by_which_a_guard_of_forms_leaves_ours_out() -> None:
    """Flask-WTF goes by a view's module and name; docs/backends.md says which these are."""
    server = App("tests.server", backend="flask").server
    ours = {rule.endpoint for rule in server.url_map.iter_rules()}
    views = [server.view_functions[name] for name in ours]
    assert {f"{view.__module__}.{view.__name__}" for view in views} == {"wscb.server.backends.flask.respond"}
