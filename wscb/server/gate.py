"""The hooks of sockets: asked about each connection before it may say hello, and about each message before its session.

A hook that is a plain function runs on a thread. None of them is asked about a call over HTTP: what looks at requests
is the middleware of the app that serves them, and the user that it finds is `ctx.user` there.
"""

from __future__ import annotations

import asyncio
import contextvars
import functools
import inspect
import logging
import secrets
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from typing import Any

from wscb.callbacks.declaration import kind, origin
from wscb.callbacks.hooks import Hook, Hooks, Verdict, verdict
from wscb.callbacks.request import Request
from wscb.errors import UsageError
from wscb.protocol.closing import CloseCode
from wscb.protocol.messages import PageMessage
from wscb.server.admission import Denied
from wscb.server.http import request_from
from wscb.server.socket import Handshake
from wscb.server.threads import DaemonThreads

logger = logging.getLogger("wscb.hooks")

THREADS = 16
"""For hooks that are plain functions; threads of their own, so that busy callbacks let nobody wait at the door."""

REASON_BYTES = 120
"""A close frame has room for 123."""

_SECRET = frozenset({"token", "session"})


class Gate:
    """Asks the hooks of the process. All of one connection have `seconds`."""

    def __init__(self, hooks: Hooks, seconds: float) -> None:
        self._hooks = hooks
        self._seconds = seconds
        self._threads = DaemonThreads(THREADS)

    def close(self) -> None:
        self._threads.close()

    @property
    def reads(self) -> bool:
        """Whether a hook wants to see messages."""
        return bool(self._hooks.message_hooks)

    async def admit(self, handshake: Handshake) -> Handshake | Denied:
        """The handshake with the user that a hook has named, if one did; or why the connection is refused."""
        hook: Hook | None = None
        try:
            async with asyncio.timeout(self._seconds):
                for hook in self._hooks.connect_hooks:
                    said = await self._ask(hook, request_from(handshake, handshake.path, handshake.query))
                    if said.code is not None:
                        return _denied(said)
                    if said.identity is not None:
                        handshake = replace(handshake, user=said.identity)
        except TimeoutError:  # an error of a hook's own would be a verdict
            assert hook is not None
            logger.warning("%s did not say in %g s whether a page may connect", _where(hook), self._seconds)
            return Denied(CloseCode.OVERLOADED, "the server could not tell in time who this is")
        try:
            user_key(handshake.user)
        except UsageError as error:
            logger.error("a connection was refused: %s", error)
            return Denied(CloseCode.REFUSED, "the server cannot tell who this is")
        return handshake

    async def read(self, request: Request, message: PageMessage) -> Denied | None:
        """Why the connection is to be closed for this message; None: its session may see it."""
        shown = {name: value for name, value in _shown(message).items() if name not in _SECRET}
        for hook in self._hooks.message_hooks:
            said = await self._ask(hook, request, dict(shown))
            if said.code is not None:
                return _denied(said)
        return None

    async def _ask(self, hook: Hook, *arguments: Any) -> Verdict:
        """What it raises refuses too: a check that fails lets nobody in."""
        try:
            return verdict(hook, await self._call(hook, arguments))
        except (asyncio.CancelledError, GeneratorExit, KeyboardInterrupt):
            raise
        except BaseException as error:
            ref = secrets.token_hex(4)
            logger.error("%s raised %s [ref %s]", _where(hook), type(error).__name__, ref, exc_info=error)
            return Verdict(CloseCode.REFUSED, f"refused by an error in a hook, ref {ref}")

    async def _call(self, hook: Hook, arguments: tuple[Any, ...]) -> Any:
        if kind(hook)[0]:
            return await hook(*arguments)
        context = contextvars.copy_context()
        call = functools.partial(context.run, _kept, hook, arguments)
        returned, error = await asyncio.wrap_future(self._threads.submit(call))
        if error is not None:
            raise error
        return await returned if inspect.isawaitable(returned) else returned


def _kept(hook: Hook, arguments: tuple[Any, ...]) -> tuple[Any, BaseException | None]:
    """What it returned, or what it raised: a future cannot hold every exception."""
    try:
        return hook(*arguments), None
    except BaseException as error:
        return None, error


def _where(hook: Hook) -> str:
    name, file, line = origin(hook)
    return f"{name} ({file}:{line})"


def _denied(said: Verdict) -> Denied:
    assert said.code is not None
    line = "".join(letter if letter.isprintable() else " " for letter in said.reason).strip()
    return Denied(said.code, line.encode(errors="replace")[:REASON_BYTES].decode(errors="ignore"))


def _shown(message: PageMessage) -> dict[str, Any]:
    """A message as it stands on the wire."""
    values = {field.name: getattr(message, field.name) for field in fields(message)}
    return {name: value for name, value in values.items() if value is not None}


def user_key(user: object) -> str | None:
    """What a session is bound to: the name of a user, who may be another object for each connection.

    Raises UsageError for one that cannot be told from others.
    """
    if user is None or not getattr(user, "is_authenticated", True):
        return None
    named: Callable[[str], Any] = user.get if isinstance(user, Mapping) else functools.partial(_attribute, user)
    for name in ("identity", "id", "sub", "display_name"):
        value = named(name)
        if value is not None:
            return str(value)
    if type(user).__str__ is object.__str__ and type(user).__repr__ is object.__repr__:
        raise UsageError(
            f"The user of a connection is a {type(user).__qualname__} with nothing that tells it from other users, and "
            f"a page that comes back has to be the same user's. Return a str, or give it an attribute `identity` or "
            f"`id`."
        )
    return str(user)


def _attribute(user: object, name: str) -> Any:
    try:
        return getattr(user, name)
    except (AttributeError, NotImplementedError):  # as the users of Starlette's middleware have it
        return None
