"""Operations on a part of a prop, and what they mean.

`apply` is pure and has a twin in the page (client_js/src/patch.ts); both are held to tests/vectors/patch.json.
"""

from __future__ import annotations

import math
import operator
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from wscb.errors import InvalidPatch

Key = str | int
Path = tuple[Key, ...]

FORBIDDEN = frozenset({"__proto__", "constructor", "prototype"})
"""Keys that mean something else than data in a page."""

_GROWS = frozenset({"append", "prepend", "insert", "extend"})
_VALUELESS = frozenset({"delete", "clear", "reverse"})
_EXACT = 2**53


@dataclass(frozen=True, slots=True)
class Operation:
    """One change of a part of a prop. `path` leads to that part from the prop itself, which is `()`.

    The value of `insert` is a pair of index and item; `maxlen` is for append and extend: keep the last so many.
    """

    name: str
    path: Path
    value: Any = None
    maxlen: int | None = None

    def wire(self) -> list[Any]:
        """`[name, path]`, with the value where the operation has one, and `maxlen` where it was given."""
        parts: list[Any] = [self.name, list(self.path)]
        if self.name not in _VALUELESS:
            parts.append(self.value)
        if self.maxlen is not None:
            parts.append(self.maxlen)
        return parts

    @classmethod
    def from_wire(cls, parts: Sequence[Any]) -> Operation:
        """The operation of a change that the codec has validated."""
        name, path, *rest = parts
        if name in _VALUELESS:
            rest = [None, *rest]
        return cls(name, tuple(path), *rest)


class _No(Exception):
    """Why an operation cannot be applied."""


def apply(current: Any, operation: Operation, prop: str = "") -> Any:
    """The value of `prop` after `operation`. `current` is not changed. Raises InvalidPatch, which says where.

    A typed array (array.array) is a list of numbers whose result is a typed array of the same dtype again.
    """
    change = _CHANGES.get(operation.name)
    if change is None:
        raise InvalidPatch(f"{operation.name!r} is not an operation.")
    for depth, key in enumerate(operation.path):
        checked_key(key, operation.path[:depth])
    try:
        return _within(current, operation.path, operation, change, prop)
    except _No as no:
        where = spelled(operation.path) or "the prop itself"
        raise InvalidPatch(f"{operation.name} at {where}: {no}.") from None


def _within(
    current: Any, path: Path, operation: Operation, change: Callable[[Any, Operation], Any], name: str | int
) -> Any:
    """`current`, known as `name`, with the part at `path` changed; what is beside the path is shared with `current`."""
    if not path:
        return change(_row(current) if name == "children" and operation.name in _GROWS else current, operation)
    key, rest = path[0], path[1:]
    assigns = operation.name == "assign"
    if isinstance(key, int):
        items = _items(current)
        if not -len(items) <= key < len(items):
            raise _No(f"index {key} is not in a list of {len(items)}")
        if not rest and operation.name == "delete":
            del items[key]
        else:
            items[key] = _within(items[key], rest, operation, change, key)
        return _like(current, items)
    if current is None and assigns:
        current = {}  # as in Dash, assign makes the maps on its way
    if not isinstance(current, dict):
        raise _No(f"key {key!r} of {_kind(current)}")
    if key not in current and not assigns:
        raise _No(f"there is no key {key!r}")
    if not rest and operation.name == "delete":
        return {name: item for name, item in current.items() if name != key}
    return {**current, key: _within(current.get(key), rest, operation, change, key)}


def _row(children: Any) -> Any:
    """Children may be one component or text, or none: a list of one, or of none."""
    if isinstance(children, (list, array)):
        return children
    return [] if children is None else [children]


def _assign(current: Any, operation: Operation) -> Any:
    return operation.value


def _delete(current: Any, operation: Operation) -> Any:
    raise _No("a prop cannot be deleted; assign None")


def _append(current: Any, operation: Operation) -> Any:
    return _like(current, _last([*_items(current), operation.value], operation.maxlen))


def _prepend(current: Any, operation: Operation) -> Any:
    return _like(current, [operation.value, *_items(current)])


def _insert(current: Any, operation: Operation) -> Any:
    pair, items = operation.value, _items(current)
    if not isinstance(pair, list) or len(pair) != 2 or type(pair[0]) is not int:
        raise _No("its value must be a list of an index and an item")
    items.insert(*pair)
    return _like(current, items)


def _extend(current: Any, operation: Operation) -> Any:
    return _like(current, _last(_items(current) + _items(operation.value), operation.maxlen))


def _remove(current: Any, operation: Operation) -> Any:
    items = _items(current)
    for index, item in enumerate(items):
        if same(item, operation.value):
            return _like(current, items[:index] + items[index + 1 :])
    raise _No("no item equals the value")


def _clear(current: Any, operation: Operation) -> Any:
    return {} if isinstance(current, dict) else _like(current, _items(current)[:0])


def _reverse(current: Any, operation: Operation) -> Any:
    return _like(current, _items(current)[::-1])


def _merge(current: Any, operation: Operation) -> Any:
    if not isinstance(current, dict) or not isinstance(operation.value, dict):
        raise _No(f"a map is merged into a map, not {_kind(operation.value)} into {_kind(current)}")
    for key in operation.value:
        if key in FORBIDDEN:
            raise _No(f"key {key!r} is not data in a page")
    return {**current, **operation.value}


def _arithmetic(calculate: Callable[[Any, Any], Any]) -> Callable[[Any, Operation], Any]:
    def change(current: Any, operation: Operation) -> Any:
        if isinstance(current, str) and isinstance(operation.value, str) and operation.name == "add":
            return current + operation.value
        left, right = _number(current), _number(operation.value)
        if operation.name == "truediv" and right == 0:
            raise _No("a division by zero")
        return _number(calculate(left, right))

    return change


_CHANGES: dict[str, Callable[[Any, Operation], Any]] = {
    "assign": _assign,
    "delete": _delete,
    "append": _append,
    "prepend": _prepend,
    "insert": _insert,
    "extend": _extend,
    "remove": _remove,
    "clear": _clear,
    "reverse": _reverse,
    "add": _arithmetic(operator.add),
    "sub": _arithmetic(operator.sub),
    "mul": _arithmetic(operator.mul),
    "truediv": _arithmetic(operator.truediv),
    "merge": _merge,
}


def same(left: Any, right: Any) -> bool:
    """Equality as the page has it: 1 and 1.0 are one number, True is none, NaN equals nothing."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(item, right[key]) for key, item in left.items())
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    return bool(left == right)


def _number(value: Any) -> int | float:
    """As the page calculates: whole numbers beyond 2^53 are floats."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise _No(f"{_kind(value)} is not a number")
    return value if isinstance(value, float) or abs(value) <= _EXACT else float(value)


def _items(value: Any) -> list[Any]:
    """A new list of the items."""
    if not isinstance(value, (list, array)):
        raise _No(f"{_kind(value)} is not a list")
    return list(value)


def _like(current: Any, items: list[Any]) -> Any:
    if not isinstance(current, array):
        return items
    whole = current.typecode not in "fd"
    try:
        return array(current.typecode, [_whole(item) if whole else _number(item) for item in items])
    except OverflowError as error:
        raise _No(f"an item does not fit into dtype {current.typecode!r}: {error}") from None


def _whole(value: Any) -> int:
    number = _number(value)
    if not math.isfinite(number) or number != int(number):
        raise _No(f"{number!r} is not a whole number")
    return int(number)


def _last(items: list[Any], maxlen: int | None) -> list[Any]:
    return items if maxlen is None else items[max(0, len(items) - maxlen) :]


def _kind(value: Any) -> str:
    if value is None:
        return "None"
    kinds = {bool: "a truth value", int: "a number", float: "a number", str: "a text", list: "a list", dict: "a map"}
    return kinds.get(type(value), f"a {type(value).__name__}")


def checked_key(key: object, path: Path) -> Key:
    """A key that may stand after `path`. Raises InvalidPatch."""
    if type(key) is not int and not isinstance(key, str):
        raise InvalidPatch(f"Patch{spelled(path)}[{key!r}]: a key must be a str (of a map) or an int (of a list).")
    if key in FORBIDDEN:
        raise InvalidPatch(f"Patch{spelled(path)}[{key!r}]: this name is not data in a page; choose another key.")
    return key


def spelled(path: Path) -> str:
    """A path as Python writes it: `['rows'][3]`."""
    return "".join(f"[{key!r}]" for key in path)
