"""What a shared task cannot have, found where it is declared, and what it cannot ask, found where it asks."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable
from typing import Annotated, Any

import pytest
from fastapi import Depends

import wscb
from tests.callbacks.calls import Recorder
from wscb import ctx, get_prop, get_prop_sync, set_props
from wscb.callbacks import sharing
from wscb.callbacks.context import CallState, Request, activate
from wscb.callbacks.declaration import Callback
from wscb.callbacks.dependencies import Input, Output, State
from wscb.callbacks.registry import Registry
from wscb.errors import DeclarationError, NoPage

A = Input("a", "value")


def declared(function: Callable[..., Any], *dependencies: Any, **options: Any) -> Callback:
    registry = Registry()
    registry.callback(*dependencies, **{"persistent": True, "shared": True, **options})(function)
    return next(iter(registry.callbacks.values()))


def refusal(function: Callable[..., Any], *dependencies: Any, **options: Any) -> str:
    with pytest.raises(DeclarationError) as raised:
        declared(function, *dependencies, **options)
    text = str(raised.value)
    assert __file__ in text
    return text


async def asks() -> None:
    await get_prop("a", "value")


def line_of(function: Any, below: int = 1) -> str:
    return f"in line {function.__code__.co_firstlineno + below},"


def test_it_is_persistent() -> None:
    async def call(value: Any) -> None: ...

    assert "has shared=True and is not persistent" in refusal(call, A, persistent=False, websocket=True)
    assert declared(call, A).shared
    assert not declared(call, A, shared=False).shared


def test_nothing_fills_its_parameters_for_one_caller() -> None:
    async def injected(user: Annotated[str, Depends(str)]) -> None: ...

    assert "is shared and has user, which the backend fills" in refusal(injected)


def test_get_prop_in_its_own_code_is_told_with_the_line() -> None:
    assert f"asks a page with get_prop {line_of(asks)}" in refusal(asks)


def plain() -> None:
    get_prop_sync("a", "value")


async def by_module() -> None:
    await wscb.get_prop("a", "value")


async def by_context() -> None:
    page = ctx.websocket
    assert page
    await ctx.websocket.get_prop("a", "value")


async def within() -> None:
    def inner() -> list[Any]:
        return [get_prop_sync(name, "value") for name in "ab"]

    inner()


def enclosed() -> Callable[[], Any]:
    ask = get_prop

    async def inner() -> None:
        await ask("a", "value")

    return inner


class Asking:
    async def __call__(self) -> None:
        await get_prop("a", "value")


@functools.wraps(asks)
async def decorated() -> None: ...


@pytest.mark.parametrize(
    "function",
    [
        plain,
        by_module,
        by_context,
        within,
        enclosed(),
        Asking(),
        decorated,
        functools.partial(asks),
        functools.partial(functools.partial(asks)),
    ],
)
def test_however_it_is_named(function: Any) -> None:
    assert "is shared and asks a page with get_prop" in refusal(function)


def test_without_a_false_alarm() -> None:
    class Page:
        async def get_prop(self, name: str) -> None: ...

    page = Page()

    async def sets(get_prop_sync: Any = None) -> None:
        set_props("a", {"value": 1})
        assert ctx.websocket
        ctx.websocket.set_prop("a", "value", 1)
        await page.get_prop("a")
        get_prop_sync()
        asyncio.current_task()
        wscb.set_props("a", {})

    def hides() -> Any:
        get_prop = page.get_prop
        return lambda: get_prop("a")

    for harmless in (sets, hides, asks_elsewhere):
        assert declared(harmless).shared
    assert list(sharing.page_reads(len)) == []
    assert declared(asks, shared=False).persistent


def test_one_that_names_itself() -> None:
    registry = Registry()

    @registry.callback(persistent=True, shared=True)
    async def again() -> None:
        await again()  # which is not known while it is declared

    assert registry.callbacks


async def asks_elsewhere() -> None:
    await asks()  # found when it asks


# ---------------------------------------------------------------------------------------------------- at run time


def shared_call() -> CallState:
    async def tick(value: Any, other: Any) -> None: ...

    callback = declared(tick, Output("o", "children"), A, State("s", "data"))
    return CallState(callback, [1], [2], (), Request(), Recorder())


@pytest.mark.parametrize(
    "name",
    [
        *("triggered", "triggered_id", "triggered_prop_ids", "user", "cookies", "headers", "path", "query", "args"),
        *("origin", "remote", "remote_addr"),
    ],
)
def test_what_is_one_viewers_is_an_error(name: str) -> None:
    with activate(shared_call()), pytest.raises(NoPage) as raised:
        getattr(ctx, name)
    text = str(raised.value)
    assert text.startswith(f"ctx.{name} in test_sharing") or f"ctx.{name} in " in text
    assert "a shared task runs once for all who view it, and has no page of its own" in text
    assert __file__ in text


async def test_so_is_what_asks_a_page() -> None:
    with activate(shared_call()):
        with pytest.raises(NoPage, match=r"get_prop in .*Pass what it needs as Input\('b', 'value'\)"):
            await get_prop("b", "value")
        with pytest.raises(NoPage, match="get_prop_sync in"):
            get_prop_sync("b", "value")
        assert ctx.websocket
        with pytest.raises(NoPage, match="get_prop in"):
            await ctx.websocket.get_prop("b", "value")
        with pytest.raises(NoPage, match=r"ctx\.flush in"):
            await ctx.flush()


def test_what_it_was_given_is_its_own() -> None:
    with activate(shared_call()):
        assert ctx.inputs == {"a.value": 1}
        assert ctx.states == {"s.data": 2}
        assert ctx.outputs_list == {"id": "o", "property": "children"}
        assert [one["triggered"] for one in ctx.args_grouping] == [False, False]
