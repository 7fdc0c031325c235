"""`hooks`: functions that look at every socket, and at every message on it, before anything else does.

    @hooks.websocket_connect()
    async def known(socket):
        user = await find(socket.cookies.get("session"))
        return user or (4501, "Log in first.")

Sockets alone: pages, assets and calls over HTTP are requests like any other, and are the middleware's of the app that
serves them. Only the order of the hooks is kept here; the server calls them.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

from wscb.callbacks.declaration import origin
from wscb.errors import DeclarationError
from wscb.protocol.closing import CloseCode

Hook = Callable[..., Any]
F = TypeVar("F", bound=Hook)

POLICY_VIOLATION = 1008  # the one of the protocol's own codes that a server says for reasons of its own


class Verdict(NamedTuple):
    """What a hook has said. `code` is None when it lets the socket or message through."""

    code: int | None
    reason: str = ""
    identity: Any = None
    """What becomes `ctx.user`; None when the hook did not say."""


class _Point:
    """The hooks of one occasion: the larger priority first, and without a priority after all that are there."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._hooks: list[tuple[int, Hook]] = []
        self._final: Hook | None = None

    def add(self, hook: Hook, priority: int | None, final: bool) -> None:
        if not callable(hook):
            raise DeclarationError(f"hooks.{self._name}() decorates a function, and was given {hook!r}.")
        if final:
            self._add_final(hook)
            return
        # 0 is no priority, as in Dash.
        rank = priority or (min(rank for rank, _ in self._hooks) - 1 if self._hooks else 0)
        self._hooks = sorted([*self._hooks, (rank, hook)], key=lambda one: -one[0])

    def _add_final(self, hook: Hook) -> None:
        if self._final is not None:
            (name, file, line), (other, at, there) = origin(hook), origin(self._final)
            raise DeclarationError(
                f"{name} ({file}:{line}) and {other} ({at}:{there}) both have hooks.{self._name}(final=True), and one "
                f"is the last. Give one of them a priority."
            )
        self._final = hook

    def in_order(self) -> tuple[Hook, ...]:
        return (*(hook for _, hook in self._hooks), *([self._final] if self._final else []))


class Hooks:
    """The hooks of this process; every app of it has them."""

    def __init__(self) -> None:
        self._connect = _Point("websocket_connect")
        self._message = _Point("websocket_message")

    def websocket_connect(self, priority: int | None = None, final: bool = False) -> Callable[[F], F]:
        """`@hooks.websocket_connect()`: a function, plain or async, that is asked about each socket before it opens.

        It is given the handshake, with `cookies`, `headers` and more, and returns True, or an identity that becomes
        `ctx.user`; False, what is empty, or `(code, reason)` refuses, with a code from 4500 on for good. What it
        raises refuses too, and is logged. A page that comes back is asked about anew, and must be the same user's: an
        identity is a text, or has an `identity` or `id`, as attribute or as key.
        The larger `priority` is asked first; one that is `final` is the last. Raises DeclarationError.
        """
        return _decorator(self._connect, priority, final)

    def websocket_message(self, priority: int | None = None, final: bool = False) -> Callable[[F], F]:
        """`@hooks.websocket_message()`: a function, plain or async, that is asked about each message of a page.

        It is given the handshake and the message as a dict with its `type` (`"hello"`, `"invoke"`...), and returns as
        one of `websocket_connect` does; a refusal closes the socket. Raises DeclarationError.
        """
        return _decorator(self._message, priority, final)

    @property
    def connect_hooks(self) -> tuple[Hook, ...]:
        """Those of `websocket_connect` in the order in which they are asked."""
        return self._connect.in_order()

    @property
    def message_hooks(self) -> tuple[Hook, ...]:
        """Those of `websocket_message` in the order in which they are asked."""
        return self._message.in_order()


def _decorator(point: _Point, priority: int | None, final: bool) -> Callable[[F], F]:
    if inspect.isroutine(priority):
        name, file, line = origin(priority)
        raise DeclarationError(f"{name} ({file}:{line}): @hooks needs parentheses, as in @hooks.websocket_connect().")

    def add(hook: F) -> F:
        point.add(hook, priority, final)
        return hook

    return add


def verdict(hook: Hook, returned: Any) -> Verdict:
    """What a hook says by what it returned; nothing lets pass, as in Dash, and what is empty refuses.

    A tuple is a refusal or a mistake: a check that did not say clearly who this is lets nobody in. Raises
    DeclarationError.
    """
    if returned is None:
        return Verdict(None)
    if not returned:
        return Verdict(CloseCode.UNAUTHENTICATED, "Refused.")
    if isinstance(returned, tuple) and not hasattr(returned, "_fields"):  # a user may be a named one
        name, file, line = origin(hook)
        if len(returned) != 2 or isinstance(returned[0], bool) or not isinstance(returned[0], int):
            raise DeclarationError(
                f"{name} ({file}:{line}) returned a tuple that is no (code, reason). To refuse, return that or False; "
                f"to say who this is, a str, or what has an `identity` or `id`."
            )
        code, reason = int(returned[0]), returned[1]
        if code != POLICY_VIOLATION and not 3000 <= code <= 4999:
            raise DeclarationError(
                f"{name} ({file}:{line}) refused with {code}, which is not for applications. Take one of 4500 to 4999, "
                f"or of 4000 to 4499 if the page is to try again."
            )
        return Verdict(code, str(reason))
    return Verdict(None, identity=None if returned is True else returned)


hooks = Hooks()
