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
    at: int
    """The page answers when it has this version, so that it has seen all writes before the question."""


class Gets:
    __slots__ = ("_alarm", "_pending")

    def __init__(self, alarm: Alarm) -> None:
        self._alarm = alarm
        self._pending: dict[int, Pending] = {}

    def __len__(self) -> int:
        return len(self._pending)

    def __contains__(self, get: int) -> bool:
        return get in self._pending

    def add(self, get: int, pending: Pending) -> None:
        self._pending[get] = pending
        self._alarm.by(pending.due)

    def ask(self, get: int, flow: Flow, now: float) -> None:
        pending = self._pending[get]
        left = max(0, round((pending.due - now) * 1000))
        question = GetProp(id=get, component=pending.component, prop=pending.prop, at=pending.at, left=left)
        flow.control(codec.encode(question))

    def ask_again(self, flow: Flow, now: float) -> None:
        """After a resume: the questions, or their answers, may be lost."""
        for get in self._pending:
            self.ask(get, flow, now)

    def settle(self, get: int, value: Any, error: str | None, out: list[Effect]) -> None:
        """Settled or forgotten ones are ignored."""
        if self._pending.pop(get, None) is not None:
            out.append(Got(get, value, error))

    def forget(self, get: int) -> None:
        """Nobody waits any more."""
        self._pending.pop(get, None)

    def expire(self, now: float, out: list[Effect]) -> None:
        for get in [get for get, pending in self._pending.items() if pending.due <= now]:
            self.settle(get, None, "timeout", out)
        for pending in self._pending.values():
            self._alarm.by(pending.due)

    def end(self, out: list[Effect]) -> None:
        for get in list(self._pending):
            self.settle(get, None, "gone", out)
