"""The get_props that wait for the page: each is settled once, by an answer, its deadline or the end of the session."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from wscb.protocol import codec
from wscb.protocol.messages import GetProp
from wscb.session.alarm import Alarm
from wscb.session.effects import Effect, Got
from wscb.session.flow import Flow


@dataclass(slots=True)
class Pending:
    component: str
    prop: str
    due: float
    """While the page is away: as if it had been asked when it was lost."""
    at: int
    """The page answers when it has this version, so that it has seen all writes before the question."""
    flow: Flow | None = None
    question: bytes = b""
    """As it was put last, and where."""


class Gets:
    """A deadline counts only while the page can answer: who reads the page must not fail because its line was lost."""

    __slots__ = ("_alarm", "_lost_at", "pending")

    def __init__(self, alarm: Alarm) -> None:
        self._alarm = alarm
        self._lost_at: float | None = None
        self.pending: dict[int, Pending] = {}
        """Those that wait, by number."""

    def __contains__(self, get: int) -> bool:
        return get in self.pending

    def add(self, get: int, component: str, prop: str, seconds: float, at: int, now: float) -> None:
        since = now if self._lost_at is None else self._lost_at
        self.pending[get] = Pending(component, prop, since + seconds, at)
        self._set_alarm()

    def ask(self, get: int, flow: Flow, now: float) -> None:
        pending = self.pending[get]
        left = max(0, round((pending.due - now) * 1000))
        question = GetProp(id=get, component=pending.component, prop=pending.prop, at=pending.at, left=left)
        pending.flow, pending.question = flow, codec.encode(question)
        flow.control(pending.question)

    def lost(self, now: float) -> None:
        """The page is away."""
        self._lost_at = now

    def ask_again(self, flow: Flow, now: float) -> None:
        """The page is back: the questions, or their answers, may be lost."""
        away = 0.0 if self._lost_at is None else now - self._lost_at
        self._lost_at = None
        for get, pending in self.pending.items():
            pending.due += away
            self.ask(get, flow, now)
        self._set_alarm()

    def settle(self, get: int, value: Any, error: str | None, out: list[Effect]) -> None:
        """Settled or forgotten ones are ignored."""
        if get in self.pending:
            self.forget(get)
            out.append(Got(get, value, error))

    def forget(self, get: int) -> None:
        """Nobody waits any more. A question that has not gone yet need not go: who reads nothing would be owed more and
        more of them."""
        pending = self.pending.pop(get, None)
        if pending is not None and pending.flow is not None:
            pending.flow.withdraw(pending.question)

    def expire(self, now: float, out: list[Effect]) -> None:
        if self._lost_at is not None:
            return
        for get in [get for get, pending in self.pending.items() if pending.due <= now]:
            self.settle(get, None, "timeout", out)
        self._set_alarm()

    def _set_alarm(self) -> None:
        if self._lost_at is None and self.pending:
            self._alarm.by(min(pending.due for pending in self.pending.values()))

    def end(self, out: list[Effect]) -> None:
        for get in list(self.pending):
            self.settle(get, None, "gone", out)
