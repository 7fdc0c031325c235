"""What a shared task cannot have: it runs once for all its viewers, so nothing in it can be one viewer's own."""

from __future__ import annotations

import dis
import functools
import inspect
from collections.abc import Callable, Iterator, Mapping
from types import CodeType, ModuleType
from typing import Any

from wscb.callbacks.context import CallbackContext
from wscb.callbacks.declaration import Callback
from wscb.callbacks.props import get_prop, get_prop_sync

_PAGE = object()
"""What `ctx.websocket` stands for while names are looked up."""


def wrong_for_all(callback: Callback) -> Iterator[str]:
    """What to say of the mistakes, behind the callback's name."""
    if not callback.shared:
        return
    if not callback.persistent:
        yield (
            " has shared=True and is not persistent. A call is made for the page that asks: leave out shared, or "
            "declare persistent=True."
        )
    if callback.injected:
        names = ", ".join(one.name for one in callback.injected)
        yield (
            f" is shared and has {names}, which the backend fills for the caller's request, and a shared task has no "
            f"caller. Pass what it needs as an Input, or drop shared=True."
        )
    for name, line in page_reads(callback.function):
        yield (
            f" is shared and asks a page with {name} in line {line}, and has no page of its own: it runs once for all "
            f"who view it. Take the prop as an Input, so that each value has a run of its own, or drop shared=True."
        )


def page_reads(function: Callable[..., Any]) -> Iterator[tuple[str, int]]:
    """Where the function's own code, and functions within it, name wscb's get_prop or get_prop_sync: name and line.

    Only what a name surely means is looked at: a name of the module, of an enclosing function, or an attribute of a
    module or of `ctx`. What other functions do is found when they do it.
    """
    inner: Any = inspect.unwrap(function)
    while isinstance(inner, functools.partial):
        inner = inspect.unwrap(inner.func)
    inner = inner if hasattr(inner, "__code__") else type(inner).__call__
    code = getattr(inner, "__code__", None)
    if isinstance(code, CodeType):  # that of a built-in is not there
        yield from _reads(code, {**inner.__globals__, **dict(_enclosing(inner, code))})


def _enclosing(function: Any, code: CodeType) -> Iterator[tuple[str, Any]]:
    for name, cell in zip(code.co_freevars, function.__closure__ or (), strict=True):
        try:
            yield name, cell.cell_contents
        except ValueError:  # it is not set yet
            yield name, None


def _reads(code: CodeType, names: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    found: Any = None
    for step in (step for step in dis.get_instructions(code) if step.opname != "EXTENDED_ARG"):
        if step.opname in ("LOAD_GLOBAL", "LOAD_NAME", "LOAD_DEREF"):
            found = names.get(step.argval)
        elif step.opname in ("LOAD_ATTR", "LOAD_METHOD"):
            found = _attribute(found, step.argval)
        else:
            found = None
        if found is get_prop or found is get_prop_sync:
            yield found.__name__, (step.positions and step.positions.lineno) or code.co_firstlineno
    local = dict.fromkeys(code.co_cellvars)  # a name of this function hides one of the module from those within
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _reads(constant, {**names, **local})


def _attribute(owner: Any, name: str) -> Any:
    if isinstance(owner, ModuleType):
        return vars(owner).get(name)
    if isinstance(owner, CallbackContext) and name == "websocket":
        return _PAGE
    return get_prop if owner is _PAGE and name == "get_prop" else None
