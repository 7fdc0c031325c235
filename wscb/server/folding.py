"""`Values`: what a shared task has set so far, so that who comes later gets all of it at once.

A set is kept as it was packed. The first operation on it unpacks it, and from then on operations are applied to the
object; it is packed again when somebody comes, and that is kept until the next write. So an append costs what it adds.

They are in the order of their last sets: what a value brings is then there before what was set of it. A value that
names components takes with it what was set of those that it makes anew, and of those that it takes away.
"""

from __future__ import annotations

import copy
from array import array
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from wscb.components.tree import id_of, walk
from wscb.errors import InvalidPatch
from wscb.protocol import codec
from wscb.protocol.operations import Operation, Path, apply
from wscb.session import Change, changes_of
from wscb.session.changes import Key

_PACKED = object()
_SPARE = 64
"""Names of components that may be out of date before they are looked up again."""


class Held:
    """One prop: packed, as an object, or both. `kids` are the components that it names, and some that it did."""

    __slots__ = ("_change", "_counted", "_value", "key", "kids")

    def __init__(self, key: Key, change: Change | None, value: Any = _PACKED) -> None:
        self.key = key
        self._change = change
        self._value = value
        self.kids: set[str] = set()
        self._counted = 0

    @property
    def change(self) -> Change:
        """The set that makes the prop what it is now. Raises CannotEncode."""
        if self._change is None:
            (self._change,) = changes_of(self.key[0], {self.key[1]: self._value})
        return self._change

    @property
    def value(self) -> Any:
        if self._value is _PACKED:
            self._value = _unpacked(self.change)
        return self._value

    def apply(self, operation: Operation) -> None:
        """Raises InvalidPatch, and then nothing has changed."""
        self._value = applied(self.value, operation, self.key[1])
        self._change = None

    def gone(self) -> set[str]:
        """The components that it named and does not name any more, looked up when there may be many of them."""
        if len(self.kids) <= 2 * self._counted + _SPARE:
            return set()
        there = {id for component, _ in walk(self.value) if (id := id_of(component)) is not None}
        gone, self.kids = self.kids - there, self.kids & there
        self._counted = len(self.kids)
        return gone


class Values:
    """Memory is that of the values. `put` takes changes in the order in which pages get them."""

    def __init__(self) -> None:
        self._held: dict[Key, Held] = {}
        self._props: dict[str, set[str]] = {}
        self._home: dict[str, Key] = {}
        """The prop whose value named a component last."""

    def put(self, change: Change) -> None:
        """Raises InvalidPatch for an operation that has no place, or on a prop that is not known."""
        if change.op:
            self._put_op(change)
        else:
            self._forget(self._remove(change.key))
            self._adopt(self._hold(Held(change.key, change)), change)

    def snapshot(self) -> list[Change]:
        """The sets that make all props what they are now. Raises CannotEncode."""
        return [held.change for held in self._held.values()]

    def _put_op(self, change: Change) -> None:
        held = self._known(change.key)
        held.apply(Operation.from_wire(_unpacked(change)))
        self._adopt(held, change)
        self._forget(kid for kid in held.gone() if self._home.get(kid) == change.key)

    def _known(self, key: Key) -> Held:
        held = self._held.get(key)
        if held is not None:
            return held
        component, prop = key
        home = self._held.get(self._home.get(component, key))  # not held when a component is within itself
        for found, _ in walk(home.value) if home else ():
            props: Any = found["props"] if isinstance(found, dict) else {}
            if id_of(found) == component and prop in props:
                return self._hold(Held(key, None, copy.deepcopy(props[prop])))
        raise InvalidPatch(
            f"it has not set {component}.{prop} itself, and what a page has there others need not have. Set the whole "
            f"value first, as with set_props({component!r}, {{{prop!r}: []}})"
        )

    # ------------------------------------------------------------------------------------------------ components

    def _hold(self, held: Held) -> Held:
        self._held[held.key] = held
        self._props.setdefault(held.key[0], set()).add(held.key[1])
        return held

    def _adopt(self, held: Held, change: Change) -> None:
        """The components that the change names are new, and live in this value."""
        kids = [kid for kid, _ in change.kids]
        self._forget(kids)
        for kid in kids:
            self._home[kid] = held.key
        held.kids.update(kids)

    def _remove(self, key: Key) -> list[str]:
        """Forgets a prop; returns the components that live in its value."""
        held = self._held.pop(key, None)
        if held is None:
            return []
        self._props[key[0]].discard(key[1])
        return [kid for kid in held.kids if self._home.get(kid) == key]

    def _forget(self, components: Iterable[str]) -> None:
        """What was set of these, and of all that came with that."""
        todo = list(components)
        while todo:
            component = todo.pop()
            self._home.pop(component, None)
            for prop in self._props.pop(component, ()):
                todo += self._remove_of(component, prop)

    def _remove_of(self, component: str, prop: str) -> list[str]:
        held = self._held.pop((component, prop))
        return [kid for kid in held.kids if self._home.get(kid) == held.key]


def applied(value: Any, operation: Operation, prop: str = "") -> Any:
    """As `apply`, for a value that nobody else has: an append or extend changes it in place. Raises InvalidPatch."""
    if operation.name in ("append", "extend"):
        part = _part(value, operation.path)
        if type(part) is list or type(part) is array:
            try:
                added = apply(part[:0], replace(operation, path=(), maxlen=None))
            except InvalidPatch:
                return apply(value, operation, prop)  # which says where
            part.extend(added)
            if operation.maxlen is not None:
                del part[: max(0, len(part) - operation.maxlen)]
            return value
    return apply(value, operation, prop)


def _part(value: Any, path: Path) -> Any:
    """What is at the path; None where it leads nowhere."""
    for key in path:
        if isinstance(key, str):
            value = value.get(key) if isinstance(value, dict) else None
        else:
            value = value[key] if isinstance(value, list) and -len(value) <= key < len(value) else None
    return value


def _unpacked(change: Change) -> Any:
    return codec.unpack(change.packed, codec.ANY_SERVER)[3]
