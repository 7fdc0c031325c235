"""The table of callbacks: `@callback` puts them in, `complete` checks them together, the server reads them out."""

from __future__ import annotations

import hashlib
import inspect
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Never, TypeVar

from wscb.callbacks import validation
from wscb.callbacks.clientside import ClientsideFunction
from wscb.callbacks.declaration import Callback, OnRepeat, PreventInitialCall, Restart, Running, origin
from wscb.callbacks.dependencies import Input, Output, State
from wscb.callbacks.foreign import refuse, refuse_clientside
from wscb.callbacks.parsing import declare, declare_clientside
from wscb.errors import DeclarationError

F = TypeVar("F", bound=Callable[..., Any])


class Registry:
    """Callbacks by id, in the order of their declaration. It is complete before the first socket is accepted."""

    def __init__(self, check: Callable[[Callback], None] = lambda _: None) -> None:
        """`check` raises for a callback that cannot be here."""
        self._check = check
        self._callbacks: dict[str, Callback] = {}
        self._complete = False

    @property
    def callbacks(self) -> Mapping[str, Callback]:
        """All of them by id; a live view that cannot be written to."""
        return MappingProxyType(self._callbacks)

    def callback(
        self,
        *dependencies: Any,
        output: Any = None,
        inputs: Any = None,
        state: Any = None,
        websocket: bool = False,
        persistent: bool = False,
        shared: bool = False,
        prevent_initial_call: PreventInitialCall | None = None,
        cancel: Input | Sequence[Input] = (),
        running: Sequence[tuple[Output, Any, Any]] = (),
        on_error: Callable[[Exception], Any] | None = None,
        on_repeat: OnRepeat = "parallel",
        retry: bool = False,
        optional: bool = False,
        restart: Restart | None = None,
        timeout: float | None = None,
        api_endpoint: str | None = None,
        **unknown: Never,
    ) -> Callable[[F], F]:
        """Registers the decorated function; it stays callable as it is. Raises DeclarationError.

        The dependencies come by position (Outputs, then Inputs and States), or by `output`, `inputs` and `state`: a
        single one, or a list, tuple or dict of them, which is then the shape that the function takes or returns.
        """
        if dependencies and inspect.isroutine(dependencies[0]):
            name, file, line = origin(dependencies[0])
            raise DeclarationError(f"{name} ({file}:{line}): @callback needs parentheses, as in @callback().")
        dependencies, prevent_initial_call = _prevents(dependencies, prevent_initial_call)
        options: dict[str, Any] = {
            "websocket": websocket,
            "persistent": persistent,
            "shared": shared,
            "prevent_initial_call": prevent_initial_call,
            "cancel": cancel,
            "running": running,
            "on_error": on_error,
            "on_repeat": on_repeat,
            "retry": retry,
            "optional": optional,
            "restart": restart,
            "timeout": timeout,
            "api_endpoint": api_endpoint,
        }
        frame = sys._getframe(1)
        refuse(unknown, ("output", "inputs", "state", *options), frame.f_code.co_filename, frame.f_lineno)

        def register(function: F) -> F:
            self._add(declare(function, dependencies, output, inputs, state, options))
            return function

        return register

    def clientside_callback(
        self,
        clientside_function: ClientsideFunction | str,
        *dependencies: Any,
        output: Any = None,
        inputs: Any = None,
        state: Any = None,
        prevent_initial_call: PreventInitialCall | None = None,
        optional: bool = False,
        **unknown: Never,
    ) -> None:
        """Registers a JavaScript function, which the page calls without asking the server. Raises DeclarationError.

        It is one of a file in the assets folder, or its source, which a page whose policy allows no scripts but files
        does not take. Inputs and States come by position; it returns as many values as there are outputs.
        """
        frame = sys._getframe(1)
        dependencies, prevent_initial_call = _prevents(dependencies, prevent_initial_call)
        options = {"prevent_initial_call": prevent_initial_call, "optional": optional}
        at = frame.f_code.co_filename, frame.f_lineno
        refuse_clientside(unknown, ("output", "inputs", "state", *options), *at)
        self._add(declare_clientside(clientside_function, *at, dependencies, output, inputs, state, options))

    @property
    def clientside_sources(self) -> dict[str, str]:
        """The JavaScript functions that came as sources, by the name that the page knows them by."""
        return {
            one.clientside.function_name: one.source
            for one in self._callbacks.values()
            if one.clientside and one.source
        }

    def absorb(self, other: Registry) -> None:
        """Moves the callbacks of `other` here, all of them or, when one cannot be here, none."""
        for callback in other._callbacks.values():
            self._check(callback)
        for callback in other._callbacks.values():
            self._add(callback)
        other._callbacks.clear()

    def _add(self, callback: Callback) -> None:
        if self._complete:
            raise DeclarationError(
                f"{callback.where} is registered after the app was built. Declare every callback while the module is "
                f"imported, before the first request."
            )
        self._check(callback)
        id = base = callback.id
        count = 1
        while id in self._callbacks:
            count += 1
            id = f"{base}~{count}"
        self._callbacks[id] = callback if id == base else replace(callback, id=id)

    def complete(
        self,
        layout: Mapping[str, frozenset[str] | None] | None,
        *,
        suppress: bool = False,
        every_socket: bool = False,
        prevent_initial: PreventInitialCall = False,
    ) -> None:
        """Checks the callbacks together and closes the table.

        `layout`: the props that each component id can have (None: any); None when the layout is a function, so that
        its ids are not known. `suppress`: components may come later, so unknown ids and props are not errors.
        `every_socket` and `prevent_initial`: the app's defaults. May be called again, with another layout.
        Raises UnknownId, UnknownProp, DuplicateOutput, CircularCallbacks, DeclarationError.
        """
        done = {
            id: replace(
                callback,
                websocket=callback.websocket or every_socket,
                prevent_initial_call=prevent_initial
                if callback.prevent_initial_call is None
                else callback.prevent_initial_call,
            )
            for id, callback in self._callbacks.items()
        }
        validation.check(list(done.values()), None if suppress else layout)
        self._callbacks.update(done)
        self._complete = True

    def specs(self) -> list[dict[str, Any]]:
        """What the page has to know of each callback, as it stands in the page data."""
        return [spec(callback) for callback in self._callbacks.values()]

    def build_hash(self, extra: str) -> str:
        """16 hex digits that change when a declaration or `extra` (the versions) does, and never otherwise.

        Neither the order of imports nor code nor the values of `running` are in it, and it is the same in each process.
        """
        declared = sorted(json.dumps(_declaration(callback), sort_keys=True) for callback in self._callbacks.values())
        return hashlib.sha256("\n".join([extra, *declared]).encode()).hexdigest()[:16]


def _prevents(
    dependencies: tuple[Any, ...], prevent_initial_call: PreventInitialCall | None
) -> tuple[tuple[Any, ...], PreventInitialCall | None]:
    """A truth value at the end of the dependencies is `prevent_initial_call`, as in Dash."""
    if prevent_initial_call is None and dependencies and isinstance(dependencies[-1], bool):
        return dependencies[:-1], dependencies[-1]
    return dependencies, prevent_initial_call


def spec(callback: Callback) -> dict[str, Any]:
    """One callback for the page data; what has its default is left out."""
    by_page = bool(callback.inputs) or not callback.persistent  # a task without inputs is started by the server
    found: dict[str, Any] = {
        "id": callback.id,
        "outputs": [output.spec for output in callback.outputs],
        "inputs": [_read(input) for input in callback.inputs],
        "state": [_read(state) for state in callback.state],
        "initial": by_page and callback.prevent_initial_call is not True,
        "socket": callback.socket,
    }
    if callback.persistent:
        found["persistent"] = True
    if callback.cancel:
        found["cancel"] = [input.spec for input in callback.cancel]
    if callback.running:
        found["running"] = [[*running.output.spec, running.on, running.off] for running in callback.running]
    if callback.on_repeat != "parallel":
        found["on_repeat"] = callback.on_repeat
    if callback.retry:
        found["retry"] = True
    if callback.optional:
        found["optional"] = True
    if callback.clientside:
        found["clientside"] = {"namespace": callback.clientside.namespace, "name": callback.clientside.function_name}
        if callback.multi and callback.outputs:
            found["clientside"]["multi"] = True
    others = (*callback.cancel, *(running.output for running in callback.running))
    if callback.patterns or any(dependency.wildcards for dependency in others):
        found["patterns"] = True
    return found


def _read(dependency: Input | State) -> list[Any]:
    """With True behind it when the component may be missing."""
    return [*dependency.spec, True] if dependency.allow_optional else dependency.spec


def _declaration(callback: Callback) -> dict[str, Any]:
    keys = [running.output.key for running in callback.running]
    return {**spec(callback), "running": keys}


GLOBAL = Registry()
"""Where the module-level `callback` registers; an app takes them over when it is built."""

callback = GLOBAL.callback
clientside_callback = GLOBAL.clientside_callback

__all__ = ["GLOBAL", "Callback", "Registry", "Running", "callback", "clientside_callback", "spec"]
