"""Whether the page at the other end of a socket is alive, busy and moderate. One pulse for each attach."""

from __future__ import annotations

from wscb.protocol.limits import Limits

SLOWEST_LINE = 16_000
"""Bytes a second that any page can read: an answer comes later by the bytes that are on the way before its question."""

BURST = 2
"""Seconds' worth of messages that may come at once."""

PROBLEMS = 10
"""Problems of a page that are noted in a second."""


class Pulse:
    """`active` is when anything but a sign of life came or went, `asked` when the ping was sent that waits for one."""

    __slots__ = (
        "_answer",
        "_every",
        "_idle_after",
        "_noted",
        "_rate",
        "_tokens",
        "_topped_up",
        "active",
        "asked",
        "ping_at",
    )

    def __init__(self, limits: Limits, heartbeat: float, idle_after: float | None, now: float) -> None:
        self._every = heartbeat
        self._answer = limits.pong_seconds
        self._rate = limits.messages_per_second
        self._idle_after = idle_after
        self._tokens = float(self._rate * BURST)
        self._topped_up = now
        self.active = now
        self._noted = (now, 0)
        self.ping_at = now + heartbeat
        self.asked: float | None = None

    def heard(self, now: float, cost: int) -> bool:
        """A message came. False: more of them than `messages_per_second`."""
        self.asked = None
        self._tokens = min(self._tokens + (now - self._topped_up) * self._rate, self._rate * BURST) - cost
        self._topped_up = now
        return self._tokens >= 0

    def notes(self, now: float) -> bool:
        """Whether another problem of the page is noted."""
        since, count = self._noted
        if now - since >= 1:
            since, count = now, 0
        self._noted = (since, count + 1)
        return count < PROBLEMS

    def ask(self, now: float) -> None:
        """A ping goes out."""
        self.asked = now
        self.ping_at = now + self._every

    def due(self, held: int) -> float:
        """When to ping next; or when to give up, if a ping waits for its answer behind `held` bytes."""
        return self.ping_at if self.asked is None else self.asked + self._answer + held / SLOWEST_LINE

    def idle_at(self, since: float) -> float | None:
        """When nothing will have happened for too long, if nothing happens after `since`; None: never."""
        return None if self._idle_after is None else since + self._idle_after
