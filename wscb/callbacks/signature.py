"""Between the flat lists of the wire and what a callback takes and returns."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from wscb.callbacks.dependencies import Dependency, Input
from wscb.callbacks.grouping import Grouping, fill
from wscb.callbacks.injection import with_injected
from wscb.errors import DeclarationError, ReturnMismatch

if TYPE_CHECKING:
    from wscb.callbacks.declaration import Callback
    from wscb.callbacks.patterns import Ids


class NoUpdate:
    """The type of `no_update`, of which there is one."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "no_update"

    def __reduce__(self) -> str:
        return "no_update"  # a copy, or the far end of a pickle, is the same one


no_update = NoUpdate()
"""Returned for an output, it leaves that output as it is."""


def arguments(
    callback: Callback, inputs: Sequence[Any], state: Sequence[Any], injected: Mapping[str, Any] | None = None
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """What to call the function with: `function(*args, **kwargs)`. There is one value for each Input and each State,
    and one in `injected` for each parameter that the backend fills. What the function does to its lists is not seen in
    `ctx`, nor by the next run of a task that is started again."""
    if callback.restart is not None:
        inputs, state = copy.deepcopy((inputs, state))
    elif callback.patterns:
        inputs, state = _copied(inputs), _copied(state)
    args, kwargs = _own(callback, inputs, state)
    return with_injected(callback.injected, injected or {}, args, kwargs) if callback.injected else (args, kwargs)


def _own(callback: Callback, inputs: Sequence[Any], state: Sequence[Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
    if callback.plain:
        return (*inputs, *state), {}
    of_inputs, of_state = iter(inputs), iter(state)

    def value(dependency: Dependency) -> Any:
        return next(of_inputs if isinstance(dependency, Input) else of_state)

    return call_form(fill(callback.argument_grouping, value))


def _copied(values: Sequence[Any]) -> list[Any]:
    """The values of patterns with ALL are lists of the call's own."""
    return [list(value) if isinstance(value, list) else value for value in values]


def call_form(filled: Any) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """A dict is given by keyword, a tuple by position, and a single value is the one argument."""
    if isinstance(filled, dict):
        return (), filled
    return (filled if isinstance(filled, tuple) else (filled,)), {}


def flatten(callback: Callback, returned: Any, ids: Ids | None = None) -> list[tuple[str, str, Any]]:
    """What a callback returned or yielded, as (component id, prop, value); `no_update` drops out.

    `ids` are what its outputs stand for in this call, when it has patterns. An output with ALL has a list of values.
    Raises ReturnMismatch when it has another shape than the outputs.
    """
    output = callback.output_grouping
    if not ids and isinstance(output, Dependency):  # nearly all of them
        return [] if returned is no_update else [(output.id_text, output.component_property, returned)]
    stands_for = dict(zip(callback.outputs, ids, strict=True)) if ids else {}
    return list(_pairs(callback, callback.output_grouping, returned, "", stands_for))


def _pairs(
    callback: Callback, grouping: Grouping, value: Any, path: str, stands_for: Mapping[Any, str | Sequence[str] | None]
) -> Iterator[tuple[str, str, Any]]:
    if value is no_update:
        return
    if isinstance(grouping, Dependency):
        yield from _written(callback, grouping, value, path, stands_for.get(grouping))
    elif isinstance(grouping, dict):
        _check_dict(callback, grouping, value, path)
        for name, part in grouping.items():
            yield from _pairs(callback, part, value[name], f"{path}[{name!r}]", stands_for)
    elif callback.outputs or value is not None:
        _check_sequence(callback, grouping, value, path)
        for index, part in enumerate(grouping):
            yield from _pairs(callback, part, value[index], f"{path}[{index}]", stands_for)


def _written(
    callback: Callback, output: Dependency, value: Any, path: str, ids: str | Sequence[str] | None
) -> Iterator[tuple[str, str, Any]]:
    prop = output.component_property
    if ids is None or isinstance(ids, str):
        yield ids or output.id_text, prop, value
        return
    if not isinstance(value, (list, tuple)) or len(value) != len(ids):
        got = _describe(value)
        raise ReturnMismatch(
            f"{callback.where} returned {got}{_at(path)} for the output {output}, which stands for {len(ids)} "
            f"components in this call. Return a list of as many values, in the order of ctx.outputs_list, with "
            f"no_update for what is to stay as it is."
        )
    yield from ((id, prop, one) for id, one in zip(ids, value, strict=True) if one is not no_update)


def _check_dict(callback: Callback, grouping: dict[str, Grouping], value: Any, path: str) -> None:
    if not isinstance(value, Mapping) or set(value) != set(grouping):
        got = f"a dict with {sorted(map(str, value))}" if isinstance(value, Mapping) else _describe(value)
        raise ReturnMismatch(
            f"{callback.where} returned {got}{_at(path)}, and its outputs are a dict with {sorted(grouping)}. "
            f"Return exactly these keys, with no_update for what is to stay as it is."
        )


def _check_sequence(callback: Callback, grouping: tuple[Grouping, ...], value: Any, path: str) -> None:
    if not callback.outputs:
        raise ReturnMismatch(
            f"{callback.where} returned {_describe(value)}, and it has no output. Return nothing, or declare an Output."
        )
    if not isinstance(value, (list, tuple)) or len(value) != len(grouping):
        got = _describe(value)
        raise ReturnMismatch(
            f"{callback.where} returned {got}{_at(path)}, and it has {len(grouping)} outputs: "
            f"{', '.join(map(str, callback.outputs))}. Return a list or tuple of {len(grouping)}, with no_update for "
            f"what is to stay as it is."
        )


def _describe(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return "1 value" if len(value) == 1 else f"{len(value)} values"
    return "None" if value is None else f"one {type(value).__name__}"


def _at(path: str) -> str:
    return f" at {path}" if path else ""


def check_arguments(callback: Callback) -> None:
    """Raises DeclarationError when the function cannot be called with what its dependencies give.

    The function itself is looked at, not what it wraps: a decorator may add or take arguments.
    """
    try:
        signature = inspect.signature(callback.function, follow_wrapped=False)
    except ValueError:  # some built-ins do not tell
        return
    args, kwargs = call_form(fill(callback.argument_grouping, str))
    placed, named = with_injected(callback.injected, dict.fromkeys(one.name for one in callback.injected), args, kwargs)
    try:
        signature.bind(*placed, **named)
    except TypeError as error:
        count = len(args) + len(kwargs)
        given = ", ".join(map(str, (*callback.inputs, *callback.state))) or "no Input or State"
        raise DeclarationError(
            f"{callback.where} has the parameters {signature}, and is called with {count} "
            f"argument{'' if count == 1 else 's'} ({given}): {error}. Make the parameters of the function and the "
            f"Inputs and States of its callback the same in number and order."
        ) from None
