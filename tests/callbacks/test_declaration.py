"""What a function tells of itself, and what a Callback derives from its fields."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest

from wscb.callbacks.declaration import Callback, kind, origin
from wscb.callbacks.dependencies import Output


def plain() -> None: ...
async def coroutine() -> None: ...
def generator() -> Iterator[int]:
    yield 1


async def async_generator() -> AsyncIterator[int]:
    yield 1


class Called:
    async def __call__(self) -> None: ...


@functools.wraps(coroutine)
def wrapper() -> None: ...


@pytest.mark.parametrize(
    ("function", "found"),
    [
        (plain, (False, False)),
        (coroutine, (True, False)),
        (generator, (False, True)),
        (async_generator, (True, True)),
        (functools.partial(coroutine), (True, False)),
        (Called(), (True, False)),
        (wrapper, (False, False)),  # what is called decides, not what it wraps
        (len, (False, False)),
    ],
)
def test_kind(function: Callable[..., Any], found: tuple[bool, bool]) -> None:
    assert kind(function) == found


def test_origin_is_what_the_author_wrote() -> None:
    line = plain.__code__.co_firstlineno
    assert origin(plain) == ("plain", __file__, line)
    assert origin(functools.partial(functools.partial(plain))) == ("plain", __file__, line)
    assert origin(wrapper) == ("coroutine", __file__, coroutine.__code__.co_firstlineno)
    assert origin(Called()) == ("Called", __file__, Called.__call__.__code__.co_firstlineno)
    assert origin(len) == ("len", "<built-in>", 0)


def test_a_function_within_another_has_a_short_name() -> None:
    def inner() -> None: ...

    assert origin(inner)[0] == "test_a_function_within_another_has_a_short_name.inner"


def declared(**changed: Any) -> Callback:
    fields: dict[str, Any] = {"outputs": (), "output_grouping": ()} | changed
    return Callback(
        id="x",
        function=plain,
        name="plain",
        file="app.py",
        line=7,
        inputs=(),
        state=(),
        argument_grouping=(),
        plain=True,
        is_async=False,
        is_generator=False,
        **fields,
    )


def test_it_never_changes_and_is_equal_to_itself_alone() -> None:
    callback = declared()
    with pytest.raises(dataclasses.FrozenInstanceError):
        callback.id = "y"  # type: ignore[misc]
    assert len({callback, callback, declared()}) == 2


def test_it_needs_the_socket_when_marked_so_and_when_persistent() -> None:
    assert not declared().socket
    assert declared(websocket=True).socket
    assert declared(persistent=True).socket


def test_it_is_multi_when_its_outputs_are_a_group() -> None:
    output = Output("a", "x")
    assert not declared(outputs=(output,), output_grouping=output).multi
    assert declared(outputs=(output,), output_grouping=(output,)).multi


def test_messages_name_function_file_and_line() -> None:
    assert declared().where == "plain (app.py:7)"
