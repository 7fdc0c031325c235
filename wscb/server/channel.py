"""What a running callback reaches its page through: over the socket live, over HTTP with the answer."""

from __future__ import annotations

import asyncio
import concurrent.futures
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from wscb.callbacks.call import Transport
from wscb.callbacks.declaration import Callback
from wscb.errors import CallOver, NeedsSocket, PageGone, UsageError
from wscb.server.workers import Update
from wscb.session import Change, Told

if TYPE_CHECKING:
    from wscb.server.actor import Actor

Encode = Callable[[str, Mapping[str, Any]], list[Change]]
"""Packs props of one component, now: what is mutated later does not change them. See `Definition.encode`."""


def encode_all(encode: Encode, updates: Iterable[Update]) -> list[Change]:
    """The changes that write each (component id, prop, value)."""
    return [change for component, prop, value in updates for change in encode(component, {prop: value})]


class BaseChannel:
    """What all runs have, however they reach their page: they can be told to end, and they are over at some time.

    A thread cannot be interrupted: when its call is cancelled, the next call of a method here raises `CancelledError`,
    once, so that its `finally` runs and can still write.
    """

    __slots__ = ("_encode", "_give_up", "_interrupt", "_interrupted", "_loop_thread", "callback", "over")

    def __init__(self, callback: Callback, encode: Encode) -> None:
        self.callback = callback
        self._encode = encode
        self._loop_thread = threading.get_ident()
        self._interrupted = False
        self._interrupt = False
        """Whether the thread is still to be told."""
        self._give_up: list[Callable[[], object]] = []
        self.over = False
        """Whether its outcome is known: it can change nothing any more."""

    @property
    def on_thread(self) -> bool:
        return not self.callback.is_async

    @property
    def is_shutdown(self) -> bool:
        return self.over or self._interrupted

    @property
    def cancelled(self) -> bool:
        return self._interrupted

    def sleep(self, seconds: float) -> None:
        if self._on_loop():
            raise UsageError(
                "ctx.sleep was called on the event loop, which it would block. In an async callback write: "
                "await asyncio.sleep(seconds)."
            )
        self._raise_interrupt(late=True)
        woken = threading.Event()
        self.on_interrupt(woken.set)
        try:
            woken.wait(seconds)
        finally:
            self._give_up.remove(woken.set)
        self._raise_interrupt(late=True)

    def interrupt(self) -> None:
        """The call is cancelled; a run on a thread learns it at its next call."""
        self._interrupted = self._interrupt = True
        for give_up in list(self._give_up):
            give_up()

    def on_interrupt(self, give_up: Callable[[], object]) -> None:
        # In a list, since the thread may already wait for something when the loop says how to give up its start.
        self._give_up.append(give_up)
        if self._interrupt:
            give_up()

    def encode(self, updates: Iterable[Update]) -> list[Change]:
        return encode_all(self._encode, updates)

    def _on_loop(self) -> bool:
        return threading.get_ident() == self._loop_thread

    def _raise_interrupt(self, late: bool = False) -> None:
        """`late`: also of one that was given up, which nothing else tells when it sleeps."""
        if self._interrupt and (late or not self.over) and not self._on_loop():
            self._interrupt = False
            raise asyncio.CancelledError("the call was cancelled")


class SocketChannel(BaseChannel):
    """A run's channel to a live session. Its methods may be called from the loop's thread and from the run's own."""

    kind: Transport = "socket"
    __slots__ = ("_actor", "_run")

    def __init__(self, actor: Actor, run: int, callback: Callback, encode: Encode) -> None:
        super().__init__(callback, encode)
        self._actor = actor
        self._run = run

    @property
    def on_thread(self) -> bool:
        return super().on_thread and not self.callback.shared  # of a shared one, this run only views

    @property
    def is_shutdown(self) -> bool:
        return self.over or self._interrupted or self._actor.machine.over

    def set_props(self, component: str, props: Mapping[str, Any]) -> None:
        self._write(self._encode(component, props))

    def yielded(self, updates: Iterable[Update]) -> None:
        self._write(self.encode(updates), output=True)

    async def get_prop(self, component: str, prop: str, timeout: float) -> Any:  # noqa: ASYNC109 - the page has it
        return await self._actor.get_prop(component, prop, timeout)

    def get_prop_sync(self, component: str, prop: str, timeout: float) -> Any:
        if self._on_loop():
            raise UsageError(
                f"get_prop_sync({component!r}, {prop!r}) was called on the event loop, which it would block for ever. "
                "In an async callback write: await get_prop(...)."
            )
        self._raise_interrupt()
        answer = asyncio.run_coroutine_threadsafe(self.get_prop(component, prop, timeout), self._actor.loop)
        self.on_interrupt(answer.cancel)
        try:
            return answer.result()
        except concurrent.futures.CancelledError:
            self._raise_interrupt()
            raise PageGone(f"get_prop_sync({component!r}, {prop!r}): the page has left.") from None
        finally:
            self._give_up.remove(answer.cancel)

    async def flush(self) -> None:
        await self._actor.flush()

    def show(self, changes: list[Change], told: Told | None = None) -> None:
        """What a shared task has set, and its state. Raises CallOver, ValueTooLarge."""
        if not self._actor.machine.over:
            self._actor.write(changes, self._run, told=told)

    def _write(self, changes: list[Change], output: bool = False) -> None:
        on_loop = self._on_loop()
        if not on_loop:
            self._raise_interrupt()
        if self.over:
            raise CallOver(call_over(changes))
        if self._actor.machine.over:
            return  # the page is gone: nobody can see it, and the `finally` of a cancelled call is not to fail for that
        if on_loop:
            self._actor.write(changes, self._run, output)
        else:
            self._actor.write_from_thread(changes, self._run, output)


def call_over(changes: list[Change]) -> str:
    names = ", ".join(f"{change.component}.{change.prop}" for change in changes)
    return (
        f"set_props for {names} came after the call's outcome was written (it had returned or was cancelled). "
        "Write before the callback ends; a stream that goes on is a callback with persistent=True."
    )


class HttpChannel(BaseChannel):
    """A run's channel over HTTP: what it sets travels with the answer, and it cannot read the page."""

    kind: Transport = "http"
    __slots__ = ("_changes", "_lock")

    def __init__(self, callback: Callback, encode: Encode) -> None:
        super().__init__(callback, encode)
        self._lock = threading.Lock()
        self._changes: list[Change] = []

    def end(self) -> list[Change]:
        """What it has set; from now on it can set nothing."""
        with self._lock:
            self.over = True
            return self._changes

    def set_props(self, component: str, props: Mapping[str, Any]) -> None:
        changes = self._encode(component, props)
        self._raise_interrupt()
        with self._lock:
            if self.over:
                raise CallOver(call_over(changes))
            self._changes += changes

    def yielded(self, updates: Iterable[Update]) -> None:
        raise NeedsSocket("yield in a callback needs the socket: declare it with websocket=True.")

    async def get_prop(self, component: str, prop: str, timeout: float) -> Any:  # noqa: ASYNC109 - the page has it
        raise self._no_socket(component, prop)

    def get_prop_sync(self, component: str, prop: str, timeout: float) -> Any:
        raise self._no_socket(component, prop)

    async def flush(self) -> None:
        raise NeedsSocket("flush() needs the socket: declare the callback with websocket=True.")

    def _no_socket(self, component: str, prop: str) -> NeedsSocket:
        return NeedsSocket(
            f"get_prop({component!r}, {prop!r}) asks the page while the callback runs, and this call came over HTTP. "
            f"Declare the callback with websocket=True, or take State({component!r}, {prop!r})."
        )
