"""Operations on a prop: `Patch`, with which a user writes them, and `apply`, which says what they mean.

`apply` is pure and has a twin in the page (client_js/src/patch.ts); both are held to tests/vectors/patch.json.
"""

from __future__ import annotations

import math
import operator
from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from numbers import Number
from typing import Any, NoReturn

from wscb.errors import InvalidPatch

Key = str | int
Path = tuple[Key, ...]

FORBIDDEN = frozenset({"__proto__", "constructor", "prototype"})
"""Keys that mean something else than data in a page."""

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


# ------------------------------------------------------------------------------------------------- for the user


class Patch:
    """Changes parts of a prop without sending all of it: `p = Patch(); p["rows"].append(row, maxlen=100)`.

    As in Dash: items and attributes nest; `append`, `extend`, `prepend`, `insert`, `remove`, `clear`, `reverse`,
    `update`, `+= -= *= /= |=`, `del`. The values of the page are not here, so nothing can be read. Raises InvalidPatch.
    """

    __slots__ = ("_operations", "_path")
    _path: Path
    _operations: list[Operation]

    def __init__(self) -> None:
        _bind(self, (), [])

    def __getitem__(self, key: Key) -> Patch:
        return _bind(object.__new__(Patch), (*self._path, _checked(key, self._path)), self._operations)

    def __setitem__(self, key: Key, value: Any) -> None:
        path = (*self._path, _checked(key, self._path))
        if not isinstance(value, Patch):
            self._operations.append(Operation("assign", path, value))
        elif value._path != path or value._operations is not self._operations:  # else the end of `p[key] += value`
            raise InvalidPatch(
                f"Patch{_at(path)} = another Patch: assign a plain value, or change this Patch in place."
            )

    def __delitem__(self, key: Key) -> None:
        self._operations.append(Operation("delete", (*self._path, _checked(key, self._path))))

    def __getattr__(self, name: str) -> Patch:
        if name.startswith("_"):
            raise AttributeError(f"{name!r}: for a key that begins with an underscore write patch[{name!r}].")
        return self[name]

    def __setattr__(self, name: str, value: Any) -> None:
        self[name] = value

    def __delattr__(self, name: str) -> None:
        del self[name]

    def append(self, item: Any, maxlen: int | None = None) -> None:
        """Adds one item at the end, and drops the first ones when there are more than `maxlen`."""
        self._add("append", item, _checked_maxlen(maxlen, self._path))

    def extend(self, items: Any, maxlen: int | None = None) -> None:
        """Adds a list or an array at the end, and drops the first items when there are more than `maxlen`."""
        self._add("extend", _sequence(items, self._path), _checked_maxlen(maxlen, self._path))

    def prepend(self, item: Any) -> None:
        """Adds one item at the start."""
        self._add("prepend", item)

    def insert(self, index: int, item: Any) -> None:
        """Adds one item before `index`, which counts as in `list.insert`."""
        if type(index) is not int:
            raise InvalidPatch(f"Patch{_at(self._path)}.insert({index!r}, ...): the index must be an int.")
        self._add("insert", [index, item])

    def remove(self, item: Any) -> None:
        """Takes away the first item that equals `item`."""
        self._add("remove", item)

    def clear(self) -> None:
        """Empties a list, a map or an array."""
        self._add("clear")

    def reverse(self) -> None:
        """Turns a list or an array around."""
        self._add("reverse")

    def update(self, *args: Any, **kwargs: Any) -> None:
        """Sets several keys of a map at once; arguments as in `dict.update`."""
        self._add("merge", dict(*args, **kwargs))

    def __iadd__(self, value: Any) -> Patch:
        if isinstance(value, (Number, str)):
            self._add("add", value)
        else:
            self.extend(value)
        return self

    def __isub__(self, value: Any) -> Patch:
        self._add("sub", value)
        return self

    def __imul__(self, value: Any) -> Patch:
        self._add("mul", value)
        return self

    def __itruediv__(self, value: Any) -> Patch:
        if value == 0:
            raise InvalidPatch(f"Patch{_at(self._path)} /= 0: a division by zero.")
        self._add("truediv", value)
        return self

    def __ior__(self, value: Any) -> Patch:
        self.update(value)
        return self

    @property
    def operations(self) -> tuple[Operation, ...]:
        """What has been written so far, in order, from wherever in the prop this Patch stands."""
        return tuple(self._operations)

    def _add(self, name: str, value: Any = None, maxlen: int | None = None) -> None:
        if isinstance(value, Patch):
            raise InvalidPatch(f"Patch{_at(self._path)}: {name} of another Patch; a Patch has no value to send.")
        self._operations.append(Operation(name, self._path, value, maxlen))

    def _no_reading(self, *_: Any) -> NoReturn:
        raise InvalidPatch(
            f"Patch{_at(self._path)} cannot be read: the value is in the page. "
            "Take it as an Input or State, or ask for it with get_prop()."
        )

    __iter__ = __len__ = __contains__ = __int__ = __float__ = __index__ = _no_reading

    def __call__(self, *_: Any, **__: Any) -> NoReturn:
        raise InvalidPatch(f"Patch{_at(self._path)}(...): a Patch has no such operation.")

    def __bool__(self) -> bool:
        return True

    def __repr__(self) -> str:
        return f"<Patch{_at(self._path)}: {len(self._operations)} operations>"


def _bind(patch: Patch, path: Path, operations: list[Operation]) -> Patch:
    object.__setattr__(patch, "_path", path)
    object.__setattr__(patch, "_operations", operations)
    return patch


def _checked(key: object, path: Path) -> Key:
    if type(key) is not int and not isinstance(key, str):
        raise InvalidPatch(f"Patch{_at(path)}[{key!r}]: a key must be a str (of a map) or an int (of a list).")
    if key in FORBIDDEN:
        raise InvalidPatch(f"Patch{_at(path)}[{key!r}]: this name is not data in a page; choose another key.")
    return key


def _checked_maxlen(maxlen: object, path: Path) -> int | None:
    if maxlen is None or (type(maxlen) is int and maxlen >= 0):
        return maxlen
    raise InvalidPatch(f"Patch{_at(path)}: maxlen={maxlen!r} must be an int, 0 or more.")


def _sequence(items: Any, path: Path) -> Any:
    """As it is when it is a list or an array, a list of it when it is another iterable."""
    if isinstance(items, (str, bytes, dict, Patch)) or not isinstance(items, Iterable):
        raise InvalidPatch(f"Patch{_at(path)}: extend takes a list or an array, not {type(items).__name__}.")
    return items if hasattr(items, "dtype") or isinstance(items, (array, memoryview)) else list(items)


# ---------------------------------------------------------------------------------------------------- what it means


class _No(Exception):
    """Why an operation cannot be applied."""


def apply(current: Any, operation: Operation) -> Any:
    """The prop after `operation`. `current` is not changed. Raises InvalidPatch, which says where.

    A typed array (array.array) is a list of numbers whose result is a typed array of the same dtype again.
    """
    change = _CHANGES.get(operation.name)
    if change is None:
        raise InvalidPatch(f"{operation.name!r} is not an operation.")
    for depth, key in enumerate(operation.path):
        _checked(key, operation.path[:depth])
    try:
        return _within(current, operation.path, operation, change)
    except _No as no:
        where = _at(operation.path) or "the prop itself"
        raise InvalidPatch(f"{operation.name} at {where}: {no}.") from None


def _within(current: Any, path: Path, operation: Operation, change: Callable[[Any, Operation], Any]) -> Any:
    """`current` with the part at `path` changed; what is beside the path is shared with `current`."""
    if not path:
        return change(current, operation)
    key, rest = path[0], path[1:]
    assigns = operation.name == "assign"
    if isinstance(key, int):
        items = _items(current)
        if not -len(items) <= key < len(items):
            raise _No(f"index {key} is not in a list of {len(items)}")
        if not rest and operation.name == "delete":
            del items[key]
        else:
            items[key] = _within(items[key], rest, operation, change)
        return _like(current, items)
    if current is None and assigns:
        current = {}  # as in Dash, assign makes the maps on its way
    if not isinstance(current, dict):
        raise _No(f"key {key!r} of {_kind(current)}")
    if key not in current and not assigns:
        raise _No(f"there is no key {key!r}")
    if not rest and operation.name == "delete":
        return {name: item for name, item in current.items() if name != key}
    return {**current, key: _within(current.get(key), rest, operation, change)}


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


def _at(path: Path) -> str:
    return "".join(f"[{key!r}]" for key in path)
