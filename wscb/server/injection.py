"""What fills the parameters of callbacks that no Input does: the framework's part of it is the backend's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

from wscb.callbacks.declaration import Callback
from wscb.callbacks.request import Request
from wscb.errors import DeclarationError

Fill = Callable[[Request], AbstractAsyncContextManager[Mapping[str, Any]]]
"""The values for one call, by parameter; what was opened for them is closed when the call has ended.

Raises `Refusal`, and whatever the author's functions raise.
"""

_CODES = {401: "unauthenticated", 403: "forbidden"}


class Injector(Protocol):
    """A backend's way to fill parameters with a marker."""

    def plan(self, callback: Callback) -> Fill:
        """Asked once for each callback that has such parameters. Raises DeclarationError."""
        ...


class Refusal(Exception):
    """A dependency lets the caller not in; `message` is meant for him. `cause` is what was raised."""

    def __init__(self, status: int, message: str, cause: Exception) -> None:
        super().__init__(f"{status}: {message}")
        self.code = _CODES.get(status, "refused")
        self.message = message
        self.cause = cause


def plan(injector: Injector | None, backend: str, callback: Callback) -> Fill:
    """What fills the callback's parameters. Raises DeclarationError, also for a backend that fills none."""
    if injector is None:
        names = ", ".join(one.name for one in callback.injected)
        raise DeclarationError(
            f"{callback.where}: Depends() at {names} is FastAPI's, and the backend {backend!r} does not fill "
            f"parameters. Take backend='fastapi', or leave it away and use ctx (ctx.user, ctx.cookies, ctx.headers)."
        )
    return injector.plan(callback)
