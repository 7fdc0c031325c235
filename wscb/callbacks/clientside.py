"""Callbacks that run in the page: a JavaScript function in place of a Python one."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any, NoReturn

from wscb.callbacks.declaration import Callback
from wscb.callbacks.dependencies import Dependency
from wscb.errors import DeclarationError, UsageError

INLINE = "_inline"
"""The namespace of functions whose source was given; each is named by a digest of it."""

# What else stands beside the namespaces in the page.
_TAKEN = frozenset({"PreventUpdate", "Patch", "callback_context", "clean_url", "no_update", "set_props"})


@dataclass(frozen=True, slots=True)
class ClientsideFunction:
    """A JavaScript function of a file in the assets folder: `dash_clientside[namespace][function_name]`."""

    namespace: str
    function_name: str

    def __post_init__(self) -> None:
        for name in (self.namespace, self.function_name):
            if not isinstance(name, str) or not name:
                raise DeclarationError(f"{self!r}: namespace and function_name are names, strings that are not empty.")
        if self.namespace in _TAKEN or self.namespace.startswith("_"):
            raise DeclarationError(
                f"{self!r}: that namespace is taken: {', '.join(sorted(_TAKEN))} and names that begin with an "
                f"underscore. Choose another one."
            )


def in_the_page(*_: Any) -> NoReturn:
    """Stands for the function that Python does not have."""
    raise UsageError("This callback runs in the page: it is a clientside_callback, and no server calls it.")


def named(function: object, where: str) -> tuple[str, ClientsideFunction, str | None]:
    """How messages name the function, where the page finds it, and its source if that was given."""
    if isinstance(function, ClientsideFunction):
        return f"{function.namespace}.{function.function_name}", function, None
    if isinstance(function, str) and function.strip():
        found = object.__new__(ClientsideFunction)  # the one that may have a name of ours
        object.__setattr__(found, "namespace", INLINE)
        object.__setattr__(found, "function_name", hashlib.sha256(function.encode()).hexdigest()[:16])
        return "clientside function", found, function
    raise DeclarationError(
        f"{where}: clientside_callback takes first a ClientsideFunction(namespace, name) or the source of a JavaScript "
        f"function, and was given {function!r}."
    )


def check_clientside(callback: Callback) -> None:
    """Raises DeclarationError for a shape that a JavaScript function cannot have."""
    if not callback.plain:
        raise DeclarationError(
            f"{callback.where} takes its values by position, Inputs first, and in no group. Give Inputs and States "
            f"without names, in this order."
        )
    grouping = callback.output_grouping
    if not isinstance(grouping, Dependency) and grouping != callback.outputs:
        raise DeclarationError(
            f"{callback.where} returns one value, or a list of one for each Output. Give the Outputs in a list."
        )
