"""Groupings: dependencies in the shape that the author gave them, a single one or lists, tuples and dicts of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from wscb.callbacks.dependencies import Dependency

Grouping: TypeAlias = "Dependency | tuple[Grouping, ...] | dict[str, Grouping]"


def leaves(grouping: Grouping) -> Iterator[Dependency]:
    """Its dependencies, in order."""
    if isinstance(grouping, Dependency):
        yield grouping
    else:
        for part in grouping.values() if isinstance(grouping, dict) else grouping:
            yield from leaves(part)


def fill(grouping: Grouping, value_of: Callable[[Dependency], Any]) -> Any:
    """The same shape with a value for each dependency, asked for in order."""
    if isinstance(grouping, Dependency):
        return value_of(grouping)
    if isinstance(grouping, dict):
        return {name: fill(part, value_of) for name, part in grouping.items()}
    return tuple(fill(part, value_of) for part in grouping)
