"""What a callback sees of its own call, over a channel that writes down what it is asked."""

from __future__ import annotations

import contextvars
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.callbacks.calls import ROW, ROW_TEXT, Recorder, call
from wscb.callbacks.call import running_call
from wscb.callbacks.context import (
    CallbackContext,
    Headers,
    Request,
    activate,
    ctx,
    current,
    get_prop,
    get_prop_sync,
    set_props,
)
from wscb.callbacks.dependencies import Input, Output
from wscb.errors import NeedsHttp, NeedsSocket, NoCallback, UsageError


@pytest.fixture
def channel() -> Iterator[Recorder]:
    state = call()
    with activate(state):
        assert isinstance(state.channel, Recorder)
        yield state.channel


def test_a_call_is_current_while_it_is_active_and_no_longer() -> None:
    outer, inner = call(), call()
    with activate(outer) as found:
        assert found is outer is current()
        with activate(inner):
            assert current() is inner
        assert current() is outer
    with pytest.raises(NoCallback):
        current()


def test_whether_a_call_runs_here_can_be_asked() -> None:
    assert running_call() is None
    with activate(call()) as state:
        assert running_call() is state


def test_a_call_that_raises_is_current_no_longer() -> None:
    with pytest.raises(ZeroDivisionError), activate(call()):
        raise ZeroDivisionError
    with pytest.raises(NoCallback):
        current()


def test_a_copied_context_carries_the_call() -> None:
    with activate(call("a.n")) as state:
        copied = contextvars.copy_context()
    assert copied.run(current) is state


@pytest.mark.parametrize(
    "name", [name for name in vars(CallbackContext) if isinstance(vars(CallbackContext)[name], property)]
)
def test_ctx_outside_of_a_callback_is_an_error_that_names_it(name: str) -> None:
    with pytest.raises(NoCallback, match=rf"^ctx\.{name} was used outside of a callback, .* decorated with @callback"):
        getattr(ctx, name)


def test_set_props_outside_of_a_callback() -> None:
    with pytest.raises(NoCallback, match="set_props was used outside of a callback"):
        set_props("a", {"x": 1})


async def test_get_prop_outside_of_a_callback() -> None:
    with pytest.raises(NoCallback, match="get_prop was used"):
        await get_prop("a", "x")
    with pytest.raises(NoCallback, match="get_prop_sync was used"):
        get_prop_sync("a", "x")
    with pytest.raises(NoCallback, match=r"ctx\.flush was used"):
        await ctx.flush()
    with pytest.raises(NoCallback, match=r"ctx\.sleep was used"):
        ctx.sleep(1)
    with pytest.raises(NoCallback, match=r"ctx\.set_cookie was used"):
        ctx.set_cookie("a", "b")


def test_set_props_hands_the_props_to_the_channel(channel: Recorder) -> None:
    set_props("bar", {"value": 1, "max": 2})
    set_props(ROW, {"value": None})
    assert channel.asked == [("set", "bar", {"value": 1, "max": 2}), ("set", ROW_TEXT, {"value": None})]


async def test_get_prop_asks_the_channel(channel: Recorder) -> None:
    assert await get_prop("clock", "children") == "from the page"
    assert await get_prop(ROW, "value", timeout=2) == "from the page"
    assert get_prop_sync("clock", "children", 1) == "from the page"
    assert get_prop_sync("clock", "children") == "from the page"
    await ctx.flush()
    assert channel.asked == [
        ("get", "clock", "children", 30),
        ("get", ROW_TEXT, "value", 2),
        ("get_sync", "clock", "children", 1),
        ("get_sync", "clock", "children", 30),
        ("flush",),
    ]


def test_a_plain_function_waits_and_asks_whether_it_is_to_end(channel: Recorder) -> None:
    ctx.sleep(0.5)
    assert channel.asked == [("sleep", 0.5)]
    assert not ctx.cancelled
    channel.is_shutdown = True
    assert ctx.cancelled


def test_ctx_sets_props_too(channel: Recorder) -> None:
    ctx.set_props("bar", {"value": 3})
    assert channel.asked == [("set", "bar", {"value": 3})]


def test_headers_and_cookies_go_out_with_the_answer() -> None:
    with activate(call(kind="http")) as state:
        assert state.response is None
        ctx.set_cookie("seen", "1", path=None, samesite=None)
        ctx.response.append_header("X-One", "a")
        assert state.response is ctx.response
    assert state.response is not None
    assert state.response.headers == [("Set-Cookie", "seen=1"), ("X-One", "a")]


def test_over_the_socket_an_answer_has_no_headers(channel: Recorder) -> None:
    for way in (lambda: ctx.response, lambda: ctx.set_cookie("a", "b")):
        with pytest.raises(NeedsHttp, match=r"in work \(.*\): this callback runs over the page's socket.*app\.server"):
            way()


def test_ctx_websocket_is_the_page(channel: Recorder) -> None:
    assert ctx.websocket is not None
    ctx.websocket.set_prop("bar", "value", 3)
    assert channel.asked == [("set", "bar", {"value": 3})]
    assert not ctx.websocket.is_shutdown
    channel.is_shutdown = True
    assert ctx.websocket.is_shutdown


async def test_ctx_websocket_reads_the_page(channel: Recorder) -> None:
    assert ctx.websocket is not None
    assert await ctx.websocket.get_prop("bar", "value", 4) == "from the page"
    assert await ctx.websocket.get_prop("bar", "value") == "from the page"
    assert channel.asked == [("get", "bar", "value", 4), ("get", "bar", "value", 30)]


async def test_over_http_what_needs_the_page_is_an_error_with_the_way_out() -> None:
    says = r"in work \(.*calls\.py:\d+\): this callback runs over HTTP, .* websocket=True"
    with activate(call(kind="http")) as state:
        assert ctx.websocket is None
        set_props("bar", {"value": 1})
        with pytest.raises(NeedsSocket, match=f"get_prop {says}"):
            await get_prop("a", "x")
        with pytest.raises(NeedsSocket, match=f"get_prop_sync {says}"):
            get_prop_sync("a", "x")
        with pytest.raises(NeedsSocket, match=rf"ctx\.flush {says}"):
            await ctx.flush()
    assert isinstance(state.channel, Recorder)
    assert state.channel.asked == [("set", "bar", {"value": 1})]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda: set_props(3, {"x": 1}), r"set_props in work \(.*\) takes the id of a component, .* not 3"),  # type: ignore[arg-type]
        (lambda: set_props("a.b", {"x": 1}), r"set_props in work \(.*'a\.b'"),
        (lambda: set_props("a", "children"), r"set_props\('a', 'children'\) in work .* mapping of prop names"),  # type: ignore[arg-type]
        (lambda: set_props("a", {1: 2}), r"set_props\('a', \{1: 2\}\) in work"),  # type: ignore[dict-item]
        (lambda: get_prop_sync(None, "x"), r"get_prop_sync in work \(.*\) takes the id .* not None"),  # type: ignore[arg-type]
        (lambda: get_prop_sync("a", {"x": 1}), r"takes the name of one prop, not \{'x': 1\}"),  # type: ignore[arg-type]
    ],
)
def test_arguments_of_the_wrong_type(channel: Recorder, wrong: Callable[[], Any], says: str) -> None:
    with pytest.raises(UsageError, match=says):
        wrong()
    assert not channel.asked


def test_what_triggered_the_call() -> None:
    with activate(call(f"{ROW_TEXT}.value", "a.n")):
        assert ctx.triggered == [{"prop_id": f"{ROW_TEXT}.value", "value": 1}, {"prop_id": "a.n", "value": 0}]
        assert ctx.triggered_prop_ids == {f"{ROW_TEXT}.value": ROW, "a.n": "a"}
        assert ctx.triggered_id == ROW


def test_an_initial_call_has_no_trigger() -> None:
    with activate(call()):
        assert not ctx.triggered
        assert ctx.triggered[0] == {"prop_id": ".", "value": None}
        assert ctx.triggered_prop_ids == {}
        assert ctx.triggered_id is None


def test_a_trigger_that_is_no_input_is_not_believed() -> None:
    with activate(call("evil.prop")):
        assert not ctx.triggered
        assert ctx.triggered_id is None


def test_inputs_states_and_outputs() -> None:
    with activate(call()):
        assert ctx.inputs == {"a.n": 0, f"{ROW_TEXT}.value": 1}
        assert ctx.states == {"s.data": "kept"}
        assert ctx.inputs_list == [
            {"id": "a", "property": "n", "value": 0},
            {"id": ROW, "property": "value", "value": 1},
        ]
        assert ctx.states_list == [{"id": "s", "property": "data", "value": "kept"}]
        assert ctx.outputs_list == {"id": "out", "property": "children"}


def test_several_outputs_are_a_list() -> None:
    with activate(call(dependencies=([Output("out", "children")], Input("a", "n")))):
        assert ctx.outputs_list == [{"id": "out", "property": "children"}]
    with activate(call(dependencies=(Input("a", "n"),))):
        assert ctx.outputs_list == []


def test_who_is_calling() -> None:
    request = Request(
        cookies={"c": "1"},
        headers=Headers([("X-Forwarded-For", "a"), ("x-forwarded-for", "b"), ("Origin", "http://a.b")]),
        path="/page",
        query="?tab=a&tab=b&empty=",
        remote_addr="127.0.0.1",
        user="ada",
    )
    with activate(call(request=request)):
        assert ctx.cookies == {"c": "1"}
        assert ctx.headers["X-FORWARDED-FOR"] == "a, b"
        assert ctx.path == "/page"
        assert ctx.query == {"tab": ["a", "b"], "empty": [""]}
        assert ctx.args == {"tab": "a", "empty": ""}
        assert ctx.origin == "http://a.b"
        assert ctx.remote_addr == ctx.remote == "127.0.0.1"
        assert ctx.user == "ada"


def test_an_empty_request() -> None:
    with activate(call()):
        assert (ctx.cookies, len(ctx.headers), ctx.path, ctx.query) == ({}, 0, "/", {})
        assert (ctx.remote_addr, ctx.user) == (None, None)


def test_headers_are_found_in_any_case_and_do_not_print_their_values() -> None:
    headers = Headers([("Cookie", "secret"), ("Accept", "*/*"), ("cookie", "b=2")])
    assert headers.get("COOKIE") == "secret; b=2"
    assert "accept" in headers
    assert headers.get("host") is None
    assert list(headers) == ["cookie", "accept"]
    assert repr(headers) == "Headers(['cookie', 'accept'])"
