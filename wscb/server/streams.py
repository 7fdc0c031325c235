"""Shared tasks: one run for each distinct set of inputs, over all sessions of this process.

In a session, the run of a shared task only views (`Streams.view`). The callback itself runs in a `Stream`, which begins
with its first viewer and ends after its last one. Its rules:

- Two runs of one stream are never at once. Who comes while the last run is told to end waits for that.
- What is set is folded, then told to the viewers, in one step of the loop; so who comes between two of these steps
  gets what was folded, and is told all that comes after it.
- When it fails and is to be started again, it pauses once for all; its viewers stay, and are told its states.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import secrets
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future
from contextvars import Context
from functools import partial
from typing import Any

from wscb.callbacks.call import Transport
from wscb.callbacks.context import CallState, Request
from wscb.callbacks.declaration import Callback
from wscb.errors import CallOver, CannotEncode, InvalidPatch
from wscb.protocol import codec
from wscb.server.audience import Audience, News
from wscb.server.channel import BaseChannel, Encode, SocketChannel, call_over, encode_all
from wscb.server.definition import Definition
from wscb.server.folding import Values
from wscb.server.inbox import Inbox
from wscb.server.threads import perform
from wscb.server.workers import Outcome, Update, Workers
from wscb.session import Change, Told, tasks
from wscb.session.changes import check_sizes

logger = logging.getLogger("wscb.callbacks")


class View:
    """One session's run that views a stream. `outcome` is what ends it."""

    __slots__ = ("_channel", "outcome", "seen")

    def __init__(self, channel: SocketChannel, outcome: asyncio.Future[Outcome]) -> None:
        self._channel = channel
        self.outcome = outcome
        self.seen = 0

    def take(self, news: News) -> None:
        """What happens to one viewer must not keep the others from their news."""
        self.show(news.changes, news.told)
        if news.outcome and not self.outcome.done():
            self.outcome.set_result(news.outcome)

    def show(self, changes: list[Change], told: Told | None) -> None:
        try:
            if changes or told:
                self._channel.show(changes, told)
        except CallOver:
            pass  # it was given up, and is about to leave
        except CannotEncode as error:
            self.refuse(error)
        except Exception:
            logger.exception("a viewer of %s could not be told", self._channel.callback.where)

    def refuse(self, error: CannotEncode) -> None:
        """What it is to be shown cannot be sent to it."""
        callback = self._channel.callback
        logger.error("%s has a viewer that cannot be shown all that it has set: %s", callback.where, error)
        detail = {"code": error.code, "callback": callback.id, "message": str(error)}
        if not self.outcome.done():
            self.outcome.set_result(Outcome("error", detail=detail))


class Streams:
    """Those of one app in this process, by callback and by all values that the function is given."""

    def __init__(self, definition: Definition, workers: Workers) -> None:
        self.definition = definition
        self.workers = workers
        self._live: dict[bytes, Stream] = {}
        self._stuck: dict[asyncio.Task[Any], str] = {}

    def __len__(self) -> int:
        return len(self._live)

    @property
    def stuck(self) -> list[str]:
        """The coroutines that go on though they were cancelled, as a log names them."""
        return [*self._stuck.values(), *(where for stream in self._live.values() if (where := stream.ends_late))]

    async def view(self, state: CallState, channel: SocketChannel) -> Outcome:
        """Shows the page of this run what the stream sets, from what it has set already to its end."""
        key = _key(state)
        while (stream := self._live.get(key)) is not None and stream.ending:
            await stream.closed.wait()
        if stream is None:
            stream = self._live[key] = Stream(self, key, state)
        view = View(channel, asyncio.get_running_loop().create_future())
        stream.join(view)
        try:
            return await view.outcome
        finally:
            await stream.leave(view)

    def forget(self, key: bytes) -> None:
        del self._live[key]

    def goes_on(self, task: asyncio.Task[Any], where: str) -> None:
        """It was cancelled and given up. A loop ends only after it."""
        self._stuck[task] = where
        task.add_done_callback(self._stuck.pop)


def _key(state: CallState) -> bytes:
    given = codec.pack([state.callback.id, _ordered(state.inputs), _ordered(state.state), state.ids])
    return hashlib.sha256(given).digest()  # values may be long


def _ordered(value: Any) -> Any:
    """Maps with the same items are one value, whatever the order of their keys."""
    if isinstance(value, Mapping):
        return {name: _ordered(value[name]) for name in sorted(value)}
    return [_ordered(item) for item in value] if isinstance(value, list | tuple) else value


class Stream:
    """One run after another of a shared task, for as long as it has viewers. All its methods run on the loop."""

    def __init__(self, streams: Streams, key: bytes, state: CallState) -> None:
        self._streams = streams
        self._key = key
        self._given = (state.inputs, state.state, state.ids)
        self._callback = state.callback
        self.loop = asyncio.get_running_loop()
        self._audience = Audience(self.loop, streams.definition.limits.outbox_bytes)
        self._values = Values()
        self._told: Told | None = None
        """Its state, when it is another one than running."""
        self._name = f"{state.callback.id} {secrets.token_hex(4)}"
        self._failures = 0
        self._started = 0.0
        self._timer: asyncio.TimerHandle | None = None
        """Until it starts again, or until its end is given up."""
        self._run: asyncio.Task[Outcome] | None = None
        self._channel: StreamChannel
        self.inbox = Inbox(self.loop, self._deliver)
        self.ending = False
        self.closed = asyncio.Event()
        """Whether another stream may have its place."""

    @property
    def ends_late(self) -> str | None:
        """Names the coroutine that was told to end and has not."""
        return self._callback.where if self.ending and self._callback.is_async else None

    # -- viewers ---------------------------------------------------------------------------------------------------

    def join(self, view: View) -> None:
        """Gives the viewer what there is, and starts with the first one."""
        self._audience.join(view)
        try:
            view.show(self._values.snapshot(), self._told)
        except CannotEncode as error:
            view.refuse(error)
        if self._run is None and self._timer is None:
            self._start()

    async def leave(self, view: View) -> None:
        """The last one to leave ends the stream, and returns when it has ended or is given up."""
        self._audience.leave(view)
        if self._audience.viewers or self.closed.is_set():
            return
        self._stop()
        await self.closed.wait()

    # -- runs ------------------------------------------------------------------------------------------------------

    def _start(self) -> None:
        self._timer, self._started = None, self.loop.time()
        self._channel = channel = StreamChannel(self, self._callback, self._streams.definition.encode)
        inputs, states, ids = self._given
        state = CallState(self._callback, inputs, states, (), Request(), channel, ids)
        # A context of its own: what is done for all must not hold on to the connection of the viewer who came first.
        work, context = self._streams.workers.execute(state, channel), Context()
        self._run = self.loop.create_task(work, name=f"wscb {self._callback.name}", context=context)
        self._run.add_done_callback(partial(self._ended, channel), context=context)

    def _ended(self, channel: StreamChannel, run: asyncio.Task[Outcome]) -> None:
        channel.over = True
        self._streams.workers.stuck.discard(channel)
        failed = run.cancelled() or run.exception() is not None
        outcome = Outcome("cancelled") if failed else run.result()
        if self.closed.is_set():
            return  # it had been given up
        if self.ending:
            self._close()
        elif self._callback.restart and (outcome.how == "error" or outcome.failed):
            self._pause(outcome)
        else:
            self._close()
            self._audience.tell(News(outcome=outcome))

    def _pause(self, outcome: Outcome) -> None:
        well = self.loop.time() - self._started >= tasks.WELL_SECONDS
        self._failures = 1 if well else self._failures + 1
        self._tell((tasks.told_as(outcome.how), outcome.detail))
        seconds = tasks.pause(self._failures, f"{self._name} {self._failures}")
        self._run, self._timer = None, self.loop.call_later(seconds, self._start_again)

    def _start_again(self) -> None:
        self._tell(("running", None))
        self._told = None
        self._start()

    def _tell(self, told: Told) -> None:
        self._told = told
        self._audience.tell(News(told=told))

    def _stop(self) -> None:
        self.ending = True
        if self._run is None:
            self._close()
            return
        self._channel.interrupt()
        if not self._channel.on_thread:  # such a run waits for its thread
            self.loop.call_soon(self._run.cancel)  # before its first step it would never begin, nor end
        self._timer = self.loop.call_later(self._streams.definition.limits.cancel_seconds, self._give_up)

    def _give_up(self) -> None:
        assert self._run is not None
        self._channel.over = True
        workers, seconds = self._streams.workers, self._streams.definition.limits.cancel_seconds
        workers.give_up(self._channel, self._callback, seconds)
        if not self._channel.on_thread:
            self._streams.goes_on(self._run, self._callback.where)
        self._close()

    def _close(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self.ending = True
        self.inbox.close()
        self._streams.forget(self._key)
        self.closed.set()

    # -- what it sets ----------------------------------------------------------------------------------------------

    def write(self, changes: Sequence[Change]) -> None:
        """Raises InvalidPatch, ValueTooLarge; what came before the one that is wrong stands."""
        if self.ending:
            return  # nobody is there to see it, and the `finally` of a cancelled run is not to fail for that
        check_sizes(changes, self._streams.definition.limits)
        done: list[Change] = []
        try:
            for change in changes:
                self._values.put(change)
                done.append(change)
        except InvalidPatch as error:
            raise InvalidPatch(
                f"A Patch of {change.component}.{change.prop} in the shared task {self._callback.where} cannot be "
                f"applied: {str(error).rstrip('.')}."
            ) from None
        finally:
            if done:
                self._audience.tell(News(done))

    def _deliver(self, writes: list[tuple[StreamChannel, list[Change]]]) -> None:
        for channel, changes in writes:
            if not channel.over:  # it was given up while this waited here
                self.write(changes)


class StreamChannel(BaseChannel):
    """What a run of a stream reaches its viewers through."""

    kind: Transport = "socket"
    __slots__ = ("_stream",)

    def __init__(self, stream: Stream, callback: Callback, encode: Encode) -> None:
        super().__init__(callback, encode)
        self._stream = stream

    def set_props(self, component: str, props: Mapping[str, Any]) -> None:
        self._write(self._encode(component, props))

    def yielded(self, updates: Iterable[Update]) -> None:
        self._write(encode_all(self._encode, updates))

    def encode(self, updates: Iterable[Update]) -> list[Change]:
        """What it returns goes the way of all that it sets, so that nothing is left to go with its outcome."""
        self.yielded(updates)
        return []

    async def get_prop(self, component: str, prop: str, timeout: float) -> Any:  # noqa: ASYNC109 - as others have it
        raise AssertionError("who asks is refused before")

    def get_prop_sync(self, component: str, prop: str, timeout: float) -> Any:
        raise AssertionError("who asks is refused before")

    async def flush(self) -> None:
        raise AssertionError("who asks is refused before")

    def _write(self, changes: list[Change]) -> None:
        on_loop = self._on_loop()
        if not on_loop:
            self._raise_interrupt()
        if self.over:
            raise CallOver(call_over(changes))
        if on_loop:
            self._stream.write(changes)
        elif any(change.op for change in changes):
            self._write_and_wait(changes)
        else:
            self._stream.inbox.put((self, changes))

    def _write_and_wait(self, changes: list[Change]) -> None:
        """Whether an operation can be applied is known on the loop alone; then its error belongs here."""
        done: Future[None] = Future()
        self._stream.loop.call_soon_threadsafe(perform, partial(self._stream.write, changes), done)
        done.result()
