"""wscb: a WebSocket callback runtime for Python dashboards."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from wscb import dependencies as dependencies
from wscb import exceptions as exceptions
from wscb.app import App, Dash
from wscb.callbacks import (
    ALL,
    ALLSMALLER,
    MATCH,
    ClientsideFunction,
    Input,
    Output,
    State,
    callback,
    clientside_callback,
    ctx,
    get_prop,
    get_prop_sync,
    hooks,
    no_update,
    set_props,
)
from wscb.callbacks.foreign import missing
from wscb.components import Component, Element, dcc, html
from wscb.errors import PreventUpdate, WscbError
from wscb.protocol.limits import Limits
from wscb.protocol.patch import Patch
from wscb.version import VERSION

__version__ = VERSION

callback_context = ctx

__all__ = [
    "ALL",
    "ALLSMALLER",
    "MATCH",
    "App",
    "ClientsideFunction",
    "Component",
    "Dash",
    "Element",
    "Input",
    "Limits",
    "Output",
    "Patch",
    "PreventUpdate",
    "State",
    "WscbError",
    "callback",
    "callback_context",
    "clientside_callback",
    "ctx",
    "dcc",
    "get_prop",
    "get_prop_sync",
    "hooks",
    "html",
    "no_update",
    "set_props",
]

if not TYPE_CHECKING:  # or a type checker would believe that there is anything

    def __getattr__(name: str) -> NoReturn:
        raise missing(name, __all__)
