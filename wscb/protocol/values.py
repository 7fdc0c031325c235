"""What a user's value becomes before it is packed: only what msgpack has, with text keys, and typed arrays.

PROTOCOL.md, "Values", is the table of this. A value that is plain already is neither copied nor walked item by item.
"""

from __future__ import annotations

import datetime
import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from decimal import Decimal
from enum import Enum
from inspect import isroutine
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from wscb.protocol.arrays import NotAnArray, to_wire
from wscb.protocol.limits import MAX_DEPTH
from wscb.protocol.patch import Patch

_SCALARS = frozenset({str, int, float, bool, type(None), bytes, bytearray})
_TEXT = frozenset({str})
_LISTS = (list, tuple, set, frozenset, deque, range)
_MISSING = frozenset({"NAType", "NaTType"})
"""What pandas calls its missing values, which is never imported for it."""


class Unplain(Exception):
    """A value has no wire form. `path` is collected, innermost key first, while this passes through the containers."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.path: list[object] = []


@dataclass(slots=True)
class Typed:
    """A typed array: the payload of its extension."""

    payload: bytes


def plain(value: Any, depth: int = 0) -> Any:
    """`value` in terms of dict, list, str, int, float, bool, None, bytes and Typed. Raises Unplain."""
    kind = type(value)
    if kind in _SCALARS:
        return value
    if kind is dict or kind is list or isinstance(value, (dict, *_LISTS)):
        if depth >= MAX_DEPTH:
            raise Unplain(f"is nested deeper than {MAX_DEPTH} levels, or contains itself")
        return _plain_map(value, depth) if isinstance(value, dict) else _plain_list(value, depth)
    return _plain_other(value, depth)


def _plain_map(value: dict[Any, Any], depth: int) -> dict[str, Any]:
    if _TEXT.issuperset(map(type, value)) and _SCALARS.issuperset(map(type, value.values())):
        return value if type(value) is dict else dict(value)
    result = {}
    for key, item in value.items():
        try:
            result[key if type(key) is str else _key(key)] = plain(item, depth + 1)
        except Unplain as error:
            error.path.append(key)
            raise
    return result


def _plain_list(value: Any, depth: int) -> list[Any] | tuple[Any, ...]:
    items: list[Any] | tuple[Any, ...] = value if type(value) in (list, tuple) else list(value)
    if _SCALARS.issuperset(map(type, items)):
        return items
    result: list[Any] = []
    try:
        for item in items:
            result.append(plain(item, depth + 1))  # noqa: PERF401 - its length is the index of what fails
    except Unplain as error:
        error.path.append(len(result))
        raise
    return result


def _plain_other(value: Any, depth: int) -> Any:
    if type(value).__name__ in _MISSING:  # before the dates: pandas' NaT says that it is one
        return None
    for types, convert in _CONVERSIONS:
        if isinstance(value, types):
            return plain(convert(value), depth)
    if isinstance(value, (str, int, float)):
        return value
    if hasattr(type(value), "to_plotly_json"):  # asked of the type: an object may make up attributes as it is asked
        return plain(value.to_plotly_json(), depth)
    if is_dataclass(value) and not isinstance(value, type):
        return plain({field.name: getattr(value, field.name) for field in fields(value)}, depth)
    if hasattr(type(value), "dtype") and hasattr(type(value), "item") and value.ndim == 0:
        return plain(_scalar(value), depth)
    if hasattr(type(value), "to_numpy") and len(getattr(value, "shape", ())) == 1:
        return plain(value.to_numpy(), depth)
    array = _array(value)
    return plain(array, depth) if isinstance(array, list) else array


def _array(value: Any) -> Typed | list[Any]:
    if hasattr(type(value), "dtype") and getattr(value, "ndim", 1) > 1:
        return list(value)  # its rows
    try:
        payload = to_wire(value)
    except NotAnArray as error:
        raise Unplain(f"is {error}") from None
    except TypeError:
        raise Unplain(_without_form(value)) from None
    return payload if isinstance(payload, list) else Typed(payload)


def _scalar(value: Any) -> Any:
    """The Python form of a numpy scalar or an array without dimensions."""
    dates = value.dtype.kind in "Mm"
    item = value.astype(f"{value.dtype.kind}8[us]").item() if dates else value.item()
    if type(item) is type(value):
        raise Unplain(f"is a {value.dtype}, which no page has; send float(...) of it")
    return item


def _key(key: Any) -> str:
    """Keys are texts; numbers, truth values and None become the texts that JSON has for them."""
    form = plain(key) if not isinstance(key, (dict, *_LISTS, bytes, bytearray)) else key
    if isinstance(form, str):
        return str(form)
    if form is None or isinstance(form, (bool, int, float)):
        return json.dumps(form)
    raise Unplain(f"has a {type(key).__name__} as its key; send text keys")


def _refuse_patch(_: Patch) -> None:
    raise Unplain("is a Patch; a Patch stands for a whole prop, not for a part of a value")


def _without_form(value: Any) -> str:
    return _mistaken(value) or _of_no_kind(value)


def _mistaken(value: Any) -> str:
    """What was meant, where that can be seen; else nothing."""
    name = getattr(value, "__qualname__", "")
    if isinstance(value, BaseException):
        return f"is the error {value!r}: raise it, or send str(...) of it"
    if isinstance(value, type):
        if issubclass(value, BaseException):
            return f"is {name}: raise it in place of sending it"
        return f"is the class {name} and no instance of it: call it, as in {name}(...)"
    if isroutine(value):
        return f"is the function {name} and not what it returns: call it"
    return ""


def _of_no_kind(value: Any) -> str:
    kind = type(value)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    hints = {"to_dict": ".to_dict('list')", "to_numpy": ".to_numpy()", "__await__": "what it returns: await it"}
    hints |= {"__next__": "list(...) of it", "__iter__": "list(...) of it"}
    hint = next(
        (text for attribute, text in hints.items() if hasattr(kind, attribute)), "a text, a number, a list or a dict"
    )
    return f"is a {name}, which has no form on the wire; send {hint}"


_CONVERSIONS: tuple[tuple[Any, Callable[[Any], Any]], ...] = (
    (Enum, lambda value: value.value),
    ((datetime.date, datetime.time), lambda value: value.isoformat()),
    (datetime.timedelta, datetime.timedelta.total_seconds),
    (Decimal, float),
    (UUID, str),
    (BaseModel, lambda value: value.model_dump(mode="python")),
    (Patch, _refuse_patch),
)
