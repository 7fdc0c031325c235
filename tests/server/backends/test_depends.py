"""`Depends()` in a callback's signature: FastAPI's own machinery, around each call however it comes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Annotated, Any

import pytest
from fastapi import (
    BackgroundTasks,
    Cookie,
    Depends,
    FastAPI,
    Header,
    HTTPException,
    Query,
    Request,
    Response,
    WebSocket,
)
from pydantic import BaseModel

from tests.server.asgi_app import Line, call, delta
from wscb import App, Input, Output, PreventUpdate, ctx, html
from wscb.errors import DeclarationError
from wscb.protocol import codec
from wscb.protocol.messages import Hello, Location, Welcome

OUT, RUN = Output("out", "children"), Input("run", "n_clicks")
ID = "out.children|run.n_clicks"


def app_with(server: FastAPI | None = None, **options: Any) -> App:
    app = App("tests.server", server=server, **options)
    app.layout = [html.Button(id="run"), html.Output(id="out"), html.Div(id="log")]
    return app


def seen(
    request: Request,
    name: Annotated[str, Cookie()],
    x_team: Annotated[str, Header()],
    tab: Annotated[str, Query()] = "none",
) -> str:
    return f"{name} of {x_team} at {request.url.path} on {tab}, {request.cookies['name']}, {ctx.cookies['name']}"


Seen = Annotated[str, Depends(seen)]
HEADERS = {"cookie": "name=ann", "x-team": "blue"}


async def over_http(app: App, **headers: str) -> tuple[list[Any], Any]:
    answer = await delta(app, call(ID, [3]), **headers)
    return answer.changes, answer.outcomes[0][1:]


async def opened(app: App, **headers: str) -> Line:
    line = Line(app.server, "/_wscb/ws", "wscb.v1", **headers)
    await line.hear()
    page = Location(path="/", query="?tab=two")
    line.say("receive", bytes=codec.encode(Hello(n=1, build="b", page=page, visible=True, have=0)))
    assert isinstance(codec.decode_server((await line.hear())["bytes"]), Welcome)
    return line


async def heard(line: Line, field: str) -> tuple[list[Any], Any]:
    """All changes up to the first outcome, or the first end of a task."""
    changes: list[Any] = []
    while True:
        message = codec.decode_server((await line.hear())["bytes"])
        changes += getattr(message, "changes", [])
        for one in getattr(message, field, []):
            if one[1] != "running":
                return changes, one[1:]


async def over_socket(app: App, **headers: str) -> tuple[list[Any], Any]:
    line = await opened(app, **headers)
    line.say("receive", bytes=call(ID, [3], id=1, q=1))
    found = await heard(line, "outcomes")
    await line.end()
    return found


Way = Callable[..., Any]
WAYS = pytest.mark.parametrize(("way", "socket"), [(over_http, False), (over_socket, True)], ids=["http", "socket"])
KINDS = pytest.mark.parametrize("is_async", [False, True], ids=["def", "async"])


def both(function: Callable[..., Any], is_async: bool) -> Callable[..., Any]:
    """The function, or a coroutine function with its parameters."""
    if not is_async:
        return function

    async def as_coroutine(*args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs)

    as_coroutine.__wrapped__ = function  # type: ignore[attr-defined]
    return as_coroutine


@WAYS
@KINDS
async def test_it_sees_the_connection(way: Way, socket: bool, is_async: bool) -> None:
    app = app_with()

    def work(who: Seen, clicks: int) -> str:
        return f"{clicks}: {who}"

    app.callback(OUT, RUN, websocket=socket)(both(work, is_async))
    changes, outcome = await way(app, referer="http://testserver/?tab=two", **HEADERS)
    assert outcome[0] == "ok"
    assert changes == [("set", "out", "children", "3: ann of blue at / on two, ann, ann")]


@WAYS
@KINDS
async def test_what_it_opens_is_closed_when_the_call_has_ended(way: Way, socket: bool, is_async: bool) -> None:
    events: list[str] = []
    ends: dict[str, Callable[[], Any]] = {"ok": lambda: "x", "error": lambda: 1 / 0, "no_update": _prevent}

    async def opened_here() -> AsyncIterator[str]:
        events.append("open")
        try:
            yield "value"
            events.append("well")
        except ZeroDivisionError:
            events.append("fault")  # and what it swallows is an error all the same
        finally:
            events.append("close")

    def opened_on_a_thread(inner: str = Depends(opened_here)) -> Iterator[str]:
        yield inner

    for how, end in ends.items():
        events.clear()
        app = app_with()

        def work(
            clicks: int,
            a: str = Depends(opened_here),
            b: str = Depends(opened_on_a_thread),
            end: Any = end,
        ) -> Any:
            events.append(f"run {a} {b}")
            return end()

        app.callback(OUT, RUN, websocket=socket)(both(work, is_async))
        _, outcome = await way(app)
        assert outcome[0] == how
        # Once for both that want it.
        assert events == ["open", "run value value", "fault" if how == "error" else "well", "close"]


def _prevent() -> None:
    raise PreventUpdate


@WAYS
@KINDS
@pytest.mark.parametrize(("status", "code"), [(401, "unauthenticated"), (403, "forbidden"), (404, "refused")])
async def test_a_dependency_that_refuses(way: Way, socket: bool, is_async: bool, status: int, code: str) -> None:
    app = app_with()
    ran: list[int] = []

    def refuse() -> None:
        raise HTTPException(status, "Log in first.")

    def work(clicks: int, user: None = Depends(refuse)) -> None:
        ran.append(clicks)

    app.callback(OUT, RUN, websocket=socket)(both(work, is_async))
    _, outcome = await way(app)
    assert outcome[0] == "error"
    assert (outcome[1].code, outcome[1].message) == (code, "Log in first.")
    assert ran == []


async def test_what_is_missing_is_said() -> None:
    app = app_with()
    app.callback(OUT, RUN)(_with(seen))
    _, (how, detail) = await over_http(app)
    assert (how, detail.code) == ("error", "refused")
    assert "cookie name: Field required" in detail.message
    assert "header x-team: Field required" in detail.message


@pytest.mark.parametrize("error", [HTTPException(503, "secret"), ValueError("secret"), SystemExit("secret")])
async def test_a_fault_of_a_dependency_is_the_logs(error: BaseException) -> None:
    app = app_with()

    async def broken() -> None:
        raise error

    app.callback(OUT, RUN)(_with(broken))
    _, (how, detail) = await over_http(app)
    assert how == "error"
    assert detail.ref
    assert "secret" not in str(detail)


async def test_an_http_exception_of_the_callback_itself_is_a_fault() -> None:
    app = app_with()

    def work(clicks: int, user: str = Depends(lambda: "me")) -> None:
        raise HTTPException(403, "secret")

    app.callback(OUT, RUN)(work)
    _, (how, detail) = await over_http(app)
    assert (how, "secret" in str(detail)) == ("error", False)


async def test_on_error_is_asked_with_what_was_raised() -> None:
    raised: list[Exception] = []

    def on_error(error: Exception) -> str:
        raised.append(error)
        if len(raised) == 2:
            raise error
        return "please log in"

    def refuse() -> None:
        raise HTTPException(401, "Who?")

    app = app_with(on_error=on_error)
    app.callback(OUT, RUN)(_with(refuse))
    changes, _ = await over_http(app)
    assert changes == [("set", "out", "children", "please log in")]
    assert isinstance(raised[0], HTTPException)
    _, (how, detail) = await over_http(app)
    assert (how, detail.message) == ("error", "Who?")


def _with(dependency: Callable[..., Any]) -> Callable[..., Any]:
    def work(clicks: int, value: Any = Depends(dependency)) -> Any:  # noqa: B008
        return value

    return work


@WAYS
async def test_overrides_of_the_server(way: Way, socket: bool) -> None:
    server = await asyncio.to_thread(FastAPI)
    app = app_with(server)
    app.callback(OUT, RUN, websocket=socket)(_with(seen))
    server.dependency_overrides[seen] = lambda: "in place of it"
    changes, _ = await way(app)
    assert changes == [("set", "out", "children", "in place of it")]


@KINDS
async def test_of_a_task_it_is_closed_with_the_page(is_async: bool) -> None:
    app = app_with()
    events: list[str] = []
    closed = asyncio.Event()

    async def line_of_its_own() -> AsyncIterator[str]:
        try:
            yield "value"
        except asyncio.CancelledError:
            events.append("cancelled")
            raise
        finally:
            closed.set()

    if is_async:

        @app.callback(OUT, persistent=True)
        async def task(value: str = Depends(line_of_its_own)) -> Any:
            yield value
            await asyncio.Event().wait()

    else:

        @app.callback(OUT, persistent=True)
        def task_on_a_thread(value: str = Depends(line_of_its_own)) -> Any:
            yield value
            ctx.sleep(60)

    line = await opened(app)
    changes: list[Any] = []
    while ("set", "out", "children", "value") not in changes:
        changes += getattr(codec.decode_server((await line.hear())["bytes"]), "changes", [])
    assert not closed.is_set()
    await line.end()
    async with asyncio.timeout(5):
        await closed.wait()
    assert events == ["cancelled"]


@KINDS
async def test_a_call_that_is_given_up_while_it_opens(is_async: bool) -> None:
    app = app_with()
    opening, closed = asyncio.Event(), asyncio.Event()

    async def slow() -> AsyncIterator[str]:
        try:
            opening.set()
            await asyncio.Event().wait()
            yield "never"
        finally:
            closed.set()

    app.callback(OUT, RUN, websocket=True)(both(_with(slow), is_async))
    line = await opened(app)
    line.say("receive", bytes=call(ID, [3], id=1, q=1))
    async with asyncio.timeout(5):
        await opening.wait()
        await line.end()
        await closed.wait()


class Body(BaseModel):
    text: str


def takes_a_body(body: Body) -> None: ...
def takes_a_socket(socket: WebSocket) -> None: ...
def takes_a_response(response: Response) -> None: ...
def takes_tasks(tasks: BackgroundTasks) -> None: ...
def takes_it_below(inner: None = Depends(takes_a_body)) -> None: ...


@pytest.mark.parametrize("taken", [takes_a_body, takes_a_socket, takes_a_response, takes_tasks, takes_it_below])
def test_what_a_call_does_not_have(taken: Any) -> None:
    with pytest.raises(DeclarationError, match="a dependency of it takes "):
        app_with().callback(OUT, RUN)(_with(taken))


@pytest.mark.parametrize("backend", ["quart", "flask"])
def test_other_backends_say_that_they_fill_nothing(backend: str) -> None:
    app = app_with(backend=backend)
    with pytest.raises(DeclarationError, match=rf"test_depends.py:\d+\): Depends\(\) at value .* {backend!r}"):
        app.callback(OUT, RUN)(_with(seen))
