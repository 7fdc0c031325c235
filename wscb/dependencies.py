"""The name that Dash has for the module of its dependencies, so that `from wscb.dependencies import Input` works."""

from __future__ import annotations

from wscb.callbacks import ALL, ALLSMALLER, MATCH, ClientsideFunction, Input, Output, State

__all__ = ["ALL", "ALLSMALLER", "MATCH", "ClientsideFunction", "Input", "Output", "State"]
