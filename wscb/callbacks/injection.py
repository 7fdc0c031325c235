"""Parameters that no Input fills: the framework that serves does, by a marker such as `Depends(...)`.

The marker stands as a default, or within `Annotated[...]`. No framework is known here: a marker is what has
`dependency` and `use_cache`.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple, get_args

_POSITIONAL = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)


class Injected(NamedTuple):
    """A parameter with its marker; its annotation is no text any more. `position` is None for a keyword's."""

    parameter: inspect.Parameter
    position: int | None

    @property
    def name(self) -> str:
        return self.parameter.name


def injected(function: Callable[..., Any]) -> tuple[Injected, ...]:
    """The parameters of the function that have a marker, in their order; those below a decorator count."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):  # some built-ins do not tell
        return ()
    names = names_of(function)
    found = (
        Injected(with_annotation(parameter, names), index if parameter.kind in _POSITIONAL else None)
        for index, parameter in enumerate(parameters)
    )
    return tuple(one for one in found if _marked(one.parameter))


def with_injected(
    found: Sequence[Injected], values: Mapping[str, Any], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """What to call the function with, each injected value at its place among those of Inputs and States."""
    placed, named = list(args), dict(kwargs)
    for one in found:
        if one.position is not None and one.position <= len(placed):
            placed.insert(one.position, values[one.name])
        else:
            named[one.name] = values[one.name]
    return tuple(placed), named


def with_annotation(parameter: inspect.Parameter, names: dict[str, Any]) -> inspect.Parameter:
    """With the annotation itself in place of its text; one that means nothing here is left out."""
    if not isinstance(parameter.annotation, str):
        return parameter
    annotation: Any = inspect.Parameter.empty
    with suppress(Exception):  # a name that is there for type checkers alone
        annotation = eval(parameter.annotation, names)
    return parameter.replace(annotation=annotation)


def names_of(function: Callable[..., Any]) -> dict[str, Any]:
    """What the names in its annotations mean."""
    inner: Any = inspect.unwrap(function)
    while isinstance(inner, functools.partial):
        inner = inspect.unwrap(inner.func)
    return dict(getattr(inner, "__globals__", None) or getattr(type(inner).__call__, "__globals__", {}))


def _marked(parameter: inspect.Parameter) -> bool:
    annotated = get_args(parameter.annotation)[1:] if hasattr(parameter.annotation, "__metadata__") else ()
    return any(map(_is_marker, (parameter.default, *annotated)))


def _is_marker(value: Any) -> bool:
    return isinstance(getattr(value, "use_cache", None), bool) and hasattr(value, "dependency")
