"""An app that is declared wrongly: the server does not start where it can be asked; else the log has it once."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.backends.hosts import Kind
from tests.server.asgi_app import Line
from wscb import App, Input, Output, html
from wscb.errors import DeclarationError, UnknownId
from wscb.protocol import codec
from wscb.protocol.messages import Error

VISIT = {"accept": "text/html"}


def mistaken(kind: Kind, server: Any = None, **options: Any) -> App:
    """Its callback writes to `ot`, and the layout has `out`."""
    app = kind.app(server, "/dash/", **options)

    @app.callback(Output("ot", "children"), Input("run", "n_clicks"))
    def work(clicks: int) -> int:
        return clicks

    return app


class Starting:
    """A server that starts an ASGI app: what it is told, and how that ends."""

    def __init__(self, server: Any) -> None:
        self._server = server
        self.told: list[Any] = []
        self._events = [{"type": "lifespan.startup"}]

    async def run(self) -> None:
        async def receive() -> Any:
            return self._events.pop(0) if self._events else await asyncio.Event().wait()

        async def send(event: Any) -> None:
            self.told.append(event)
            if event["type"] == "lifespan.startup.complete":
                self._events.append({"type": "lifespan.shutdown"})

        scope = {"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}
        await asyncio.wait_for(self._server(scope, receive, send), 5)


@pytest.mark.parametrize("own", [False, True])
async def test_the_server_does_not_start_and_is_told_why(checked_kind: Kind, own: bool) -> None:
    events: list[str] = []
    app = mistaken(checked_kind, None if own else checked_kind.host(events))
    starting = Starting(app.server)
    with pytest.raises(UnknownId):
        await starting.run()
    (told,) = starting.told
    assert told["type"] == "lifespan.startup.failed"
    assert told["message"].startswith("UnknownId: ")
    assert "test_mistakes.py:" in told["message"]
    assert "Did you mean 'out'?" in told["message"]
    assert events == ([] if own else ["started", "ended"])  # what the host had opened is closed


async def test_it_may_be_declared_while_the_host_starts(checked_kind: Kind) -> None:
    server = checked_kind.host()
    app = checked_kind.app(server, "/dash/")
    app.layout = None

    async def declare(scope: Any, receive: Any, send: Any) -> None:
        async def say(event: Any) -> None:
            await send(event)

        app.layout = html.Div()
        await server(scope, receive, say)

    starting = Starting(declare)
    await starting.run()
    assert [event["type"] for event in starting.told] == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


async def test_of_two_apps_the_one_that_is_wrong_is_named(checked_kind: Kind) -> None:
    server = checked_kind.host()
    for prefix in ("/a/", "/c/"):
        checked_kind.app(server, prefix)
    mistaken(checked_kind, server)
    checked_kind.app(server, "/b/")
    starting = Starting(server)
    with pytest.raises(UnknownId):
        await starting.run()
    assert [event["type"] for event in starting.told] == ["lifespan.startup.failed"]


async def test_in_debug_it_starts_and_says_the_mistake(checked_kind: Kind, caplog: pytest.LogCaptureFixture) -> None:
    app = mistaken(checked_kind)
    app.debug = True
    starting = Starting(app.server)
    await starting.run()
    assert starting.told[0]["type"] == "lifespan.startup.complete"
    async with checked_kind.client(app.server, **VISIT) as client:
        assert "Did you mean &#x27;out&#x27;?" in (await client.get("/dash/")).text
    assert caplog.text.count("Did you mean") == 1


async def test_at_the_first_request_the_log_has_it_once(kind: Kind, caplog: pytest.LogCaptureFixture) -> None:
    app = mistaken(kind, kind.host())
    async with kind.client(app.server, **VISIT) as client:
        pages = [await client.get(path) for path in ("/dash/", "/dash/", "/dash/_wscb/schema")]
        posted = await client.post("/dash/_wscb/invoke")
        ready, asked = await client.get("/dash/_wscb/ready"), await client.get("/dash/_wscb/status")
        assert (await client.get("/before")).text == "before"
    ref = pages[0].text.rpartition(" ")[2].rstrip(".")
    assert {(one.status_code, one.text) for one in (*pages, posted)} == {
        (500, f"This app cannot be served. The server's log says why, under the reference {ref}.")
    }
    assert [ready.status_code, asked.status_code] == [503, 503]
    first, *rest = [one.getMessage() for one in caplog.records if one.name == "wscb.http"]
    assert f"The app at '/dash/' cannot be served [ref {ref}]: " in first
    assert "Did you mean 'out'?" in first
    assert rest == [
        f"{what}: the app at '/dash/' cannot be served [ref {ref}]"
        for what in ("GET ''", "GET ''", "GET '_wscb/schema'", "POST '_wscb/invoke'")
    ]
    assert "Traceback" not in caplog.text


async def test_in_debug_the_page_shows_it(kind: Kind) -> None:
    app = mistaken(kind, kind.host())
    app.debug = True
    async with kind.client(app.server) as client:
        page = await client.get("/dash/some/page", headers=VISIT)
        assert (page.status_code, page.headers["content-type"]) == (500, "text/html; charset=utf-8")
        for part in ("UnknownId (unknown_id)", "test_mistakes.py:", "def work(clicks: int)"):
            assert part in page.text
        for file in ("page.css", "page.js", "icon.svg"):
            assert f"/dash/_wscb/error/{file}" in page.text
            assert (await client.get(f"/dash/_wscb/error/{file}")).status_code == 200
        assert (await client.get("/dash/_wscb/status")).status_code == 500
        program = await client.get("/dash/_wscb/schema")
        assert (program.status_code, program.headers["content-type"]) == (500, "text/plain; charset=utf-8")
        assert "Did you mean 'out'?" in program.text


async def test_once_mended_it_is_served(kind: Kind) -> None:
    app = mistaken(kind, kind.host())
    async with kind.client(app.server, **VISIT) as client:
        assert (await client.get("/dash/")).status_code == 500
        app.layout = [html.Button(id="run"), html.Output(id="ot")]
        assert "wscb-root" in (await client.get("/dash/")).text


async def test_it_is_alive_but_not_ready(kind: Kind) -> None:
    app = mistaken(kind, kind.host(), health_endpoint="health")
    async with kind.client(app.server) as client:
        assert (await client.get("/dash/health")).status_code == 200
        assert (await client.get("/dash/_wscb/ready")).status_code == 503


@pytest.mark.parametrize("debug", [False, True])
async def test_a_page_that_is_open_is_told_not_to_come_back_but_in_debug(
    socket_kind: Kind, debug: bool, caplog: pytest.LogCaptureFixture
) -> None:
    app = mistaken(socket_kind, socket_kind.host())
    app.debug = debug
    line = Line(app.server, "/dash/_wscb/ws", "wscb.v1")
    assert (await line.hear())["type"] == "websocket.accept"
    if debug:
        assert (await line.hear())["code"] == 1011  # soon there is another server
    else:
        error = codec.decode_server((await line.hear())["bytes"])
        assert isinstance(error, Error)
        assert (error.code, "under the reference" in error.message) == (4503, True)
        assert (await line.hear())["code"] == 4503
    await line.end()
    assert "a socket: the app at '/dash/' cannot be served" in caplog.text


async def test_the_host_may_answer_for_it(kind: Kind) -> None:
    server = kind.host()
    kind.on_500(server)
    mistaken(kind, server)
    async with kind.client(server, **VISIT) as client:
        assert (await client.get("/dash/")).text == "the host's apology"


async def test_what_is_no_declaration_error_has_its_traceback(kind: Kind, caplog: pytest.LogCaptureFixture) -> None:
    app = kind.app()

    def broken() -> None:
        raise KeyError("mine")

    app.build = broken  # type: ignore[method-assign,assignment]
    async with kind.client(app.server, **VISIT) as client:
        assert (await client.get("/")).status_code == 500
    assert "in broken" in caplog.text


def test_app_run_raises_it_before_it_serves(kind: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    app = mistaken(kind)
    monkeypatch.setattr(app._backend, "run", lambda *_: pytest.fail("it serves"))
    with pytest.raises(DeclarationError):
        app.run()


def test_app_run_serves_it_in_debug(kind: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the child: the page shows the mistake, and the supervisor waits for another file."""
    app = mistaken(kind)
    served: list[bool] = []
    monkeypatch.setattr("wscb.server.running.child", lambda: "a child")
    monkeypatch.setattr(app._backend, "run", lambda *_: served.append(True))
    app.run(debug=True)
    assert served == [True]
