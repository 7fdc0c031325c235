"""wscb: a WebSocket callback runtime for Python dashboards."""

from __future__ import annotations

from wscb.app import App
from wscb.callbacks import (
    ALL,
    ALLSMALLER,
    MATCH,
    Input,
    Output,
    State,
    callback,
    ctx,
    get_prop,
    get_prop_sync,
    no_update,
    set_props,
)
from wscb.components import Component, Element, dcc, html
from wscb.errors import PreventUpdate, WscbError
from wscb.protocol.limits import Limits
from wscb.protocol.patch import Patch
from wscb.version import VERSION

__version__ = VERSION

Dash = App
callback_context = ctx

__all__ = [
    "ALL",
    "ALLSMALLER",
    "MATCH",
    "App",
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
    "ctx",
    "dcc",
    "get_prop",
    "get_prop_sync",
    "html",
    "no_update",
    "set_props",
]
