"""When to be woken.

Lazy: a deadline that moves later does not move the alarm. The wake-up finds nothing due, and all are named again.
"""

from __future__ import annotations

from wscb.session.effects import Effect, WakeAt


class Alarm:
    __slots__ = ("_said", "at")

    def __init__(self) -> None:
        self.at: float | None = None
        """The earliest deadline known, None: there is none."""
        self._said: float | None = None

    def by(self, at: float | None) -> None:
        """Not later than at this time; None does not matter."""
        if at is not None and (self.at is None or at < self.at):
            self.at = at

    def rang(self) -> None:
        """The time has come: all deadlines are to be named again."""
        self.at = self._said = None

    def off(self) -> None:
        """There are no deadlines now."""
        self.at = None

    def say(self, out: list[Effect]) -> None:
        """Tell the server, if it has not been told."""
        if self.at != self._said:
            self._said = self.at
            out.append(WakeAt(self.at))
