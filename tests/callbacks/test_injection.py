"""Parameters that the backend fills: found by their markers, and left out of what Inputs and States give."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import pytest

from wscb.callbacks.dependencies import Input, Output
from wscb.callbacks.injection import injected
from wscb.callbacks.registry import Registry
from wscb.callbacks.signature import arguments
from wscb.errors import DeclarationError

if TYPE_CHECKING:
    from nowhere import Unknown


@dataclass(frozen=True)
class Marker:
    dependency: Callable[..., Any] | None = None
    use_cache: bool = True


User = Annotated[str, Marker()]
X, A, B = Output("x", "children"), Input("a", "value"), Input("b", "value")


def by_default(a: int, b: int, user: Unknown = Marker()) -> None: ...  # type: ignore[assignment]
def first(user: User, a: int, b: int) -> None: ...
def between(a: int, user: Annotated[str, Marker(print)], b: int) -> None: ...
def by_keyword(a: int, b: int, *, user: User) -> None: ...
def after_many(*values: int, user: User) -> None: ...
def after_an_optional(a: int, b: int, c: int = 3, user: User = "") -> None: ...


@functools.wraps(first)
def wrapped(*args: Any, **kwargs: Any) -> None: ...


class Called:
    def __call__(self, a: int, b: int, user: User) -> None: ...


def registered(function: Callable[..., Any], *dependencies: Any, **options: Any) -> Any:
    registry = Registry()
    registry.callback(*dependencies, **options)(function)
    return next(iter(registry.callbacks.values()))


@pytest.mark.parametrize(
    ("function", "args", "kwargs"),
    [
        (by_default, (1, 2, "me"), {}),
        (first, ("me", 1, 2), {}),
        (between, (1, "me", 2), {}),
        (by_keyword, (1, 2), {"user": "me"}),
        (after_many, (1, 2), {"user": "me"}),
        (after_an_optional, (1, 2), {"user": "me"}),
        (wrapped, ("me", 1, 2), {}),
        (functools.partial(first), ("me", 1, 2), {}),
        (Called(), (1, 2, "me"), {}),
    ],
)
def test_it_stands_at_its_place(function: Any, args: Any, kwargs: Any) -> None:
    callback = registered(function, X, A, B)
    assert [one.name for one in callback.injected] == ["user"]
    assert arguments(callback, [1, 2], [], {"user": "me"}) == (args, kwargs)


def test_a_dict_of_inputs_beside_it() -> None:
    callback = registered(first, output=X, inputs={"a": A, "b": B})
    assert arguments(callback, [1, 2], [], {"user": "me"}) == (("me",), {"a": 1, "b": 2})


def test_what_has_no_marker_is_an_argument() -> None:
    def function(a: int, b: Annotated[int, "b"], c: Unknown = None) -> None: ...  # type: ignore[assignment]

    assert injected(function) == ()
    assert injected(dict.fromkeys) == ()
    assert injected(type) == ()


def test_an_argument_too_many_is_still_a_mistake() -> None:
    with pytest.raises(DeclarationError, match="called with 1 argument "):
        registered(first, X, A)
    with pytest.raises(DeclarationError, match="is called with 2 arguments"):
        registered(functools.wraps(first)(lambda a, b: None), X, A, B)
