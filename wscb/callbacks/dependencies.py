"""What a callback depends on: `Input`, `Output` and `State`, each one prop of one component.

Patterns (`MATCH`, `ALL`, `ALLSMALLER`) have their names here, and are refused where a dependency is made.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any

from wscb.components.base import id_text
from wscb.errors import DeclarationError

ComponentId = str | Mapping[str, Any]


class Wildcard(Enum):
    """A place in a dict id that stands for many components."""

    MATCH = "MATCH"
    ALL = "ALL"
    ALLSMALLER = "ALLSMALLER"

    def __repr__(self) -> str:
        return self.name


MATCH = Wildcard.MATCH
ALL = Wildcard.ALL
ALLSMALLER = Wildcard.ALLSMALLER


class Dependency:
    """One prop of one component. Two are equal when they name the same prop, whichever their kind, as in Dash."""

    __slots__ = ("component_id", "component_property", "id_text")

    def __init__(self, component_id: ComponentId, component_property: str) -> None:
        kind = type(self).__name__
        _check_id(kind, component_id)
        _check_prop(kind, component_id, component_property)
        self.component_id = component_id
        self.component_property = component_property
        self.id_text = id_text(component_id)

    @property
    def key(self) -> tuple[str, str]:
        """The component's id as text and the prop, as they stand on the wire."""
        return (self.id_text, self.component_property)

    def __str__(self) -> str:
        return f"{self.id_text}.{self.component_property}"

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.component_id!r}, {self.component_property!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Dependency) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)


class Input(Dependency):
    """A prop that triggers the callback when it changes, and whose value is an argument of it."""

    __slots__ = ()


class State(Dependency):
    """A prop whose value is an argument of the callback, and that does not trigger it."""

    __slots__ = ()


class Output(Dependency):
    """A prop that the callback returns.

    With `allow_duplicate` another callback may return it too; which of the two comes last is then not defined.
    """

    __slots__ = ("allow_duplicate",)

    def __init__(self, component_id: ComponentId, component_property: str, allow_duplicate: bool = False) -> None:
        super().__init__(component_id, component_property)
        self.allow_duplicate = allow_duplicate


def _check_id(kind: str, component_id: object) -> None:
    if isinstance(component_id, Mapping):
        wildcards = [value for value in component_id.values() if isinstance(value, Wildcard)]
        if wildcards:
            raise DeclarationError(
                f"{kind}({component_id!r}, ...) uses {wildcards[0].name}. Patterns (MATCH, ALL, ALLSMALLER) cannot be "
                f"used yet: name each component with its own id, one dependency for each."
            )
    elif not isinstance(component_id, str):
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
