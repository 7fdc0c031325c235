"""Floor 2: what the user declares, and what a callback sees while it runs. It runs nothing itself."""

from wscb.callbacks.clientside import ClientsideFunction
from wscb.callbacks.context import (
    CallbackContext,
    CallbackWebsocket,
    CallState,
    Channel,
    Headers,
    Request,
    activate,
    ctx,
    current,
    get_prop,
    get_prop_sync,
    set_props,
)
from wscb.callbacks.declaration import Callback, Running
from wscb.callbacks.dependencies import ALL, ALLSMALLER, MATCH, Dependency, Input, Output, State
from wscb.callbacks.fitting import mismatch
from wscb.callbacks.hooks import hooks
from wscb.callbacks.registry import GLOBAL, Registry, callback, clientside_callback
from wscb.callbacks.signature import arguments, flatten, no_update

__all__ = [
    "ALL",
    "ALLSMALLER",
    "GLOBAL",
    "MATCH",
    "CallState",
    "Callback",
    "CallbackContext",
    "CallbackWebsocket",
    "Channel",
    "ClientsideFunction",
    "Dependency",
    "Headers",
    "Input",
    "Output",
    "Registry",
    "Request",
    "Running",
    "State",
    "activate",
    "arguments",
    "callback",
    "clientside_callback",
    "ctx",
    "current",
    "flatten",
    "get_prop",
    "get_prop_sync",
    "hooks",
    "mismatch",
    "no_update",
    "set_props",
]
