"""What one callback cannot have, or not together: checked where it is declared, so that the error names its line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import get_args

from wscb.callbacks.conflicts import Outputs
from wscb.callbacks.declaration import Callback, OnRepeat, Restart
from wscb.callbacks.dependencies import ALLSMALLER, MATCH, Dependency, Wildcard
from wscb.callbacks.endpoint import wrong_endpoint
from wscb.callbacks.patterns import teller
from wscb.callbacks.sharing import wrong_for_all
from wscb.errors import DeclarationError

ON_REPEAT, RESTART = get_args(OnRepeat), get_args(Restart)


def check_options(callback: Callback) -> None:
    """Raises DeclarationError."""
    for mistakes in (_wrong_values, _wrong_wildcards, _wrong_for_a_task, wrong_for_all, wrong_endpoint):
        for mistake in mistakes(callback):
            raise DeclarationError(f"{callback.where}{mistake}")


def _wrong_values(callback: Callback) -> Iterator[str]:
    if callback.on_repeat not in ON_REPEAT:
        yield f": on_repeat={callback.on_repeat!r} is none of {', '.join(ON_REPEAT)}."
    if callback.on_error is not None and not callable(callback.on_error):
        yield f": on_error= takes a function, and found {callback.on_error!r}."
    if callback.prevent_initial_call not in (None, True, False, "initial_duplicate"):
        chosen = callback.prevent_initial_call
        yield f': prevent_initial_call={chosen!r} is neither True, False nor "initial_duplicate".'

    if callback.restart not in (None, *RESTART):
        yield f": restart={callback.restart!r} is neither None nor {', '.join(map(repr, RESTART))}."
    elif callback.restart and not callback.persistent:
        yield " has restart= and is not persistent. A call is run once: leave out restart, or declare persistent=True."
    if callback.timeout is not None and not _positive(callback.timeout):
        yield f": timeout={callback.timeout!r} is not a number of seconds, more than 0."


def _positive(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < value < float("inf")


def _wrong_wildcards(callback: Callback) -> Iterator[str]:
    running = [one.output for one in callback.running]
    for output in (*callback.outputs, *running):
        if ALLSMALLER in output.wildcards.values():
            yield f" has {output!r}, and ALLSMALLER is for Inputs and States. Use MATCH or ALL."
    told = teller(callback.outputs, callback.inputs)
    keys = _keys(told, MATCH)
    for output in callback.outputs:
        if told in callback.outputs and _keys(output, MATCH) != keys:
            yield (
                f": of its outputs {told!r} has MATCH at {_listed(keys)}, and {output!r} at "
                f"{_listed(_keys(output, MATCH))}. Which outputs belong together is told by MATCH alone: name the keys "
                f"the same in all of their ids, or use ALL in its place, or write the others with set_props."
            )
    for dependency in (*callback.inputs, *callback.state, *callback.cancel, *running):
        yield from _unbound(callback, told, dependency)


def _unbound(callback: Callback, told: Dependency | None, dependency: Dependency) -> Iterator[str]:
    unbound = _keys(dependency, MATCH) - _keys(told, MATCH)
    if unbound:
        other = _keys(told, MATCH) - _keys(dependency, MATCH)
        if told and other:
            by = f"{told!r}, which tells what MATCH stands for in a call, has it at {_listed(other)}"
            mend = "MATCH joins keys of one name: name the key the same in both ids"
        else:
            by = f"{told!r} does not tell" if told else "no Output and no Input tells"
            by += " what it stands for in a call"
            mend = f"Give {'that one' if told else 'an Output'} MATCH there too"
        yield f": {dependency!r} has MATCH at {_listed(unbound)}, and {by}. {mend}, or use ALL here for any value."
    unbound = _keys(dependency, ALLSMALLER) - (_keys(told, MATCH) if told in callback.outputs else set())
    if unbound:
        yield (
            f": {dependency!r} has ALLSMALLER at {_listed(unbound)}, which means smaller than what MATCH stands for "
            f"there in an Output, and no Output has MATCH there. Use ALL, or give an Output MATCH."
        )


def _keys(dependency: Dependency | None, wildcard: Wildcard) -> set[str]:
    return {key for key, value in dependency.wildcards.items() if value is wildcard} if dependency else set()


def _listed(keys: Iterable[str]) -> str:
    return ", ".join(map(repr, sorted(keys))) or "no key"


def _wrong_for_a_task(callback: Callback) -> Iterator[str]:
    if not callback.persistent:
        return
    running = [one.output for one in callback.running]
    for dependency in (*callback.outputs, *callback.inputs, *callback.state, *callback.cancel, *running):
        if MATCH in dependency.wildcards.values():
            yield (
                f" is persistent and has {dependency!r}: a page has one run of it and not one for each match. Use ALL, "
                f"and ctx.inputs_list to tell them apart."
            )
    if callback.state and not callback.inputs:
        yield (
            f" is persistent, has {callback.state[0]!r} and no Input: the server starts it before it knows a value of "
            f"the page. Make it an Input, or read it with get_prop."
        )
    own = Outputs(callback.outputs)
    for input in callback.inputs:
        if next(own.overlapping(input), None) is not None:
            yield (
                f" is persistent and writes its own {input!r}, so that each value would start it anew. Make it a "
                f"State, or leave out the Output."
            )
    if callback.cancel and not callback.inputs:
        yield (
            " is persistent, has cancel= and no Input: it lives as long as its page. Give it an Input, which starts it "
            "anew, or let it return when a prop that it reads with get_prop says so."
        )
    if callback.on_repeat != "parallel":
        yield (
            f' is persistent and has on_repeat="{callback.on_repeat}". A change of its inputs always ends the run that '
            f"there is and starts it anew: leave out on_repeat."
        )
    if callback.timeout is not None:
        yield " is persistent and has timeout=. A task lives as long as its page: leave out timeout."
    if callback.retry:
        yield " is persistent and has retry=True. A task is always started again on another server: leave out retry."
