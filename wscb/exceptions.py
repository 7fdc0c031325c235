"""The name that Dash has for the module of its errors, so that `from wscb.exceptions import PreventUpdate` works."""

from __future__ import annotations

from wscb.errors import PreventUpdate

__all__ = ["PreventUpdate"]
