"""Ids with wildcards: which components they stand for, on a page and in one call.

A callback with patterns is called for *instances* of it: one for each combination of values that its `MATCH` keys can
have on the page. The *teller* says which these are: the first output with MATCH that stands for one component, else
the first output with MATCH; when no output has MATCH, the same of the inputs. Without a teller there is one instance.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from wscb.callbacks.dependencies import ALLSMALLER, MATCH, Dependency, Wildcard
from wscb.components.base import id_text
from wscb.errors import DeclarationError

Value: TypeAlias = str | int | float | bool
Bindings: TypeAlias = dict[str, Value]
"""What MATCH stands for, by the key of the ids."""
Ids: TypeAlias = Sequence[str | Sequence[str] | None]
"""For each of the outputs, inputs or states: None when its id is fixed, else the id that it stands for as text, or a
list of them."""
Instance: TypeAlias = tuple[Ids, Ids, Ids]

# As people write numbers, and not all that Python or JavaScript would read as one.
_NUMERIC = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")


def parse_id(text: str) -> dict[str, Value] | None:
    """The dict id with this text; None for what is not one, or is not written as ids are."""
    try:
        id = json.loads(text) if text.startswith("{") else None
        return id if id is not None and id_text(id) == text else None
    except (ValueError, RecursionError, DeclarationError):
        return None


def bind(pattern: Dependency, id: Mapping[str, Value]) -> Bindings | None:
    """What MATCH stands for if the pattern stands for this id; None if it does not."""
    wanted = pattern.component_id
    if isinstance(wanted, str) or wanted.keys() != id.keys():
        return None
    if not all(isinstance(value, Wildcard) or same(value, id[key]) for key, value in wanted.items()):
        return None
    return {key: id[key] for key, wildcard in pattern.wildcards.items() if wildcard is MATCH}


def overlap(left: Dependency, right: Dependency) -> bool:
    """Whether there can be a component, of which both name the same prop."""
    one, other = left.component_id, right.component_id
    if left.component_property != right.component_property:
        return False
    if isinstance(one, str) or isinstance(other, str):
        return one == other
    return one.keys() == other.keys() and all(_meet(value, other[key]) for key, value in one.items())


def _meet(one: Any, other: Any) -> bool:
    return isinstance(one, Wildcard) or isinstance(other, Wildcard) or same(one, other)


def same(one: Value, other: Value) -> bool:
    """Equality as JSON has it: 1 is 1.0, and neither "1" nor true."""
    return isinstance(one, bool) == isinstance(other, bool) and one == other


def smaller(one: Value, other: Value) -> bool:
    """The order of ALLSMALLER: numbers and texts that are numbers, then false and true, then other texts."""
    return _rank(one) < _rank(other)


def _rank(value: Value) -> tuple[int, Any]:
    if isinstance(value, bool):
        return 1, value
    if not isinstance(value, str):
        return 0, value
    if _NUMERIC.fullmatch(value) and math.isfinite(float(value)):
        return 0, float(value)
    return 2, value.encode("utf-16-be", "surrogatepass")  # JavaScript's order


def teller(outputs: Sequence[Dependency], inputs: Sequence[Dependency]) -> Dependency | None:
    """The dependency whose MATCH values tell the instances apart; None when there is but one instance."""
    for side in (outputs, inputs):
        matching = [dependency for dependency in side if MATCH in dependency.wildcards.values()]
        if matching:
            return next((dependency for dependency in matching if not dependency.many), matching[0])
    return None


def instances(
    outputs: Sequence[Dependency], inputs: Sequence[Dependency], state: Sequence[Dependency], ids: Sequence[str]
) -> list[Instance]:
    """The instances that there are on a page with these ids, which stand in layout order; so do those of a list.

    An id that stands for one component is there whether or not the component is.
    """
    page = {text: id for text in ids if (id := parse_id(text)) is not None}
    telling = teller(outputs, inputs)
    return [
        (
            [_stands_for(output, bindings, page) for output in outputs],
            [_stands_for(input, bindings, page) for input in inputs],
            [_stands_for(one, bindings, page) for one in state],
        )
        for bindings in ([{}] if telling is None else _told(telling, page))
    ]


def _told(telling: Dependency, page: Mapping[str, Mapping[str, Value]]) -> Iterable[Bindings]:
    found: dict[str, Bindings] = {}
    for id in page.values():
        bindings = bind(telling, id)
        if bindings is not None:
            found.setdefault(id_text(bindings), bindings)
    return found.values()


def _stands_for(
    dependency: Dependency, bindings: Bindings, page: Mapping[str, Mapping[str, Value]]
) -> str | list[str] | None:
    if not dependency.wildcards:
        return None
    if dependency.many:
        return [text for text, id in page.items() if not _misfit(dependency, id, bindings)]
    assert isinstance(dependency.component_id, Mapping)
    return id_text({**dependency.component_id, **{key: bindings[key] for key in dependency.wildcards}})


def _misfit(pattern: Dependency, id: Mapping[str, Value], bindings: Bindings) -> bool:
    """Whether the pattern does not stand for the id when MATCH stands for `bindings`."""
    found = bind(pattern, id)
    if found is None or not all(same(value, bindings[key]) for key, value in found.items()):
        return True
    return any(
        wildcard is ALLSMALLER and not smaller(id[key], bindings[key]) for key, wildcard in pattern.wildcards.items()
    )
