"""Where the route of a callback stands among the host's, and who may call it, on every backend."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from tests.backends.endpoints import LOG, OUT, RUN, ask, at
from tests.backends.hosts import Kind, Teapot
from wscb import Limits, callback, ctx
from wscb.errors import DeclarationError


@pytest.mark.parametrize(
    ("method", "headers", "status"),
    [
        ("GET", {}, 405),
        ("GET", {"accept": "text/html"}, 405),
        ("PUT", {"content-type": "application/json"}, 405),
        ("POST", {"content-type": "text/plain"}, 415),
        ("POST", {"content-type": "multipart/form-data+json"}, 415),
        ("POST", {"content-type": "application/x.mine+json; v=1"}, 200),
        ("POST", {}, 415),
        ("POST", {"content-type": "application/json", "origin": "http://evil.example"}, 403),
        ("POST", {"content-type": "application/json", "origin": "http://testserver"}, 200),
        ("POST", {"content-type": "application/json", "origin": "http://friend.example"}, 200),
    ],
)
async def test_who_may_call(kind: Kind, method: str, headers: dict[str, str], status: int) -> None:
    app = kind.app(websocket_allowed_origins=["http://friend.example"])
    ran: list[Any] = []
    at(app, lambda: ran.append(1), OUT)
    response = await ask(kind, app, method=method, content=b"{}", headers=headers)
    assert response.status_code == status
    assert len(ran) == (status == 200)
    assert status != 405 or "POST" in response.headers["allow"]


async def test_a_long_body_is_refused(kind: Kind) -> None:
    app = kind.app(limits=Limits(message_bytes=2000))
    at(app, lambda clicks: "x")
    assert (await ask(kind, app, {"clicks": "x" * 2000})).status_code == 413
    assert (await ask(kind, app, {"clicks": "x" * 1000})).status_code == 200


async def test_the_user_is_the_one_of_the_host(kind: Kind) -> None:
    app = kind.app()
    at(app, lambda: ctx.user, OUT)
    async with kind.client(kind.identified(app.server, "ada")) as client:
        assert (await client.post("/api/x", json={})).json() == "ada"


async def test_what_the_host_handles_is_the_hosts(kind: Kind, caplog: pytest.LogCaptureFixture) -> None:
    server = kind.host()
    app = kind.app(server, "/dash/")
    refusal = kind.refusal()

    def refuse() -> None:
        raise refusal

    def brew() -> None:
        raise Teapot

    at(app, refuse, OUT, path="/no")
    at(app, brew, LOG, path="/tea")
    assert (await ask(kind, app, path="/dash/no")).status_code == 403
    tea = await ask(kind, app, path="/dash/tea")
    assert (tea.status_code, tea.text) == (418, "teapot")
    assert [one for one in caplog.records if one.name.startswith("wscb")] == []


async def test_on_error_is_asked_before_the_host(kind: Kind, caplog: pytest.LogCaptureFixture) -> None:
    app = kind.app(kind.host(), "/dash/")

    def brew() -> None:
        raise Teapot

    def raise_it(error: Exception) -> str:
        raise error

    at(app, brew, OUT, path="/answered", on_error=lambda error: "coffee")
    at(app, brew, LOG, path="/raised", on_error=raise_it)
    assert (await ask(kind, app, path="/dash/answered")).json() == "coffee"
    assert (await ask(kind, app, path="/dash/raised")).status_code == 418
    assert "Teapot" in caplog.text


async def test_below_a_prefix_beside_the_hosts_routes(kind: Kind) -> None:
    server = kind.host()
    app = kind.app(server, "/dash/")
    at(app, lambda clicks: clicks, path="/api/x")
    at(app, lambda clicks: "ours", LOG, RUN, path="/posted")
    kind.later(server)
    async with kind.client(server) as client:
        for _ in range(2):
            assert (await client.post("/dash/api/x", json={"clicks": 1})).json() == 1
        assert (await client.post("/dash/api/x", json={"clicks": 1})).headers["x-seen"] == "/dash/api/x"
        assert (await client.post("/api/x", json={"clicks": 1})).status_code in (404, 405)
        assert (await client.get("/after")).text == "after"
        posted = await client.post("/dash/posted", json={"clicks": 1})
        assert posted.status_code == 200
        assert "ours" not in posted.text, "a route of the host that came later was shadowed"


async def test_in_an_app_that_is_a_part_of_another(kind: Kind) -> None:
    server = kind.own()
    app = kind.app(server, "/dash/")
    at(app, lambda: ctx.path, OUT)
    async with kind.client(kind.nested(server)) as client:
        assert (await client.post("/part/dash/api/x", json={})).json() == "/part/dash/api/x"


async def test_those_of_the_global_callback_are_there_before_the_first_request(kind: Kind) -> None:
    server = kind.host()
    kind.app(server, "/dash/")

    @callback(OUT, RUN, api_endpoint="/api/x")
    def twice(clicks: int) -> int:
        return 2 * clicks

    async with kind.client(server) as client:
        assert (await client.get("/before")).text == "before"  # the first request is none of ours
        assert (await client.post("/dash/api/x", json={"clicks": 2})).json() == 4


@pytest.mark.parametrize("wrapped", [False, True])
async def test_of_two_apps_the_first_has_the_global_ones(kind: Kind, wrapped: bool) -> None:
    server = kind.own()
    app = kind.app(server, "/first/")
    if wrapped:  # as the middleware of WSGI and ASGI is put around an app
        entry = app._backend.entry
        begin = getattr(server, entry)
        setattr(server, entry, lambda *arguments: begin(*arguments))
    kind.app(server, "/second/")
    callback(OUT, RUN, api_endpoint="/api/x")(lambda clicks: clicks)
    async with kind.client(server) as client:
        assert (await client.post("/second/api/x", json={"clicks": 2})).status_code in (404, 405)
        assert (await client.post("/first/api/x", json={"clicks": 2})).json() == 2


async def test_two_apps_of_one_server_have_their_own(kind: Kind) -> None:
    server = kind.own()
    one, two = kind.app(server, "/first/"), kind.app(server, "/second/")
    at(one, lambda: "one", OUT)
    at(two, lambda: "two", OUT)
    async with kind.client(server) as client:
        assert (await client.post("/first/api/x", json={})).json() == "one"
        assert (await client.post("/second/api/x", json={})).json() == "two"


async def test_a_mistake_is_no_affair_of_the_host(kind: Kind) -> None:
    server = kind.host()
    app = kind.app(server, "/dash/")
    at(app, lambda: 1, OUT)
    at(app, lambda: 1, LOG)
    async with kind.client(server) as client:
        assert (await client.get("/before")).text == "before"
        assert (await client.get("/dash/")).status_code == 500
    with pytest.raises(DeclarationError, match=r"api_endpoint='/api/x', and so has .*Give each a path of its own"):
        app.build()


async def test_what_cannot_be_is_refused_when_it_is_declared(kind: Kind) -> None:
    app = kind.app(health_endpoint="health")
    for path in ("x", "", "/", "/x/", "/x//y", "/{x}", "/<x>", "/a b", "/..", "/x?y", 3):
        with pytest.raises(DeclarationError, match=r"test_.*: api_endpoint=.* is no path\. It begins with a slash"):
            at(app, lambda: 1, OUT, path=path)  # type: ignore[arg-type]
    for path in ("/_wscb/x", "/assets", "/assets/x"):
        with pytest.raises(DeclarationError, match="where wscb has its own routes"):
            at(app, lambda: 1, OUT, path=path)
    if kind.sockets:
        with pytest.raises(DeclarationError, match="A task lives as long as its page"):
            at(app, lambda: 1, OUT, persistent=True)
    at(app, lambda: 1, OUT, path="/health")
    with pytest.raises(DeclarationError, match="is the app's health_endpoint"):
        app.setup_apis()
    without = kind.app()
    at(without, lambda: 1, LOG, path="/None")
    without.setup_apis()


async def test_an_annotation_that_nothing_can_be_is_a_mistake(kind: Kind) -> None:
    app = kind.app()

    def work(thread: threading.Thread) -> None: ...

    at(app, work, RUN)
    with pytest.raises(DeclarationError, match="the parameter thread: Thread, which no JSON can be read into"):
        app.setup_apis()


async def test_the_function_can_still_be_called(kind: Kind) -> None:
    app = kind.app()
    assert at(app, lambda clicks: clicks + 1)(1) == 2
    app.setup_apis()
    app.setup_apis()
    assert (await ask(kind, app, {"clicks": 1})).json() == 2
