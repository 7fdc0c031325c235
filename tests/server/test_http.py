"""The stateless call: what is refused, and what the answer holds."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest

from tests.server.apps import app_with
from tests.server.asgi_app import MSGPACK, browser, call, delta, delta_of, post
from wscb import (
    ALL,
    App,
    Input,
    Limits,
    Output,
    PreventUpdate,
    State,
    ctx,
    get_prop,
    get_prop_sync,
    html,
    no_update,
    set_props,
)
from wscb.errors import NeedsSocket
from wscb.protocol import codec
from wscb.protocol.messages import Pong
from wscb.server.http import page_request
from wscb.server.socket import Handshake

RUN = Input("run", "n_clicks")
OUT = Output("out", "children")
ID = "out.children|run.n_clicks"


def doubling(**options: Any) -> App:
    app = app_with(**options)

    @app.callback(OUT, RUN)
    async def double(clicks: int) -> int:
        return 2 * clicks

    return app


async def test_the_answer_is_a_delta_with_the_one_outcome() -> None:
    app = doubling()
    async with browser(app.server) as client:
        response = await client.post("/_wscb/invoke", content=call(ID, [4]), headers=MSGPACK)
    assert response.headers["content-type"] == "application/x-msgpack"
    assert response.headers["cache-control"] == "no-store"
    answer = codec.decode_server(response.content)
    assert (answer.to, answer.cq) == (0, 0)
    assert answer.changes == [("set", "out", "children", 8)]
    assert answer.outcomes == [(7, "ok")]


async def test_a_plain_function_answers_as_well() -> None:
    app = app_with()

    @app.callback(OUT, RUN)
    def double(clicks: int) -> int:
        return 2 * clicks

    assert (await delta(app, call(ID, [4]))).changes == [("set", "out", "children", 8)]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_a_call_is_a_post(method: str) -> None:
    async with browser(doubling().server) as client:
        assert (await client.request(method, "/_wscb/invoke", headers=MSGPACK)).status_code == 405


@pytest.mark.parametrize(
    "kind", ["", "text/plain", "application/json", "application/x-www-form-urlencoded", "application/x-msgpack2"]
)
async def test_another_content_type_is_refused(kind: str) -> None:
    assert (await post(doubling(), call(ID, [4]), **{"content-type": kind})).status_code == 415


@pytest.mark.parametrize("kind", ["application/x-msgpack; charset=binary", "Application/X-Msgpack"])
async def test_the_content_type_may_be_written_otherwise(kind: str) -> None:
    assert (await post(doubling(), call(ID, [4]), **{"content-type": kind})).status_code == 200


@pytest.mark.parametrize(
    ("origin", "status"), [("http://testserver", 200), ("http://evil.example", 403), ("null", 403)]
)
async def test_the_origin_is_the_sockets(origin: str, status: int) -> None:
    ran: list[int] = []
    app = app_with()

    @app.callback(OUT, RUN)
    async def work(clicks: int) -> int:
        ran.append(clicks)
        return clicks

    assert (await post(app, call(ID, [4]), origin=origin)).status_code == status
    assert ran == ([4] if status == 200 else [])


async def test_an_origin_that_was_named_may_call() -> None:
    app = doubling(websocket_allowed_origins=["http://other.example"])
    assert (await post(app, call(ID, [4]), origin="http://other.example")).status_code == 200


async def test_a_call_over_the_limit_is_refused() -> None:
    app = doubling(limits=Limits(message_bytes=200))
    assert (await post(app, call(ID, ["x" * 300]))).status_code == 413
    assert (await post(app, call(ID, [4]))).status_code == 200


@pytest.mark.parametrize("body", [b"", b"\xc1", b"\x93\x01", codec.pack([1]), codec.pack({"type": "nothing"})])
async def test_what_is_no_message_is_a_400(body: bytes) -> None:
    response = await post(doubling(), body)
    assert response.status_code == 400
    assert response.text.startswith("Not a call")


async def test_another_message_is_a_400() -> None:
    response = await post(doubling(), codec.encode(Pong()))
    assert response.status_code == 400
    assert "pong" in response.text


async def test_a_call_of_a_callback_with_patterns() -> None:
    app = app_with(*(html.Input(id={"row": row}) for row in (1, 2)))

    @app.callback(Output("out", "children"), Input({"row": ALL}, "value"))
    def join(values: list[str]) -> str:
        return f"{values} {ctx.triggered_id} {ctx.inputs_list[0][1]['id']}"

    id = 'out.children|{"row":["ALL"]}.value'
    rows = ['{"row":1}', '{"row":2}']
    answer = await delta(app, call(id, [["a", "b"]], trigger=['{"row":2}.value'], ids=([None], [rows], [])))
    assert answer.changes == [("set", "out", "children", "['a', 'b'] {'row': 2} {'row': 2}")]
    for ids in (None, ([None], [rows[:1]], []), ([None], [[*rows, '{"other":1}']], [])):
        ((_, how, why),) = (await delta(app, call(id, [["a", "b"]], ids=ids))).outcomes
        assert (how, why.code) == ("rejected", "wrong_arguments")


@pytest.mark.parametrize("referer", ["http://[", "http://[v1.\x9b31m]/", "\x9b31m", "", "//"])
async def test_a_referer_may_be_nonsense(referer: str, caplog: pytest.LogCaptureFixture) -> None:
    assert page_request(Handshake(headers=(("referer", referer),))).query == ""
    async with browser(doubling().server) as client:
        headers = [*MSGPACK.items(), ("referer", referer.encode("latin-1"))]
        response = await client.post("/_wscb/invoke", content=call(ID, [4]), headers=headers)
    assert delta_of(response).changes == [("set", "out", "children", 8)]
    assert [record for record in caplog.records if record.name.startswith("wscb")] == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (call("nothing", []), "unknown_callback"),
        (call(ID, []), "wrong_arguments"),
        (call(ID, [1, 2]), "wrong_arguments"),
        (call(ID, [1], [2]), "wrong_arguments"),
    ],
)
async def test_what_cannot_run_is_rejected_with_a_reason(body: bytes, code: str) -> None:
    answer = await delta(doubling(), body)
    ((id, how, detail),) = answer.outcomes
    assert (id, how, detail.code) == (7, "rejected", code)
    assert detail.message
    assert answer.changes == []


async def test_a_callback_of_the_socket_is_not_called() -> None:
    app = app_with()

    @app.callback(OUT, RUN, websocket=True)
    async def work(clicks: int) -> int:
        return clicks

    ((_, how, detail),) = (await delta(app, call(ID, [1]))).outcomes
    assert (how, detail.code) == ("rejected", "needs_socket")


@pytest.mark.parametrize("plain", [False, True])
async def test_what_set_props_did_is_delivered_though_nothing_else_is(plain: bool) -> None:
    app = app_with()

    def work(clicks: int) -> None:
        set_props("log", {"children": "before"})
        raise PreventUpdate

    async def work_async(clicks: int) -> None:
        work(clicks)

    app.callback(OUT, RUN)(work if plain else work_async)
    answer = await delta(app, call(ID, [1]))
    assert answer.outcomes == [(7, "no_update")]
    assert answer.changes == [("set", "log", "children", "before")]


async def test_what_set_props_did_stands_before_the_result() -> None:
    app = app_with()

    @app.callback(OUT, RUN)
    async def work(clicks: int) -> str:
        set_props("out", {"children": "first"})
        return "last"

    answer = await delta(app, call(ID, [1]))
    assert [change[3] for change in answer.changes] == ["first", "last"]


async def test_no_update_leaves_the_output() -> None:
    app = app_with()

    @app.callback(OUT, RUN)
    async def work(clicks: int) -> Any:
        return no_update

    answer = await delta(app, call(ID, [1]))
    assert (answer.changes, answer.outcomes) == ([], [(7, "no_update")])


async def test_an_error_leaves_only_its_reference(caplog: pytest.LogCaptureFixture) -> None:
    app = app_with()

    @app.callback(OUT, RUN)
    async def work(clicks: int) -> None:
        set_props("log", {"children": "before"})
        raise ValueError("the password is 1234")

    response = await post(app, call(ID, [1]))
    assert b"1234" not in response.content
    answer = codec.decode_server(response.content)
    ((_, how, detail),) = answer.outcomes
    assert how == "error"
    assert (detail.message, detail.traceback) == (None, None)
    (record,) = [record for record in caplog.records if record.name == "wscb.callbacks"]
    assert detail.ref in record.getMessage()
    assert "1234" in caplog.text
    assert answer.changes == [("set", "log", "children", "before")]


async def test_in_debug_the_page_gets_the_text() -> None:
    app = app_with()
    app.debug = True

    @app.callback(OUT, RUN)
    async def work(clicks: int) -> None:
        raise ValueError("it says 1234")

    ((_, _, detail),) = (await delta(app, call(ID, [1]))).outcomes
    assert detail.message == "ValueError: it says 1234"
    assert "in work" in detail.traceback


@pytest.mark.parametrize("plain", [False, True])
async def test_a_callback_that_cancels_itself_ends_cancelled(plain: bool) -> None:
    app = app_with()

    def work(clicks: int) -> None:
        raise asyncio.CancelledError

    async def work_async(clicks: int) -> None:
        work(clicks)

    app.callback(OUT, RUN)(work if plain else work_async)
    assert (await delta(app, call(ID, [1]))).outcomes == [(7, "cancelled")]


async def test_what_asks_the_page_is_an_error_that_names_the_socket() -> None:
    app = app_with()
    errors: list[str] = []

    @app.callback(OUT, RUN)
    async def work(clicks: int) -> str:
        for ask in (lambda: get_prop("log", "children"), ctx.flush):
            with pytest.raises(NeedsSocket) as raised:
                await ask()
            errors.append(str(raised.value))
        with pytest.raises(NeedsSocket):
            get_prop_sync("log", "children")
        assert ctx.websocket is None
        return "raised"

    assert (await delta(app, call(ID, [1]))).outcomes == [(7, "ok")]
    assert all("websocket=True" in error for error in errors)


async def test_ctx_has_the_connection_and_the_page() -> None:
    app = app_with()
    seen: dict[str, Any] = {}

    @app.callback(OUT, RUN, State("log", "children"))
    async def work(clicks: int, log: str) -> None:
        seen.update(cookies=dict(ctx.cookies), agent=ctx.headers["User-Agent"], path=ctx.path, query=ctx.query)
        seen.update(triggered=ctx.triggered_id, states=ctx.states, address=ctx.remote_addr)

    await post(
        app,
        call("out.children|run.n_clicks|log.children", [1], ["x"], trigger=["run.n_clicks"]),
        **{"cookie": "a=1", "user-agent": "test", "referer": "http://testserver/dash/tab?x=1"},
    )
    assert seen == {
        "cookies": {"a": "1"},
        "agent": "test",
        "path": "/dash/tab",
        "query": {"x": ["1"]},
        "triggered": "run",
        "states": {"log.children": "x"},
        "address": "127.0.0.1",
    }


async def test_calls_at_the_same_time_do_not_mix(caplog: pytest.LogCaptureFixture) -> None:
    app = app_with()
    both = asyncio.Barrier(2)

    @app.callback(OUT, RUN)
    async def work(clicks: int) -> int:
        set_props("log", {"children": clicks})
        await both.wait()
        return ctx.inputs["run.n_clicks"] * 10

    caplog.set_level(logging.WARNING)
    answers = await asyncio.gather(delta(app, call(ID, [1], id=1)), delta(app, call(ID, [2], id=2)))
    assert [[change[3] for change in answer.changes] for answer in answers] == [[1, 10], [2, 20]]
    assert [answer.outcomes[0][0] for answer in answers] == [1, 2]


async def test_headers_and_cookies_of_a_callback_go_out_with_its_answer() -> None:
    app = app_with()

    @app.callback(OUT, RUN)
    def work(clicks: int) -> int:
        ctx.set_cookie("seen", str(clicks), httponly=True)
        ctx.set_cookie("mode", "dark")
        ctx.response.set_header("X-Mine", "1")
        if clicks == 2:
            raise ValueError("after all that")
        return clicks

    for clicks in (1, 2):
        response = await post(app, call(ID, [clicks]))
        assert response.headers["x-mine"] == "1"
        assert response.headers.get_list("set-cookie") == [
            f"seen={clicks}; HttpOnly; Path=/; SameSite=lax",
            "mode=dark; Path=/; SameSite=lax",
        ]
    assert "set-cookie" not in (await post(doubling(), call(ID, [1]))).headers
