"""From the arguments of `@callback` to a `Callback`, or to an error that names the function."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import takewhile
from typing import Any

from wscb.callbacks.clientside import check_clientside, in_the_page, named
from wscb.callbacks.declaration import Callback, Running, kind, origin
from wscb.callbacks.dependencies import Dependency, Input, Output, State
from wscb.callbacks.grouping import Grouping, leaves
from wscb.callbacks.injection import injected
from wscb.callbacks.options import check_options
from wscb.callbacks.signature import check_arguments
from wscb.errors import DeclarationError

LONGEST_ID = 256  # characters; each call carries its callback's id


def declare(
    function: Callable[..., Any],
    dependencies: Sequence[Any],
    output: Any,
    inputs: Any,
    state: Any,
    options: Mapping[str, Any],
) -> Callback:
    """The callback that these arguments of `@callback` declare for `function`. Raises DeclarationError."""
    if not callable(function):
        raise DeclarationError(f"@callback decorates a function, and was given {function!r}.")
    name, file, line = origin(function)
    where = f"{name} ({file}:{line})"
    outputs, given = _shapes(where, dependencies, output, inputs, state)
    options = {**options, "cancel": _cancel(where, options["cancel"]), "running": _running(where, options["running"])}
    found = _callback(function, (name, file, line), outputs, given, options)
    check_options(found)
    check_arguments(found)
    return replace(found, id=_derive_id(found))


def declare_clientside(
    function: object,
    file: str,
    line: int,
    dependencies: Sequence[Any],
    output: Any,
    inputs: Any,
    state: Any,
    options: Mapping[str, Any],
) -> Callback:
    """The callback that these arguments of `clientside_callback`, in this line, declare. Raises DeclarationError."""
    name, clientside, source = named(function, f"{file}:{line}")
    outputs, given = _shapes(f"{name} ({file}:{line})", dependencies, output, inputs, state)
    found = _callback(in_the_page, (name, file, line), outputs, given, {**options, "clientside": clientside})
    check_options(found)
    check_clientside(found)
    return replace(found, id=_derive_id(found), source=source)


def _callback(
    function: Callable[..., Any], origin: tuple[str, str, int], outputs: Grouping, given: Grouping, options: Any
) -> Callback:
    name, file, line = origin
    is_async, is_generator = kind(function)
    inputs = tuple(leaf for leaf in leaves(given) if isinstance(leaf, Input))
    state = tuple(leaf for leaf in leaves(given) if isinstance(leaf, State))
    return Callback(
        id="",
        function=function,
        name=name,
        file=file,
        line=line,
        outputs=tuple(leaf for leaf in leaves(outputs) if isinstance(leaf, Output)),
        inputs=inputs,
        state=state,
        output_grouping=outputs,
        argument_grouping=given,
        plain=_listed(given) == (*inputs, *state),
        is_async=is_async,
        is_generator=is_generator,
        injected=injected(function),
        **options,
    )


def _shapes(where: str, dependencies: Sequence[Any], output: Any, inputs: Any, state: Any) -> tuple[Grouping, Grouping]:
    """What the function returns and what it takes, each in the author's shape."""
    outputs, given = _by_position(where, dependencies)
    if output is not None:
        _check_unsaid(where, "output", outputs)
        outputs = _grouping(where, "output", output, (Output,))
    if inputs is not None:
        _check_unsaid(where, "inputs", given)
        given = _grouping(where, "inputs", inputs, (Input, State))
        given = (given,) if isinstance(given, Dependency) else given
    return outputs, given if state is None else _joined(where, given, _grouping(where, "state", state, (State,)))


def _by_position(where: str, dependencies: Sequence[Any]) -> tuple[Grouping, Grouping]:
    """Lists around them say nothing, as in Dash, but for a single Output in one, which is returned in one."""
    flat: list[Any] = []
    for one in dependencies:
        flat += one if isinstance(one, (list, tuple)) else [one]
    given = [_grouping(where, "", one, (Output, Input, State)) for one in flat]
    outputs = tuple(takewhile(_returned, given))
    arguments = tuple(given[len(outputs) :])
    if any(isinstance(leaf, Output) for leaf in leaves(arguments)):
        raise DeclarationError(f"{where} has an Output after an Input or State. Put all Outputs first.")
    single = len(outputs) == 1 and not isinstance(dependencies[0], (list, tuple))
    return outputs[0] if single else outputs, arguments[0] if len(arguments) == 1 else arguments


def _returned(grouping: Grouping) -> bool:
    found = list(leaves(grouping))
    return found != [] and all(isinstance(leaf, Output) for leaf in found)


def _check_unsaid(where: str, keyword: str, positional: Grouping) -> None:
    if positional != ():
        found = ", ".join(map(repr, leaves(positional)))
        raise DeclarationError(f"{where} has {keyword}= and, by position, {found}. Say it in one of the two ways.")


def _grouping(where: str, keyword: str, given: Any, kinds: tuple[type[Dependency], ...]) -> Grouping:
    if isinstance(given, (list, tuple)):
        return tuple(_grouping(where, keyword, one, kinds) for one in given)
    if isinstance(given, Mapping):
        if not all(isinstance(name, str) for name in given):
            of = f" {keyword}=" if keyword else ""
            raise DeclarationError(f"{where}: the keys of the dict{of} are names, and {list(given)} are not.")
        return {name: _grouping(where, keyword, one, kinds) for name, one in given.items()}
    _check_dependency(where, given, kinds)
    found: Dependency = given
    return found


def _check_dependency(where: str, given: Any, kinds: tuple[type[Dependency], ...]) -> None:
    if isinstance(given, kinds):
        return
    wanted = " or ".join(one.__name__ for one in kinds)
    raise DeclarationError(f"{where}: expected {wanted}, and found {given!r}.{_instead(given, kinds[0].__name__)}")


def _instead(given: object, kind: str) -> str:
    if isinstance(given, str):
        id, _, prop = given.rpartition(".")
        return f' Write {kind}("{id or given}", "{prop if id else "children"}"), or what it is to be.'
    if isinstance(given, type) and issubclass(given, Dependency):
        return f' Write {given.__name__}("my-id", "children").'
    return " A function of the page is given to clientside_callback." if callable(given) else ""


def _joined(where: str, given: Grouping, more: Grouping) -> Grouping:
    """`inputs=` with `state=` behind it: two dicts make one, anything else is by position."""
    if isinstance(given, dict) and isinstance(more, dict):
        if set(given) & set(more):
            raise DeclarationError(f"{where}: inputs= and state= both have {sorted(set(given) & set(more))}.")
        return {**given, **more}
    if isinstance(given, dict) or isinstance(more, dict):
        if given == ():
            return more
        raise DeclarationError(f"{where}: of inputs= and state= one is a dict. Make both dicts, or neither.")
    return (*_listed(given), *_listed(more))


def _listed(grouping: Grouping) -> tuple[Grouping, ...]:
    return grouping if isinstance(grouping, tuple) else (grouping,)


def _cancel(where: str, given: Any) -> tuple[Input, ...]:
    found = _several(given)
    for one in found:
        if not isinstance(one, Input):
            raise DeclarationError(f"{where}: cancel= takes Inputs, and found {one!r}.")
    return found


def _running(where: str, given: Any) -> tuple[Running, ...]:
    found = _several(given)
    if len(found) == 3 and isinstance(found[0], Output):
        found = (found,)
    for one in found:
        if not (isinstance(one, (list, tuple)) and len(one) == 3 and isinstance(one[0], Output)):
            raise DeclarationError(
                f"{where}: running= takes a list of triples (Output, value while it runs, value when it does not), "
                f"and found {one!r}."
            )
    return tuple(Running(*one) for one in found)


def _several(given: Any) -> tuple[Any, ...]:
    return tuple(given) if isinstance(given, (list, tuple)) else (given,)


def _derive_id(callback: Callback) -> str:
    """Outputs, inputs and states; where these need not be unique, the function's name too, so that imports in another
    order make the same ids."""
    sides = [callback.outputs, callback.inputs, *([callback.state] if callback.state else [])]
    id = "|".join(",".join(map(str, side)) for side in sides)
    if len(id) > LONGEST_ID:
        id = f"{id[:LONGEST_ID]}…{hashlib.sha256(id.encode()).hexdigest()[:16]}"
    if callback.outputs and not any(output.allow_duplicate for output in callback.outputs):
        return id
    return f"{id}#{callback.function.__module__}.{callback.name}"
