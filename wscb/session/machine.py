"""One page's session: messages and times in, effects out. No I/O, no clock, no chance: a race is a sequence of calls.

The rules are in PROTOCOL.md. The outbox has what the page may not have yet, the sender says when it goes, the door who
may attach, the pulse whether the page is alive; calls, tasks and gets are what has begun and must end. Here they meet:

- Every public method returns the effects of one step, in order. A step that is refused raises and has done nothing.
- `attach` numbers the connections. What an older one still says has no effect.
- After each step as much is sent as the socket, the window and the pace of a hidden page allow; then the alarm is set.
- When the session is over, only runs that were cancelled and have not ended yet are left of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from wscb.errors import Refused, ValueTooLarge
from wscb.protocol import codec
from wscb.protocol.closing import CloseCode
from wscb.protocol.limits import Limits
from wscb.protocol.messages import Chunk, Drain, Hello, PageMessage, Ping
from wscb.session.alarm import Alarm
from wscb.session.calls import Calls
from wscb.session.changes import Change, check_sizes
from wscb.session.door import Door
from wscb.session.effects import Close, Effect, Flushed, Note, Over
from wscb.session.flow import Flow
from wscb.session.gets import Gets
from wscb.session.inbox import Gap, Inbox, Left
from wscb.session.outbox import Outbox
from wscb.session.pulse import Pulse
from wscb.session.runs import Finish, Rule, Run, Runs
from wscb.session.sender import Sender
from wscb.session.states import SESSION, SessionState
from wscb.session.tasks import Tasks, Told

_PING = codec.encode(Ping())


class Session:
    """Times are seconds on one clock that never goes back, byte sizes those on the wire.
    `tasks` are the callbacks that start by themselves when the page has attached. `idle_after` closes a connection on
    which nothing happened for so long.
    """

    def __init__(
        self,
        id: str,
        *,
        user: str | None,
        limits: Limits,
        rules: Mapping[str, Rule],
        tasks: Sequence[str] = (),
        idle_after: float | None = None,
    ) -> None:
        self.id = id
        self.user = user
        self._limits = limits
        self._autostart = tuple(tasks)
        self._idle_after = idle_after
        self._heartbeat = limits.heartbeat_seconds
        self._state = SessionState.NEW
        self._alarm = Alarm()
        self._box = Outbox()
        self._runs = Runs(self._alarm, limits.cancel_seconds)
        self._calls = Calls(self._box, self._runs, limits.calls_in_flight)
        self._tasks = Tasks(self._box, self._runs, rules, self._alarm, id)
        self._gets = Gets(self._alarm)
        self._door = Door(user, limits)
        self._sender = Sender(self._box, self._alarm, limits)
        self._inbox = Inbox(id, rules, self._box, self._calls, self._tasks, self._gets, self._sender)
        self._pulse = Pulse(limits, self._heartbeat, idle_after, 0.0)
        self._drain: int | None = None
        self.lost_at = 0.0
        """When the last connection was lost; only of a session that has none now."""

    @property
    def state(self) -> SessionState:
        return self._state

    @property
    def over(self) -> bool:
        return self._state is SessionState.OVER

    @property
    def attach_count(self) -> int:
        """The number of the newest connection; 0 before the first."""
        return self._door.attach

    @property
    def attached(self) -> bool:
        return self._sender.flow is not None

    @property
    def runs(self) -> Mapping[int, Run]:
        """The runs that are live, also those that outlive the session while they end."""
        return self._runs.live

    @property
    def size(self) -> int:
        """Bytes held for the page."""
        return self._box.size

    # ------------------------------------------------------------------------------------------- the connection

    def attach(
        self, hello: Hello, *, token: str, build_matches: bool, now: float, user: str | None = None
    ) -> list[Effect]:
        """The page has opened a connection. `token` is the one that it needs next time, `user` is who opened it.

        Raises Refused, which has no effect: 4509 for a hello that is older than one we had, 4501 for a wrong token or
        another user, 4005 when the session ends. The one who calls this has found the session by `hello.session`.
        """
        if self._state in (SessionState.CLOSING, SessionState.OVER):
            raise Refused(CloseCode.OVERLOADED, "this session ends")
        self._door.admit(hello, user)
        out: list[Effect] = []
        fresh = self._state is SessionState.NEW
        have = 0 if fresh else min(hello.have, self._box.version)
        if self._sender.flow is not None:
            out.append(Close(self._sender.flow.attach, CloseCode.REPLACED, "the page has opened another connection"))
        self._move("attach")
        self._door.opened(hello, token)
        self._pulse = Pulse(self._limits, self._heartbeat, self._idle_after, now)
        flow = Flow(self._door.attach, have)
        self._sender.attach(flow, hello.visible, now)
        self._sender.acknowledged(have, out)
        mode: Literal["new", "resumed", "stale"] = "resumed" if not fresh else "new" if build_matches else "stale"
        flow.control(self._door.welcome(mode, self.id, self._box.cq, self._heartbeat))
        if self._drain is not None:
            flow.control(codec.encode(Drain(after=self._drain)))
        self._gets.ask_again(flow, now)
        for callback in self._autostart if fresh else ():
            self._tasks.start(callback, None, now, out)
        self._set_alarms(now)
        return self._after(now, out)

    def wrote(self, attach: int, now: float) -> list[Effect]:
        """The socket has taken the frame of the last `Send`."""
        if flow := self._heard(attach):
            flow.busy = False
        return self._after(now, []) if flow else []

    def lost(self, attach: int, now: float) -> list[Effect]:
        """The connection is lost; the session waits for its page."""
        if not self._heard(attach) or self._state is SessionState.CLOSING:
            return self.gone(attach, now)
        self._lose(now)
        return self._after(now, [])

    def gone(self, attach: int, now: float) -> list[Effect]:
        """The page itself has closed the connection, because it is gone for good."""
        return self.end(None, now) if self._heard(attach) else []

    def _heard(self, attach: int) -> Flow | None:
        """The flow, if this is the newest connection and we still hold it: nobody else has any effect."""
        flow = self._sender.flow
        return flow if flow is not None and flow.attach == attach else None

    def _disconnect(self, code: CloseCode, reason: str, now: float, out: list[Effect]) -> None:
        """Close the connection, not the session: the page comes back."""
        out.append(Close(self._door.attach, code, reason))
        self._lose(now)

    def _lose(self, now: float) -> None:
        self._move("lose")
        self._sender.detach()
        self._gets.lost(now)
        self.lost_at = now
        self._alarm.by(now + self._limits.grace_seconds)

    def _move(self, event: str) -> None:
        self._state = SESSION[self._state][event]

    # ------------------------------------------------------------------------------------------- from the page

    def receive(self, attach: int, message: PageMessage, size: int, now: float) -> list[Effect]:
        """A message of `size` bytes came. A `chunk` only shows that the page is alive: its whole comes after."""
        if self._heard(attach) is None:
            return []
        self._door.spoke()
        full = type(message) is Chunk and size * 2 >= self._limits.chunk_bytes
        if not self._pulse.heard(now, 0 if full or self._inbox.asked_for(message, self._pulse) else 1):
            return self.end(CloseCode.TOO_MANY, now, "more messages a second than the limit")
        self._alarm.by(self._pulse.ping_at)  # sooner than the end of the wait for a pong, where that is the longer one
        out: list[Effect] = []
        try:
            self._inbox.receive(message, self._pulse, now, out)
        except Gap as gap:
            self._disconnect(CloseCode.GAP, str(gap), now, out)
        except Left:
            self._end(None, "", now, out)
        return self._after(now, out)

    # ------------------------------------------------------------------------------------------- from callbacks

    def write(
        self, changes: Sequence[Change], now: float, run: int | None = None, told: Told | None = None
    ) -> list[Effect]:
        """Write one version for a run, or for nobody; `told`: the state of a task that goes on all the same.

        Raises CallOver when the run has had its outcome, ValueTooLarge when a value is over the limit.
        """
        live = None if run is None else self._runs.writing(run)
        if self.over or not (changes or told):
            return []
        check_sizes(changes, self._limits)
        self._box.version += 1
        for change in changes:
            self._box.put(change, live.knows if live else None)
        self._tasks.tell(live, told)
        self._pulse.active = now
        return self._after(now, [])

    def yielded(self, run: int, changes: Sequence[Change], now: float) -> list[Effect]:
        """As `write`, but of a call that a newer one has overtaken it is dropped."""
        live = self._runs.live.get(run)
        if live is not None and not live.task and self._calls.outdated(live):
            return []
        return self.write(changes, now, run)

    def finished(
        self,
        run: int,
        how: Finish,
        changes: Sequence[Change],
        detail: dict[str, str] | None,
        now: float,
        send: bool = True,
        failed: bool = False,
    ) -> list[Effect]:
        """A run has ended, its `finally` included; `failed`: it raised, and its author has dealt with that.

        Without `send` the outcome waits for the next step, or for `send`: more may end in the same moment, and one
        delta brings them all.
        """
        out: list[Effect] = []
        ended = self._runs.leave(run)
        if ended is None:
            return out
        if self.over and not self._runs.live:
            self._alarm.off()
        if self.over or ended.settled:
            return self._after(now, out)
        try:
            check_sizes(changes, self._limits)
        except ValueTooLarge as error:
            how, changes, detail = "error", (), {"code": error.code, "message": str(error)}
            out.append(Note("error", error.code, {"callback": ended.callback, "message": str(error)}))
        self._pulse.active = now
        ended.failed = failed
        self._of(ended).ended(ended, how, changes, detail, "end", now, out)
        return self._after(now, out, send)

    def send(self, now: float) -> list[Effect]:
        """Send what `finished` left."""
        return self._after(now, [])

    def _of(self, run: Run) -> Calls | Tasks:
        return self._tasks if run.task else self._calls

    def get_prop(self, get: int, component: str, prop: str, seconds: float, now: float) -> list[Effect]:
        """Ask the page for a prop as of all that is written; `Got` has the answer, or "timeout" after `seconds`.

        The time that the page is away does not count.
        """
        out: list[Effect] = []
        self._gets.add(get, component, prop, seconds, self._box.version, now)
        if self.over:
            self._gets.end(out)
        elif self._sender.flow is not None:
            self._gets.ask(get, self._sender.flow, now)
        return self._after(now, out)

    def forget_get(self, get: int) -> None:
        """Nobody waits for this get_prop any more; there will be no `Got`."""
        self._gets.forget(get)

    def flush(self, waiter: int, now: float) -> list[Effect]:
        """`Flushed` says when the page has acknowledged all that is written now."""
        if self.over:
            return [Flushed(waiter, "gone")]
        out: list[Effect] = []
        self._sender.flush(waiter, out)
        return self._after(now, out)

    def forget_flush(self, waiter: int) -> None:
        """Nobody waits for this flush any more; there will be no `Flushed`."""
        self._sender.forget_flush(waiter)

    # ------------------------------------------------------------------------------------------- the end

    def drain(self, after_ms: int, now: float) -> list[Effect]:
        """The server is going away: tasks are cancelled, calls may still end, and no message counts any more."""
        if self.over or self._drain is not None:
            return []
        out: list[Effect] = []
        self._drain, self._inbox.closed = after_ms, True
        if self._sender.flow is not None:
            self._sender.flow.control(codec.encode(Drain(after=after_ms)))
        self._tasks.cancel_all(now, out)
        return self._after(now, out)

    def drained(self, now: float) -> list[Effect]:
        """Give up what still runs. When the last delta is written to the socket: `Close` with 4000, and `Over`."""
        out: list[Effect] = []
        if self.over or self._state is SessionState.CLOSING:
            return out
        self._inbox.closed = True
        if self._sender.flow is None:
            return self.end(None, now)
        self._tasks.give_up(now, out)
        self._calls.give_up(now, out)
        self._move("close")
        return self._after(now, out)

    def end(self, code: int | None, now: float, reason: str = "") -> list[Effect]:
        """The session is over. With a `code` its connection is closed; without, it is closed already."""
        out: list[Effect] = []
        if not self.over:
            self._end(code, reason, now, out)
        return self._after(now, out)

    def _end(self, code: int | None, reason: str, now: float, out: list[Effect]) -> None:
        self._move("end")
        if self._sender.flow is not None and code is not None:
            out.append(Close(self._door.attach, code, reason))
        self._door.close()
        self._runs.stop_all(now, out)
        self._calls.end()
        self._tasks.end()
        self._gets.end(out)
        self._sender.end(out)
        self._box.clear()
        out.append(Over(code))
        self._alarm.off()
        for run in self._runs.live.values():
            self._alarm.by(run.due)

    # ------------------------------------------------------------------------------------------- time

    def wake(self, now: float) -> list[Effect]:
        """The time of the last `WakeAt` has come. Waking too early or too often does no harm."""
        out: list[Effect] = []
        self._alarm.rang()
        for run in self._runs.expire(now, out):
            if not self.over and not run.settled:
                self._of(run).ended(run, "cancelled", (), None, "expire", now, out)
        self._tasks.wake(now, out)
        self._gets.expire(now, out)
        if self._state is SessionState.LOST and now >= self.lost_at + self._limits.grace_seconds:
            self._end(None, "", now, out)
        elif self._state is SessionState.ATTACHED:
            self._check_connection(now, out)
        self._set_alarms(now)
        return self._after(now, out)

    def _check_connection(self, now: float, out: list[Effect]) -> None:
        flow, pulse = self._sender.flow, self._pulse
        assert flow is not None
        if now >= pulse.due(flow.held):
            if pulse.asked is not None:
                self._disconnect(CloseCode.HEARTBEAT, "no sign of life after a ping", now, out)
                return
            pulse.ask(now)
            flow.control(_PING)
        idle_at = pulse.idle_at(pulse.active)
        if idle_at is not None and now >= idle_at and not self._busy():
            self._disconnect(CloseCode.IDLE, "nothing happened for too long", now, out)

    def _busy(self) -> bool:
        return bool(self._runs.live or self._calls.open or self._gets.pending or self._tasks.pausing)

    def _set_alarms(self, now: float) -> None:
        """Those of the connection; runs and gets set their own."""
        if self._state is SessionState.LOST:
            self._alarm.by(self.lost_at + self._limits.grace_seconds)
        elif self._state is SessionState.ATTACHED:
            assert self._sender.flow is not None
            self._alarm.by(self._pulse.due(self._sender.flow.held))
            self._alarm.by(self._pulse.idle_at(now if self._busy() else self._pulse.active))

    def _after(self, now: float, out: list[Effect], send: bool = True) -> list[Effect]:
        """The end of every step."""
        if self._box.size > self._limits.outbox_bytes:
            self._too_slow(now, out)
        if self._state is SessionState.CLOSING:
            if self._sender.finish(now, out):
                self._end(CloseCode.DRAIN, "the server is going away", now, out)
        elif send:
            self._sender.step(now, bool(self._gets.pending), out)
        self._alarm.say(out)
        return out

    def _too_slow(self, now: float, out: list[Effect]) -> None:
        box, bound = self._box, self._limits.outbox_bytes
        said = {"session": self.id, "producer": box.largest(), "bytes": box.size, "bound": bound}
        out.append(Note("warning", "too_slow", said))
        self._end(CloseCode.TOO_SLOW, f"more than {bound} bytes were not read", now, out)
