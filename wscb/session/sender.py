"""When the next delta goes: as soon as the socket takes it, the window has room, and a hidden page may be disturbed.

There is no timer and no debounce between a write and its delta. Only two things wait: what a hidden page gets, and a
`cq` that nothing else brings.
"""

from __future__ import annotations

from wscb.protocol import codec
from wscb.protocol.limits import Limits
from wscb.session.alarm import Alarm
from wscb.session.effects import Effect, Flushed, Send
from wscb.session.flow import Flow
from wscb.session.outbox import Outbox

CQ_SECONDS = 0.5
"""A received `q` that nothing else tells the page of is told by an empty delta after this time."""


class Sender:
    """`flow` is that of the attached page, None when there is none."""

    __slots__ = ("_alarm", "_box", "_flushes", "_limits", "_paced_until", "_tell_at", "flow", "visible")

    def __init__(self, box: Outbox, alarm: Alarm, limits: Limits) -> None:
        self._box = box
        self._alarm = alarm
        self._limits = limits
        self._flushes: dict[int, int] = {}
        """Who waits, and for which version."""
        self._tell_at: float | None = None
        self._paced_until = 0.0
        self.flow: Flow | None = None
        self.visible = True

    def attach(self, flow: Flow, visible: bool, now: float) -> None:
        """Send to this socket what is newer than `flow.sent`; its welcome tells the `cq`."""
        self.flow = flow
        self.visible = visible
        self._paced_until = now
        self._tell_at = None

    def detach(self) -> None:
        self.flow = None

    def acknowledged(self, have: int, out: list[Effect]) -> None:
        """The attached page has applied version `have`; it cannot have more than it was sent."""
        assert self.flow is not None
        have = min(have, self.flow.sent)
        self._box.forget(have)
        self.flow.acknowledged(have)
        for waiter in [waiter for waiter, version in self._flushes.items() if version <= have]:
            del self._flushes[waiter]
            out.append(Flushed(waiter))

    def flush(self, waiter: int, out: list[Effect]) -> None:
        """Say `Flushed` when the page has all that is written now."""
        if len(self._box):
            self._flushes[waiter] = self._box.version
        else:
            out.append(Flushed(waiter))

    def forget_flush(self, waiter: int) -> None:
        """Nobody waits any more."""
        self._flushes.pop(waiter, None)

    def end(self, out: list[Effect]) -> None:
        self.flow = None
        out.extend(Flushed(waiter, "gone") for waiter in self._flushes)
        self._flushes.clear()

    def received(self, now: float) -> None:
        """The outbox's `cq` has moved."""
        if self._tell_at is None:
            self._tell_at = now + CQ_SECONDS

    def step(self, now: float, asking: bool, out: list[Effect]) -> None:
        """Send one frame if one may go. `asking`: a get_prop waits for the page to have all that is written."""
        flow = self.flow
        if flow is None or flow.busy:
            return
        frame = flow.waiting()
        if frame is None:
            if not self._due(flow, now, asking):
                return
            frame = self._delta(flow, now)
        flow.busy = True
        out.append(Send(flow.attach, frame))

    def finish(self, now: float, out: list[Effect]) -> bool:
        """As `step`, but one more delta goes, even an empty one, whatever the window says. True when it is written."""
        flow = self.flow
        assert flow is not None
        if flow.busy:
            return False
        frame = flow.waiting()
        if frame is None:
            if flow.last:
                return True
            flow.last = True
            frame = self._delta(flow, now)
        flow.busy = True
        out.append(Send(flow.attach, frame))
        return False

    def _delta(self, flow: Flow, now: float) -> bytes:
        """All that is newer than what was sent; returns the first frame of it."""
        box = self._box
        asks = bool(self._flushes) and self._asks(flow)
        frame = codec.delta(box.version, box.cq, *box.newer(flow.sent), ack=asks)
        if asks:
            flow.asked = box.version
        self._tell_at = None
        self._paced_until = now + self._limits.hidden_seconds
        return flow.delta(box.version, frame, self._limits.chunk_bytes)

    def _due(self, flow: Flow, now: float, asking: bool) -> bool:
        box = self._box
        if box.version == flow.sent and not (self._flushes and self._asks(flow)):
            return self._tells(now)
        if flow.held >= self._limits.window_bytes:
            return False
        if self.visible or now >= self._paced_until or asking or box.outcome > flow.sent:
            return True
        if box.size * 4 > self._limits.outbox_bytes:
            return True
        self._alarm.by(self._paced_until)
        return False

    def _tells(self, now: float) -> bool:
        """Whether an empty delta has to bring the `cq`."""
        if self._tell_at is None:
            return False
        if now >= self._tell_at:
            return True
        self._alarm.by(self._tell_at)
        return False

    def _asks(self, flow: Flow) -> bool:
        """Whether a flush waits for a version of which no ack was asked for on this socket."""
        return any(version > flow.asked for version in self._flushes.values())
