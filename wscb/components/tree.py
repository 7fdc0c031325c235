"""The components in a value: a layout, or what a callback returned. Nothing here changes or encodes the value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from wscb.components import dcc, html
from wscb.components.base import Component, Id, allowed_props, id_text, is_json_form
from wscb.errors import DeclarationError, DuplicateId

# Deeper than any page, and well below what the recursion of an encoder or a browser takes.
MAX_DEPTH = 200

_LEAVES = frozenset({str, int, float, bool, bytes, type(None)})


class Found(NamedTuple):
    """A component in a layout: its class (or its JSON form) and the props it can have (None: any name)."""

    component: type[Component] | Mapping[str, Any]
    props: frozenset[str] | None


def walk(value: object) -> Iterator[tuple[Component | dict[str, Any], str | None]]:
    """Every component in the value, in document order, with the id of its nearest ancestor in the value that has one.

    Looks into every prop, not only children, and into lists, tuples and dicts. A component written as its JSON form, or
    made by another library that has the same `to_plotly_json`, comes as its JSON form.
    Raises DeclarationError if the value is nested deeper than MAX_DEPTH, which a value that contains itself is.
    """
    stack: list[tuple[object, str | None, int]] = [(value, None, 0)]
    while stack:
        item, ancestor, depth = stack.pop()
        inner: Iterator[object] | tuple[()] = ()
        component = _as_component(item)
        if component is not None:
            yield component, ancestor
            own = id_of(component)
            ancestor = ancestor if own is None else own
            inner = iter(_props_of(component).values())
        elif isinstance(item, list | tuple):
            inner = iter(item)
        elif isinstance(item, dict):
            inner = iter(item.values())
        below = [(part, ancestor, depth + 1) for part in inner if type(part) not in _LEAVES]
        if below and depth >= MAX_DEPTH:
            raise DeclarationError(f"A value is nested deeper than {MAX_DEPTH} levels. Does it contain itself?")
        stack.extend(reversed(below))


def id_of(component: Component | Mapping[str, Any]) -> str | None:
    """The component's id as text, None if it has none. The JSON form of a component of ours has that text already."""
    id: Id | None = _props_of(component).get("id")
    if isinstance(component, dict) and isinstance(id, str) and id.startswith("{"):
        return id
    return None if id is None else id_text(id)


def find(layout: object) -> Mapping[str, Found]:
    """The components of the layout that have an id, by the id's text. Raises DuplicateId as `check_ids` does."""
    found: dict[str, Found] = {}
    for component, ancestor in walk(layout):
        own = id_of(component)
        if own is None:
            continue
        if own in found:
            raise DuplicateId(_twice(own, found[own].component, component, ancestor))
        found[own] = _found(component)
    return MappingProxyType(found)


def check_ids(layout: object) -> None:
    """Raises DuplicateId, naming both components, if two of them have one id."""
    find(layout)


def _as_component(item: object) -> Component | dict[str, Any] | None:
    if isinstance(item, Component):
        return item
    if isinstance(item, dict):
        return item if is_json_form(item) else None
    if hasattr(type(item), "to_plotly_json") and isinstance(getattr(item, "_namespace", None), str):
        form = item.to_plotly_json()  # type: ignore[attr-defined]
        return form if is_json_form(form) else None
    return None


def _props_of(component: Component | Mapping[str, Any]) -> Mapping[str, Any]:
    if isinstance(component, Component):
        return component._values
    props: Mapping[str, Any] = component["props"]
    return props


def _found(component: Component | dict[str, Any]) -> Found:
    if isinstance(component, Component):
        return Found(type(component), allowed_props(component))
    rooms = {"wscb_html": html, "wscb_dcc": dcc}
    known = getattr(rooms.get(component["namespace"]), component["type"], None)
    return Found(component, allowed_props(known) if isinstance(known, type) and issubclass(known, Component) else None)


def _twice(id: str, first: object, second: object, ancestor: str | None) -> str:
    inside = "" if ancestor is None else f", the second one inside of {ancestor!r}"
    return f"Two components have the id {id!r}: {_name(first)} and {_name(second)}{inside}. An id names one component."


def _name(component: object) -> str:
    if isinstance(component, Mapping):
        return str(component["type"])
    return component.__name__ if isinstance(component, type) else type(component).__name__
