"""`Patch`: changes parts of a prop with the statements that one would write for a list or a dict."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from numbers import Number
from typing import Any, NoReturn

from wscb.errors import InvalidPatch
from wscb.protocol.operations import Key, Operation, Path, apply, checked_key, spelled

__all__ = ["Operation", "Patch", "apply"]


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
        return _bind(object.__new__(Patch), (*self._path, checked_key(key, self._path)), self._operations)

    def __setitem__(self, key: Key, value: Any) -> None:
        path = (*self._path, checked_key(key, self._path))
        if not isinstance(value, Patch):
            self._operations.append(Operation("assign", path, value))
        elif value._path != path or value._operations is not self._operations:  # else the end of `p[key] += value`
            raise InvalidPatch(
                f"Patch{spelled(path)} = another Patch: assign a plain value, or change this Patch in place."
            )

    def __delitem__(self, key: Key) -> None:
        self._operations.append(Operation("delete", (*self._path, checked_key(key, self._path))))

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
            raise InvalidPatch(f"Patch{spelled(self._path)}.insert({index!r}, ...): the index must be an int.")
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
        if isinstance(value, str):
            self._add("add", value)
        elif value is None or isinstance(value, Number):
            self._add("add", _number(value, "+=", self._path))
        else:
            self.extend(value)
        return self

    def __isub__(self, value: Any) -> Patch:
        self._add("sub", _number(value, "-=", self._path))
        return self

    def __imul__(self, value: Any) -> Patch:
        self._add("mul", _number(value, "*=", self._path))
        return self

    def __itruediv__(self, value: Any) -> Patch:
        if _number(value, "/=", self._path) == 0:
            raise InvalidPatch(f"Patch{spelled(self._path)} /= 0: a division by zero.")
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
            raise InvalidPatch(f"Patch{spelled(self._path)}: {name} of another Patch; a Patch has no value to send.")
        self._operations.append(Operation(name, self._path, value, maxlen))

    def _no_reading(self, *_: Any) -> NoReturn:
        raise InvalidPatch(
            f"Patch{spelled(self._path)} cannot be read: the value is in the page. "
            "Take it as an Input or State, or ask for it with get_prop()."
        )

    __iter__ = __len__ = __contains__ = __int__ = __float__ = __index__ = _no_reading
    __lt__ = __le__ = __gt__ = __ge__ = __radd__ = __rsub__ = __rmul__ = __rtruediv__ = _no_reading

    def __call__(self, *_: Any, **__: Any) -> NoReturn:
        raise InvalidPatch(f"Patch{spelled(self._path)}(...): a Patch has no such operation.")

    def __bool__(self) -> bool:
        """That there is one. Whether a part of the prop is true only the page knows."""
        return True if not self._path else self._no_reading()

    def __reduce__(self) -> tuple[Any, ...]:
        return _copied, (self._path, list(self._operations))

    def __repr__(self) -> str:
        return f"<Patch{spelled(self._path)}: {len(self._operations)} operations>"


for _name in ("__add__", "__sub__", "__mul__", "__truediv__", "__or__"):
    setattr(Patch, _name, Patch._no_reading)  # in the class their types would not go with those of += and the like


def _bind(patch: Patch, path: Path, operations: list[Operation]) -> Patch:
    object.__setattr__(patch, "_path", path)
    object.__setattr__(patch, "_operations", operations)
    return patch


def _copied(path: Path, operations: list[Operation]) -> Patch:
    return _bind(object.__new__(Patch), path, operations)


def _number(value: Any, sign: str, path: Path) -> Any:
    if isinstance(value, Number) and not isinstance(value, bool):
        return value
    raise InvalidPatch(f"Patch{spelled(path)} {sign} {value!r}: a page calculates with numbers alone.")


def _checked_maxlen(maxlen: object, path: Path) -> int | None:
    if maxlen is None or (type(maxlen) is int and maxlen >= 0):
        return maxlen
    raise InvalidPatch(f"Patch{spelled(path)}: maxlen={maxlen!r} must be an int, 0 or more.")


def _sequence(items: Any, path: Path) -> Any:
    """As it is when it is a list or an array, a list of it when it is another iterable."""
    if isinstance(items, (str, bytes, dict, Patch)) or not isinstance(items, Iterable):
        raise InvalidPatch(f"Patch{spelled(path)}: extend takes a list or an array, not {type(items).__name__}.")
    return items if hasattr(items, "dtype") or isinstance(items, (array, memoryview)) else list(items)
