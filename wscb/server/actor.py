"""One actor per session: it performs the machine's effects and hands it what happens. There are no decisions in here.

All its methods run on the loop's thread, except `write_from_thread`. Its runs live in one task group, which ends after
the session is over and the last of them has ended.
"""

from __future__ import annotations

import asyncio
import contextvars
import logging
import threading
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from wscb.callbacks.context import CallState, Request
from wscb.errors import CallOver, PageGone
from wscb.protocol.messages import Hello, PageMessage, Problem
from wscb.server import wire
from wscb.server.channel import SocketChannel
from wscb.server.connection import Connection
from wscb.server.definition import Definition
from wscb.server.gate import user_key
from wscb.server.inbox import Inbox
from wscb.server.socket import Disconnected
from wscb.server.stepping import step
from wscb.server.streams import Streams
from wscb.server.workers import Outcome, Workers
from wscb.session import Change, Session, Told, effects

logger = logging.getLogger("wscb.session")

BLOCKED_SECONDS = 0.1
"""A timer that rings so much too late was kept by a blocked loop."""

READ_SECONDS = 0.1
"""For the loop to read what has come meanwhile."""

_MAKING = threading.Lock()  # of an inbox, by threads


class Actor:
    """Drives one `Session` machine on the running loop."""

    def __init__(self, machine: Session, definition: Definition, workers: Workers, streams: Streams) -> None:
        self.machine = machine
        self.loop = asyncio.get_running_loop()
        self.thread = threading.get_ident()
        self.request = Request()
        self.runs: dict[int, tuple[asyncio.Task[None], SocketChannel]] = {}
        self.context = contextvars.Context()
        """Of what lasts as long as the session. That of a connection may hold on to all that its server knows of it."""
        self._definition = definition
        self._workers = workers
        self._streams = streams
        self._connections: dict[int, Connection] = {}
        self._inbox: Inbox[tuple[list[Change], int, bool]] | None = None
        """Of what threads write; there is none before one does, as in most sessions."""
        self._gets: dict[int, tuple[asyncio.Future[Any], str, str]] = {}
        self._flushes: dict[int, asyncio.Future[None]] = {}
        self._numbers = 0
        self._pending: list[effects.Effect] = []
        self._performing = False
        self._answering = False
        self._timer: asyncio.TimerHandle | None = None
        self._wake_at: float | None = None
        self._late = False
        self._started: asyncio.Future[None] = self.loop.create_future()
        self._over: asyncio.Future[None] = self.loop.create_future()
        self._group: asyncio.TaskGroup

    @property
    def away(self) -> bool:
        """Whether its page was here and is not now."""
        return self.machine.attach_count > 0 and not self.machine.attached

    # -- life ------------------------------------------------------------------------------------------------------

    async def live(self) -> None:
        """The session's task group; returns when the session is over and nothing of it runs any more."""
        try:
            async with asyncio.TaskGroup() as self._group:
                _settle(self._started)
                await self._over
        finally:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None

    async def started(self) -> None:
        await self._started

    async def ended(self) -> None:
        """Waits until every run has ended; bounded by the caller."""
        while running := [task for task, _ in self.runs.values() if not task.done()]:
            await asyncio.wait(running)

    @property
    def stuck(self) -> list[str]:
        """The coroutines that were cancelled and go on all the same."""
        return [
            channel.callback.where
            for task, channel in self.runs.values()
            if channel.is_shutdown and not channel.on_thread and not task.done()
        ]

    def drain(self, after_ms: int) -> None:
        self._perform(self.machine.drain(after_ms, self.loop.time()))

    def drained(self) -> None:
        self._perform(self.machine.drained(self.loop.time()))

    def end(self, code: int | None) -> None:
        if not self.machine.over:
            self._perform(self.machine.end(code, self.loop.time()))

    # -- the page's side -------------------------------------------------------------------------------------------

    def attach(self, connection: Connection, hello: Hello, token: str, request: Request, matches: bool) -> None:
        """Takes over for the session from an older connection, if any. Raises `Refused`, then nothing has changed."""
        now, user = self.loop.time(), user_key(request.user)
        done = self.machine.attach(hello, token=token, build_matches=matches, now=now, user=user)
        connection.attach = self.machine.attach_count
        self._connections[connection.attach] = connection
        self.request = request
        wire.state(self.machine.id, f"attach {connection.attach} at version {hello.have}")
        self._perform(done)

    def receive(self, connection: Connection, message: PageMessage, size: int) -> None:
        self._perform(self.machine.receive(connection.attach, message, size, self.loop.time()))

    def lost(self, connection: Connection, code: int) -> None:
        """The connection is gone; with 1001 the page itself said that it leaves."""
        self._connections.pop(connection.attach, None)
        connection.release()
        if not self.machine.over:
            left = code == 1001
            wire.state(self.machine.id, f"attach {connection.attach} {'left' if left else 'lost'} with {code}")
            gone = self.machine.gone if left else self.machine.lost
            self._perform(gone(connection.attach, self.loop.time()))

    # -- the callbacks' side ---------------------------------------------------------------------------------------

    def write(self, changes: list[Change], run: int | None, output: bool = False, told: Told | None = None) -> None:
        """One version; `output`: a `yield` wrote it, so a stale one is dropped. Raises `CallOver`, `ValueTooLarge`."""
        now = self.loop.time()
        if output and run is not None:
            self._perform(self.machine.yielded(run, changes, now))
        else:
            self._perform(self.machine.write(changes, now, run, told))

    def write_from_thread(self, changes: list[Change], run: int, output: bool) -> None:
        """As `write`, from another thread; waits while the loop is far behind, so that a fast thread holds no queue."""
        if self._inbox is None:
            with _MAKING:
                self._inbox = self._inbox or Inbox(self.loop, self._write_all)
        self._inbox.put((changes, run, output))

    def _write_all(self, writes: list[tuple[list[Change], int, bool]]) -> None:
        for changes, run, output in writes:
            with suppress(CallOver):  # its outcome was written while this waited here
                self.write(changes, run, output)

    async def get_prop(self, component: str, prop: str, seconds: float) -> Any:
        if self.machine.over:
            raise PageGone(f"get_prop({component!r}, {prop!r}): the page has left")
        number = self._number()
        future: asyncio.Future[Any] = self.loop.create_future()
        self._gets[number] = (future, component, f"get_prop({component!r}, {prop!r})")
        self._perform(self.machine.get_prop(number, component, prop, seconds, self.loop.time()))
        try:
            return await future
        finally:
            if self._gets.pop(number, None):
                self.machine.forget_get(number)

    async def flush(self) -> None:
        """Returns when the page has all that was written; at once when it is gone."""
        if self.machine.over:
            return
        number = self._number()
        future: asyncio.Future[None] = self.loop.create_future()
        self._flushes[number] = future
        self._perform(self.machine.flush(number, self.loop.time()))
        try:
            await future
        finally:
            if self._flushes.pop(number, None):
                self.machine.forget_flush(number)

    def _number(self) -> int:
        self._numbers += 1
        return self._numbers

    # -- effects ---------------------------------------------------------------------------------------------------

    def _perform(self, done: list[effects.Effect]) -> None:
        """Performs in order. An effect that makes more of them queues them: nothing here recurses."""
        self._pending.extend(done)
        if self._performing or not self._pending:
            return
        self._performing = True
        number = 0
        try:
            for effect in self._pending:  # which grows meanwhile
                number += 1
                _PERFORMERS[type(effect)](self, effect)
        finally:
            del self._pending[:number]
            self._performing = False

    def _send(self, effect: effects.Send) -> None:
        connection = self._connections.get(effect.attach)
        if connection is None:
            return
        try:
            rest = step(connection.socket.send(effect.data))
        except Disconnected as error:
            self._cut(connection, error.code)
            return
        if rest is None:
            self._perform(self.machine.wrote(effect.attach, self.loop.time()))
        else:
            connection.sending = self._group.create_task(self._send_rest(connection, rest))

    async def _send_rest(self, connection: Connection, rest: Awaitable[None]) -> None:
        try:
            await rest
        except Disconnected as error:
            self._cut(connection, error.code)
        else:
            if not self.machine.over:
                self._perform(self.machine.wrote(connection.attach, self.loop.time()))

    def _cut(self, connection: Connection, code: int) -> None:
        """A send has found the line cut. Its reader first reads what came before that: perhaps that the page leaves."""
        self.loop.call_later(READ_SECONDS, self.lost, connection, code)

    def _close(self, effect: effects.Close) -> None:
        connection = self._connections.pop(effect.attach, None)
        if connection is not None:
            connection.finish(effect.code, effect.reason)

    def _run(self, effect: effects.Run) -> None:
        callback = self._definition.callbacks[effect.callback]
        channel = SocketChannel(self, effect.run, callback, self._definition.encode)
        state = CallState(
            callback=callback,
            inputs=effect.inputs,
            state=effect.state,
            trigger=effect.trigger,
            ids=effect.ids,
            request=self.request,
            channel=channel,
        )
        task = self._group.create_task(self._execute(effect.run, state, channel), name=f"wscb {callback.name}")
        if not task.done():  # a host's eager tasks may be over before they are made
            self.runs[effect.run] = (task, channel)

    async def _execute(self, run: int, state: CallState, channel: SocketChannel) -> None:
        try:
            execute = self._streams.view if state.callback.shared else self._workers.execute
            outcome = await execute(state, channel)
        except asyncio.CancelledError:
            outcome = Outcome("cancelled")
        channel.over = True
        self._workers.stuck.discard(channel)
        self.runs.pop(run, None)
        now, alone = self.loop.time(), not self.runs
        how, changes, detail = outcome.how, outcome.changes, outcome.detail
        self._perform(self.machine.finished(run, how, changes, detail, now, send=alone, failed=outcome.failed))
        if not alone and not self._answering:
            # Calls that came in one read end in one turn of the loop: one delta brings all their outcomes.
            self._answering = True
            self.loop.call_soon(self._answer)

    def _answer(self) -> None:
        self._answering = False
        self._perform(self.machine.send(self.loop.time()))

    def _cancel(self, effect: effects.Cancel) -> None:
        task, channel = self.runs[effect.run]
        channel.interrupt()
        if channel.on_thread:
            return  # its task waits for the thread, which ends by itself or is named in the log
        # A task that is cancelled before its first step would never run its code, `_execute` included.
        self.loop.call_soon(task.cancel)

    def _abandoned(self, effect: effects.Abandoned) -> None:
        if effect.run in self.runs:
            channel = self.runs[effect.run][1]
            channel.over = True
            if not channel.callback.shared:  # a shared run is given up by its stream
                self._workers.give_up(channel, channel.callback, self._definition.limits.cancel_seconds)

    def _got(self, effect: effects.Got) -> None:
        future, component, what = self._gets.pop(effect.get, (None, "", ""))
        if future is None or future.done():
            return
        if effect.error is None:
            future.set_result(effect.value)
        elif effect.error == "gone":
            # Its run is cancelled too; an error here could come before that, and be taken for a fault of the callback.
            future.cancel()
        else:
            future.set_exception(self._definition.problems.unanswered(effect.error, component, what))

    def _flushed(self, effect: effects.Flushed) -> None:
        if effect.waiter in self._flushes:
            _settle(self._flushes.pop(effect.waiter))

    def _wake(self, effect: effects.WakeAt) -> None:
        """One timer; a later time than it has only moves the mark, since almost every message moves it."""
        self._wake_at = effect.at
        if effect.at is None or (self._timer is not None and self._timer.when() <= effect.at):
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self.loop.call_at(effect.at, self._woken, context=self.context)

    def _woken(self) -> None:
        """Of a loop that was blocked the sockets come first: what a page has said in time may still lie in its own."""
        self._timer = None
        if self._wake_at is None:
            return
        late = self.loop.time() - self._wake_at
        if late < 0:
            self._timer = self.loop.call_at(self._wake_at, self._woken, context=self.context)
        elif late > BLOCKED_SECONDS and not self._late:
            self._late = True
            self._timer = self.loop.call_later(READ_SECONDS, self._woken, context=self.context)
        else:
            self._late = False
            self._perform(self.machine.wake(self.loop.time()))

    def _end(self, effect: effects.Over) -> None:
        wire.state(self.machine.id, f"over, closed with {effect.code}" if effect.code else "over")
        for connection in list(self._connections.values()):
            connection.finish(effect.code or 1000, "the session is over")
        self._connections.clear()
        for future in self._flushes.values():
            _settle(future)
        if self._inbox is not None:
            self._inbox.close()
        _settle(self._over)

    def _note(self, effect: effects.Note) -> None:
        if effect.event == "problem":
            told = {name: effect.fields[name] for name in ("code", "component", "prop", "message")}
            self._definition.problems.note(Problem(**told), f"session {self._whose()}")
            return
        level = logging.getLevelNamesMapping()[effect.level.upper()]
        fields = {name: value for name, value in effect.fields.items() if name != "session"}
        said = " ".join(f"{name}={value!r}" for name, value in fields.items())
        if fields.get("callback") in self._definition.callbacks:
            said += f" in {self._definition.callbacks[fields['callback']].where}"
        logger.log(level, "session %s: %s: %s", self._whose(), effect.event, said)

    def _whose(self) -> str:
        user = self.machine.user
        return self.machine.id[:8] + ("" if user is None else f" of {user!r}")


_PERFORMERS: dict[type[effects.Effect], Callable[[Actor, Any], None]] = {
    effects.Send: Actor._send,
    effects.Close: Actor._close,
    effects.Run: Actor._run,
    effects.Cancel: Actor._cancel,
    effects.Abandoned: Actor._abandoned,
    effects.Got: Actor._got,
    effects.Flushed: Actor._flushed,
    effects.WakeAt: Actor._wake,
    effects.Over: Actor._end,
    effects.Note: Actor._note,
}


def _settle(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
