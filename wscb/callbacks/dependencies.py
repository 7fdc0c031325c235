"""What a callback depends on: `Input`, `Output` and `State`, each one prop of one component.

A *pattern* is a dict id with wildcards (`MATCH`, `ALL`, `ALLSMALLER`): it stands for each component whose id has the
same keys, and the same values where the pattern has no wildcard.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import Enum
from itertools import count
from typing import Any

from wscb.components.base import Component, id_text
from wscb.errors import DeclarationError

ComponentId = str | Mapping[str, Any]
_given = count(1)


class Wildcard(Enum):
    """A value of a dict id that stands for many: `MATCH` for one in each call, the same in all ids of the callback;
    `ALL` for each there is, together in one call; `ALLSMALLER` for each that is smaller than the one of `MATCH`."""

    MATCH = "MATCH"
    ALL = "ALL"
    ALLSMALLER = "ALLSMALLER"

    def __repr__(self) -> str:
        return self.name


MATCH = Wildcard.MATCH
ALL = Wildcard.ALL
ALLSMALLER = Wildcard.ALLSMALLER


class Dependency:
    """One prop of one component, which is named by its id or given itself.

    Two are equal when they name the same prop, whichever their kind, as in Dash.
    """

    __slots__ = ("component_id", "component_property", "id_text", "wildcards")

    def __init__(self, component_id: ComponentId | Component, component_property: str) -> None:
        kind = type(self).__name__
        component_id = _id_of(component_id) if isinstance(component_id, Component) else component_id
        _check_id(kind, component_id)
        _check_prop(kind, component_id, component_property)
        self.component_id = component_id
        self.component_property = component_property
        self.wildcards = _wildcards(component_id)
        self.id_text = _pattern_text(component_id) if self.wildcards else id_text(component_id)

    @property
    def key(self) -> tuple[str, str]:
        """The component's id as text and the prop, as they stand on the wire; a wildcard is `["ALL"]` there."""
        return (self.id_text, self.component_property)

    @property
    def many(self) -> bool:
        """Whether it stands for any number of components at once, so that its value is a list."""
        return any(wildcard is not MATCH for wildcard in self.wildcards.values())

    @property
    def spec(self) -> list[Any]:
        """How the page data names it: `[id, prop]`, the id as text, or of a pattern as a map."""
        return [json.loads(self.id_text) if self.wildcards else self.id_text, self.component_property]

    def __str__(self) -> str:
        return f"{self.id_text}.{self.component_property}"

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.component_id!r}, {self.component_property!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Dependency) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)


class _Argument(Dependency):
    __slots__ = ("allow_optional",)

    def __init__(
        self, component_id: ComponentId | Component, component_property: str, allow_optional: bool = False
    ) -> None:
        super().__init__(component_id, component_property)
        self.allow_optional = allow_optional


class Input(_Argument):
    """A prop that triggers the callback when it changes, and whose value is an argument of it.

    With `allow_optional` the callback is called without the component too, and has None in its place.
    """

    __slots__ = ()


class State(_Argument):
    """A prop whose value is an argument of the callback, and that does not trigger it.

    With `allow_optional` the callback is called without the component too, and has None in its place.
    """

    __slots__ = ()


class Output(Dependency):
    """A prop that the callback returns.

    With `allow_duplicate` another callback may return it too; which of the two comes last is then not defined.
    """

    __slots__ = ("allow_duplicate",)

    def __init__(
        self, component_id: ComponentId | Component, component_property: str, allow_duplicate: bool = False
    ) -> None:
        super().__init__(component_id, component_property)
        self.allow_duplicate = allow_duplicate


def _id_of(component: Component) -> ComponentId:
    """Its id; one that has none is given one, which is the same whenever the same program starts."""
    if component.id is None:
        component.id = f"_{type(component).__name__}-{next(_given)}"
    found: ComponentId = component.id
    return found


def _wildcards(component_id: ComponentId) -> dict[str, Wildcard]:
    if isinstance(component_id, str):
        return {}
    return {key: value for key, value in component_id.items() if isinstance(value, Wildcard)}


def _pattern_text(pattern: ComponentId) -> str:
    """As `id_text`, with `["MATCH"]` for a wildcard, which no id can have as a value."""
    assert isinstance(pattern, Mapping)
    # In place of its wildcards it has the numbers of an id, so that the rest is checked, and written, as an id is.
    plain = json.loads(id_text({key: 0 if isinstance(value, Wildcard) else value for key, value in pattern.items()}))
    marked = {key: [value.name] if isinstance(value, Wildcard) else plain[key] for key, value in pattern.items()}
    return json.dumps({key: marked[key] for key in plain}, separators=(",", ":"), ensure_ascii=False)


def _check_id(kind: str, component_id: object) -> None:
    if not isinstance(component_id, (str, Mapping)):
        raise DeclarationError(
            f"{kind} takes the id of a component first, a str or a dict, and was given {component_id!r}. "
            f'Write {kind}("my-id", "children").'
        )


def _check_prop(kind: str, component_id: object, prop: object) -> None:
    if not isinstance(prop, str) or not prop or "." in prop:
        raise DeclarationError(
            f"{kind}({component_id!r}, {prop!r}): the second argument is the name of a prop, a str that is not empty "
            f'and has no dot. Write {kind}({component_id!r}, "children").'
        )
