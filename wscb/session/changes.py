"""A change of one prop, packed once in the thread of `set_props`, and shared by every outbox that gets it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from wscb.components.base import id_text, is_json_form
from wscb.errors import ValueTooLarge
from wscb.protocol import codec
from wscb.protocol.limits import Limits
from wscb.protocol.operations import Operation
from wscb.protocol.patch import Patch

Key: TypeAlias = tuple[str, str]
"""(component, prop)"""

_LEAVES = frozenset({str, int, float, bool, bytes, type(None)})


class Change:
    """A set, or one operation, as it goes over the wire. Immutable by agreement, so that sessions share it.

    `items` counts what an append or extend adds, 0 for all else; `maxlen` and `path` are the operation's.
    `kids` are the components with an id that the value names, each with the (component, prop) that holds it.
    """

    __slots__ = ("items", "key", "kids", "maxlen", "op", "packed", "path", "size")

    def __init__(
        self,
        component: str,
        prop: str,
        packed: bytes,
        *,
        op: bool = False,
        items: int = 0,
        maxlen: int | None = None,
        path: tuple[str | int, ...] = (),
        kids: tuple[tuple[str, Key], ...] = (),
    ) -> None:
        self.key = (component, prop)
        self.packed = packed
        self.size = len(packed)
        self.op = op
        self.items = items
        self.maxlen = maxlen
        self.path = path
        self.kids = kids

    @property
    def component(self) -> str:
        return self.key[0]

    @property
    def prop(self) -> str:
        return self.key[1]

    def __repr__(self) -> str:
        return f"<Change {'op' if self.op else 'set'} {self.component}.{self.prop}, {self.size} bytes>"


def changes_of(component: str, props: Mapping[str, Any]) -> list[Change]:
    """Pack a `set_props`, a `Patch` as one change an operation. Raises CannotEncode."""
    changes = []
    for prop, value in props.items():
        if isinstance(value, Patch):
            changes += [_op(component, prop, operation) for operation in value.operations]
        else:
            packed = codec.change_set(component, prop, value)
            changes.append(Change(component, prop, packed, kids=_kids(value, (component, prop))))
    return changes


def check_sizes(changes: Iterable[Change], limits: Limits) -> None:
    """Raises ValueTooLarge, which names component and prop: for one value, or for all that is to arrive together."""
    together, limit = 0, limits.largest_value
    for change in changes:
        together += change.size
        if change.size > limit:
            raise ValueTooLarge(
                f"{change.component}.{change.prop} takes {change.size} bytes, the limit is {limit}. "
                "Send less, or a Patch, or raise Limits(value_bytes=...)."
            )
        if together > limits.outbox_bytes:
            raise ValueTooLarge(
                f"With {change.component}.{change.prop} this update takes {together} bytes, and no more than "
                f"{limits.outbox_bytes} are held for a page. Send it in parts, or raise Limits(outbox_bytes=...)."
            )


def _op(component: str, prop: str, operation: Operation) -> Change:
    return Change(
        component,
        prop,
        codec.change_op(component, prop, operation),
        op=True,
        items=_added(operation),
        maxlen=operation.maxlen,
        path=operation.path,
        kids=_kids(operation.value, (component, prop)),
    )


def _added(operation: Operation) -> int:
    if operation.name == "append":
        return 1
    return len(operation.value) if operation.name == "extend" else 0


def _kids(value: Any, owner: Key) -> tuple[tuple[str, Key], ...]:
    return () if type(value) in _LEAVES else tuple(_find(value, owner))


def _find(value: Any, owner: Key) -> Iterator[tuple[str, Key]]:
    """Parents come before their kids. A component without an id leaves its kids to whoever holds it."""
    todo: list[tuple[Any, Key]] = [(value, owner)]
    while todo:
        item, owner = todo.pop()
        if hasattr(item, "_namespace"):
            item = item.to_plotly_json()
        if is_json_form(item):
            props, id = item["props"], _id(item["props"].get("id"))
            if id is not None:
                yield id, owner
            todo += [(v, owner if id is None else (id, p)) for p, v in props.items() if type(v) not in _LEAVES]
        elif isinstance(item, Mapping):
            todo += [(v, owner) for v in item.values() if type(v) not in _LEAVES]
        elif isinstance(item, list | tuple):
            todo += [(v, owner) for v in item if type(v) not in _LEAVES]


def _id(id: Any) -> str | None:
    """The JSON form of a component has the text of a dict id already; one made by hand may have the dict itself."""
    return id if id is None or (isinstance(id, str) and id.startswith("{")) else id_text(id)
