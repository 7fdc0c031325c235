"""A callback over HTTP means the same on every backend."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import Any

import pytest

from tests.backends.hosts import Kind
from tests.server.asgi_app import MSGPACK, call, delta_of
from wscb import App, Input, Limits, Output, PreventUpdate, ctx, no_update, set_props

RUN = Input("run", "n_clicks")
OUT = Output("out", "children")
ID = "out.children|run.n_clicks"
SCOPE: dict[str, Any] = {
    "type": "http",
    "http_version": "1.1",
    "path": "/_wscb/invoke",
    "raw_path": b"/_wscb/invoke",
    "method": "POST",
    "headers": [(name.encode(), value.encode()) for name, value in MSGPACK.items()],
    "query_string": b"",
    "scheme": "http",
}


async def invoke(kind: Kind, app: App, body: bytes | None = None, prefix: str = "/", **headers: str) -> Any:
    async with kind.client(app.server) as client:
        body = call(ID, [4]) if body is None else body
        return await client.post(f"{prefix}_wscb/invoke", content=body, headers={**MSGPACK, **headers})


@pytest.mark.parametrize("plain", [True, False])
async def test_a_call_is_answered(kind: Kind, plain: bool) -> None:
    app = kind.app()
    threads: list[str] = []

    def double(clicks: int) -> int:
        threads.append(threading.current_thread().name)
        return 2 * clicks

    async def double_async(clicks: int) -> int:
        await asyncio.sleep(0)
        return double(clicks)

    app.callback(OUT, RUN)(double if plain else double_async)
    response = await invoke(kind, app)
    assert delta_of(response).changes == [("set", "out", "children", 8)]
    assert delta_of(response).outcomes == [(7, "ok")]
    assert response.headers["content-type"] == "application/x-msgpack"
    assert response.headers["cache-control"] == "no-store"
    assert threads[0].startswith("wscb-worker") == plain


async def test_a_chain_is_a_call_for_each_link(kind: Kind) -> None:
    app = kind.app()
    app.callback(OUT, RUN)(lambda clicks: clicks + 1)
    app.callback(Output("end", "children"), Input("out", "children"))(lambda value: value * 10)
    (_, _, _, value) = delta_of(await invoke(kind, app)).changes[0]
    end = await invoke(kind, app, call("end.children|out.children", [value]))
    assert delta_of(end).changes == [("set", "end", "children", 50)]


async def test_what_set_props_did_stands_before_the_result(kind: Kind) -> None:
    app = kind.app()

    @app.callback(OUT, RUN)
    def work(clicks: int) -> str:
        set_props("log", {"children": "on the way"})
        return "done"

    assert delta_of(await invoke(kind, app)).changes == [
        ("set", "log", "children", "on the way"),
        ("set", "out", "children", "done"),
    ]


@pytest.mark.parametrize("plain", [True, False])
async def test_it_is_delivered_also_before_prevent_update(kind: Kind, plain: bool) -> None:
    app = kind.app()

    def work(clicks: int) -> str:
        set_props("log", {"children": "on the way"})
        raise PreventUpdate

    async def work_async(clicks: int) -> str:
        return work(clicks)

    app.callback(OUT, RUN)(work if plain else work_async)
    answer = delta_of(await invoke(kind, app))
    assert answer.changes == [("set", "log", "children", "on the way")]
    assert answer.outcomes == [(7, "no_update")]


async def test_no_update_changes_nothing(kind: Kind) -> None:
    app = kind.app()
    app.callback(OUT, RUN)(lambda clicks: no_update)
    answer = delta_of(await invoke(kind, app))
    assert (answer.changes, answer.outcomes) == ([], [(7, "no_update")])


async def test_an_error_leaves_only_its_reference(kind: Kind, caplog: pytest.LogCaptureFixture) -> None:
    app = kind.app()

    @app.callback(OUT, RUN)
    def work(clicks: int) -> str:
        raise ValueError("the password is 1234")

    response = await invoke(kind, app)
    ((_, how, detail),) = delta_of(response).outcomes
    assert how == "error"
    assert b"1234" not in response.content
    assert detail.ref in caplog.text


async def test_on_error_may_answer(kind: Kind) -> None:
    app = kind.app(on_error=lambda error: f"sorry: {error}")

    @app.callback(OUT, RUN)
    def work(clicks: int) -> str:
        raise ValueError("no")

    assert delta_of(await invoke(kind, app)).changes == [("set", "out", "children", "sorry: no")]


async def test_an_unknown_callback_is_rejected(kind: Kind) -> None:
    ((_, how, detail),) = delta_of(await invoke(kind, kind.app(), call("no.such|one.there", [1]))).outcomes
    assert (how, detail.code) == ("rejected", "unknown_callback")


@pytest.mark.parametrize("plain", [True, False])
async def test_ctx_has_the_connection_and_the_page(kind: Kind, plain: bool) -> None:
    app = kind.app(prefix="/dash/")
    seen: dict[str, Any] = {}

    def look(clicks: int) -> None:
        seen.update(cookies=dict(ctx.cookies), header=ctx.headers["X-Mine"], path=ctx.path, args=ctx.args)
        seen.update(trigger=ctx.triggered_id, websocket=ctx.websocket, origin=ctx.origin, user=ctx.user)

    async def look_async(clicks: int) -> None:
        look(clicks)

    app.callback(OUT, RUN)(look if plain else look_async)
    answer = await invoke(
        kind,
        app,
        call(ID, [1], trigger=["run.n_clicks"]),
        "/dash/",
        cookie='a=1; b="two words"',
        referer="http://testserver/dash/?tab=x",
        origin="http://testserver",
        **{"x-mine": "yes"},
    )
    assert delta_of(answer).outcomes[0][1] != "error"
    assert seen == {
        "cookies": {"a": "1", "b": "two words"},
        "header": "yes",
        "path": "/dash/",
        "args": {"tab": "x"},
        "trigger": "run",
        "websocket": None,
        "origin": "http://testserver",
        "user": None,
    }


async def test_the_user_is_who_the_host_says_it_is(kind: Kind) -> None:
    app = kind.app()
    app.callback(OUT, RUN)(lambda clicks: f"for {ctx.user}")
    async with kind.client(kind.identified(app.server, "ann")) as client:
        answer = await client.post("/_wscb/invoke", content=call(ID, [1]), headers=MSGPACK)
    assert delta_of(answer).changes == [("set", "out", "children", "for ann")]


async def test_headers_and_cookies_of_the_answer(kind: Kind) -> None:
    app = kind.app()

    @app.callback(OUT, RUN)
    def work(clicks: int) -> str:
        ctx.set_cookie("a", "1")
        ctx.set_cookie("b", "2", httponly=True)
        ctx.response.set_header("X-Mine", "yes")
        return "done"

    response = await invoke(kind, app)
    assert response.headers["x-mine"] == "yes"
    assert [cookie.split(";")[0] for cookie in response.headers.get_list("set-cookie")] == ["a=1", "b=2"]


async def test_the_body_has_a_limit(kind: Kind) -> None:
    app = kind.app(limits=Limits(message_bytes=100))
    assert (await invoke(kind, app, b"\xc1" * 100)).status_code == 400
    assert (await invoke(kind, app, b"\xc1" * 101)).status_code == 413


async def test_of_a_body_over_the_limit_the_rest_is_not_waited_for(socket_kind: Kind) -> None:
    app = socket_kind.app(limits=Limits(message_bytes=100))
    events: asyncio.Queue[Any] = asyncio.Queue()
    sent: asyncio.Queue[Any] = asyncio.Queue()
    serving = asyncio.create_task(app.server({**SCOPE}, events.get, sent.put))
    for _ in range(2):
        events.put_nowait({"type": "http.request", "body": b"x" * 60, "more_body": True})
    assert (await asyncio.wait_for(sent.get(), 5))["status"] == 413
    events.put_nowait({"type": "http.disconnect"})
    await asyncio.gather(serving, return_exceptions=True)


async def test_values_of_all_sizes_come_whole(kind: Kind) -> None:
    app = kind.app()
    app.callback(OUT, RUN)(lambda value: value)
    value = "ü" * 300_000
    assert delta_of(await invoke(kind, app, call(ID, [value]))).changes == [("set", "out", "children", value)]


@pytest.mark.parametrize("origin", ["http://elsewhere.example", "null"])
async def test_another_origin_is_refused(kind: Kind, origin: str) -> None:
    assert (await invoke(kind, kind.app(), origin=origin)).status_code == 403


async def test_a_form_of_another_site_cannot_call(kind: Kind) -> None:
    response = await invoke(kind, kind.app(), **{"content-type": "text/plain"})
    assert response.status_code == 415


async def test_a_browser_that_gives_up_cancels_its_call(socket_kind: Kind) -> None:
    """WSGI tells nobody of it: there a call runs to its end."""
    app = socket_kind.app()
    begun, ended = asyncio.Event(), asyncio.Event()

    @app.callback(OUT, RUN)
    async def work(clicks: int) -> None:
        try:
            begun.set()
            await asyncio.Event().wait()
        finally:
            ended.set()

    events: asyncio.Queue[Any] = asyncio.Queue()
    sent: list[Any] = []

    async def send(event: Any) -> None:
        sent.append(event)

    serving = asyncio.create_task(app.server({**SCOPE}, events.get, send))
    events.put_nowait({"type": "http.request", "body": call(ID, [1])})
    await begun.wait()
    events.put_nowait({"type": "http.disconnect"})
    await asyncio.wait_for(ended.wait(), 5)
    await asyncio.gather(serving, return_exceptions=True)
    assert sent == []


@pytest.mark.parametrize("plain", [True, False])
async def test_a_long_call_does_not_delay_another(kind: Kind, plain: bool) -> None:
    """A call that would take for ever ends only since another one came through meanwhile."""
    app = kind.app()
    begun, over = threading.Event(), threading.Event()

    def long(clicks: int) -> str:
        begun.set()
        return "in time" if over.wait(20) else "too late"

    async def long_async(clicks: int) -> str:
        begun.set()
        return "in time" if await asyncio.to_thread(over.wait, 20) else "too late"

    app.callback(OUT, RUN)(long if plain else long_async)
    app.callback(Output("end", "children"), RUN)(lambda clicks: over.set())
    waiting = asyncio.create_task(invoke(kind, app))
    await asyncio.to_thread(begun.wait, 20)
    began = time.monotonic()
    await invoke(kind, app, call("end.children|run.n_clicks", [1]))
    assert time.monotonic() - began < 10
    assert delta_of(await waiting).changes == [("set", "out", "children", "in time")]


async def test_calls_at_the_same_time_do_not_mix(kind: Kind) -> None:
    app = kind.app()

    @app.callback(OUT, RUN)
    def work(clicks: int) -> str:
        set_props("log", {"children": clicks})
        return f"{clicks} {ctx.cookies['who']}"

    answers = await asyncio.gather(*(invoke(kind, app, call(ID, [n], id=n), cookie=f"who={n}") for n in range(20)))
    for n, answer in enumerate(map(delta_of, answers)):
        assert answer.changes == [("set", "log", "children", n), ("set", "out", "children", f"{n} {n}")]
        assert answer.outcomes == [(n, "ok")]
