"""A callback with `api_endpoint=`: what a program that posts to it names the inputs and states, and what it gets.

The names are those of the function's parameters, so that a call says what a call in Python would.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import AsyncIterable, Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple, get_args, get_origin

from wscb.callbacks.declaration import Callback
from wscb.callbacks.grouping import Grouping
from wscb.callbacks.injection import names_of, with_annotation, with_injected
from wscb.callbacks.signature import call_form

_PATH = re.compile(r"(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+")
_TAKEN = ("_wscb", "assets")

NOTHING = inspect.Parameter.empty
"""Stands for an annotation, or a default, that there is not."""


class Argument(NamedTuple):
    """What a program gives under `name`: a value, or for a group of dependencies a list or a map of them."""

    name: str
    grouping: Grouping
    annotation: Any = NOTHING
    default: Any = NOTHING


def wrong_endpoint(callback: Callback) -> Iterator[str]:
    """What is wrong with its `api_endpoint`, behind the name of the callback."""
    path: object = callback.api_endpoint
    if path is None:
        return
    if not isinstance(path, str) or not _PATH.fullmatch(path):
        yield (
            f": api_endpoint={path!r} is no path. It begins with a slash, does not end with one, and has "
            f'letters, digits and -._~ in between, as in "/api/x".'
        )
    elif path.split("/")[1] in _TAKEN:
        yield f": api_endpoint={path!r} is where wscb has its own routes: {' and '.join(_TAKEN)}. Choose another path."
    if callback.persistent:
        yield (
            " is persistent and has api_endpoint=. A task lives as long as its page, and a program has none: leave out "
            "api_endpoint, or persistent=True."
        )


def arguments_of(callback: Callback) -> list[Argument]:
    """What its function takes, in the order of the declaration, without what the backend fills."""
    return list(_below_decorators(callback) or _unnamed(callback))


def returned_by(callback: Callback) -> Any:
    """What its function says that it returns, or yields; `NOTHING` if it does not."""
    signature = _signature(callback.function)
    if signature is None:
        return NOTHING
    said = with_annotation(_as_parameter(signature), names_of(callback.function)).annotation
    if not callback.is_generator:
        return said
    origin = get_origin(said)
    iterates = isinstance(origin, type) and issubclass(origin, (Iterable, AsyncIterable))
    return get_args(said)[0] if iterates else NOTHING


def _as_parameter(signature: inspect.Signature) -> inspect.Parameter:
    return inspect.Parameter("returned", inspect.Parameter.KEYWORD_ONLY, annotation=signature.return_annotation)


def _signature(function: Callable[..., Any]) -> inspect.Signature | None:
    try:
        return inspect.signature(function)
    except ValueError:  # some built-ins do not tell
        return None


class _Slot(NamedTuple):
    """One of the things that the function is called with; `at` is its place in the declaration."""

    at: int
    grouping: Grouping


def _slots(callback: Callback) -> tuple[tuple[_Slot, ...], dict[str, _Slot]]:
    args, kwargs = call_form(callback.argument_grouping)
    slots = [_Slot(index, grouping) for index, grouping in enumerate((*args, *kwargs.values()))]
    return tuple(slots[: len(args)]), dict(zip(kwargs, slots[len(args) :], strict=True))


def _below_decorators(callback: Callback) -> list[Argument] | None:
    """None when a decorator has changed what it takes, so that the parameters are not those of the call."""
    signature = _signature(callback.function)
    if signature is None:
        return None
    marks = dict.fromkeys((one.name for one in callback.injected), NOTHING)
    args, kwargs = with_injected(callback.injected, marks, *_slots(callback))
    try:
        bound = signature.bind(*args, **kwargs).arguments
    except TypeError:
        return None
    names = names_of(callback.function)
    found = dict(
        argument
        for name, given in bound.items()
        if given is not NOTHING
        for argument in _parameter(with_annotation(signature.parameters[name], names), given)
    )
    return [found[index] for index in sorted(found)]


def _parameter(parameter: inspect.Parameter, given: Any) -> Iterator[tuple[int, Argument]]:
    if parameter.kind is inspect.Parameter.VAR_POSITIONAL:
        yield from ((at, Argument(_text(one), one, parameter.annotation)) for at, one in given)
    elif parameter.kind is inspect.Parameter.VAR_KEYWORD:
        yield from ((at, Argument(name, one, parameter.annotation)) for name, (at, one) in given.items())
    else:
        at, one = given
        yield at, Argument(parameter.name, one, parameter.annotation, parameter.default)


def _unnamed(callback: Callback) -> Iterator[Argument]:
    args, kwargs = call_form(callback.argument_grouping)
    yield from (Argument(_text(one), one) for one in args)
    yield from (Argument(name, one) for name, one in kwargs.items())


def _text(grouping: Grouping) -> str:
    """For what has no name: the prop, as "id.prop"; those of a group after one another."""
    if isinstance(grouping, (tuple, dict)):
        parts = grouping.values() if isinstance(grouping, Mapping) else grouping
        return ",".join(map(_text, parts))
    return str(grouping)
