"""Tasks: runs that live as long as the page. They have states and no outcome, and each has one run at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zlib import crc32

from wscb.protocol import codec
from wscb.protocol.messages import How, Invoke
from wscb.session.alarm import Alarm
from wscb.session.changes import Change
from wscb.session.effects import Effect
from wscb.session.outbox import Outbox
from wscb.session.runs import Rule, Run, Runs

LONGEST_SECONDS = 30.0
"""Between two starts of a task that fails again and again."""

WELL_SECONDS = 60.0
"""A task that ran for so long before it failed begins with the shortest pause again."""

_STATES = {"error": "failed", "timeout": "failed", "cancelled": "cancelled"}

Told = tuple[str, dict[str, str] | None]
"""A task's state as the page is told it, with its detail."""


@dataclass(slots=True)
class Failing:
    """A task that has failed, `times` in a row. `at` is when it starts again, None while it runs."""

    times: int
    at: float | None
    message: Invoke | None


class Tasks:
    """`session` makes the pauses of one session others than those of the next."""

    __slots__ = ("_alarm", "_box", "_failing", "_rules", "_runs", "_session")

    def __init__(self, box: Outbox, runs: Runs, rules: Mapping[str, Rule], alarm: Alarm, session: str) -> None:
        self._box = box
        self._runs = runs
        self._rules = rules
        self._alarm = alarm
        self._session = session
        self._failing: dict[str, Failing] = {}

    @property
    def pausing(self) -> bool:
        """Whether one will start again by itself."""
        return any(failing.at is not None for failing in self._failing.values())

    def start(self, callback: str, message: Invoke | None, now: float, out: list[Effect]) -> None:
        run = Run(callback, callback, call=None if message is None else message.id, q=0, task=True)
        run.message = message
        self._runs.start(run, message, now, out)
        self._box.version += 1
        self._say(callback, "running")

    def invoke(self, message: Invoke, now: float, out: list[Effect]) -> None:
        """Start it, or start it anew with these inputs as soon as the run there is has ended."""
        self._failing.pop(message.callback, None)  # with other inputs it may do better
        old = self._runs.of(message.callback)
        if not old:
            self.start(message.callback, message, now, out)
            return
        run = old[0]
        run.waiting = message
        self._runs.stop(run, "cancelled", "restart", now, out)

    def cancel(self, id: int, now: float, out: list[Effect]) -> None:
        """`id` is that of the task's last invoke: the one that started the run, or one that waits to start it anew."""
        for run in self._runs.live.values():
            if run.task and id == (run.call if run.waiting is None else run.waiting.id):
                self._stop(run, now, out)
        for callback, failing in list(self._failing.items()):
            if failing.message is not None and failing.message.id == id:
                self._give_up_pause(callback)

    def cancel_all(self, now: float, out: list[Effect]) -> None:
        for run in self._runs.live.values():
            if run.task:
                self._stop(run, now, out)
        for callback in list(self._failing):
            self._give_up_pause(callback)

    def give_up(self, now: float, out: list[Effect]) -> None:
        """All tasks are cancelled now; their runs are told."""
        self.cancel_all(now, out)
        for run in self._runs.live.values():
            if run.task:
                self.ended(run, "cancelled", (), None, "expire", now, out)

    def end(self) -> None:
        self._failing.clear()

    def wake(self, now: float, out: list[Effect]) -> None:
        """Start those again whose pause is over."""
        for callback, failing in self._failing.items():
            if failing.at is not None and failing.at <= now:
                failing.at = None
                self.start(callback, failing.message, now, out)
            self._alarm.by(failing.at)

    def ended(
        self,
        run: Run,
        how: How,
        changes: Sequence[Change],
        detail: dict[str, str] | None,
        event: str,
        now: float,
        out: list[Effect],
    ) -> None:
        """Write its last values and its state as one version."""
        run.move(event)
        if run.why is not None:
            how, changes, detail = run.why, (), None
        self._box.version += 1
        for change in changes:
            self._box.put(change)
        self._say(run.callback, told_as(how), detail)
        if run.waiting is not None:
            self.start(run.callback, run.waiting, now, out)
        elif run.why is None and (run.failed or how == "error") and self._rules[run.callback].restart:
            self._pause(run, now)
        else:
            self._failing.pop(run.callback, None)

    def _pause(self, run: Run, now: float) -> None:
        before = self._failing.get(run.callback)
        times = 1 if before is None or now - run.started >= WELL_SECONDS else before.times + 1
        at = now + pause(times, f"{self._session} {run.callback} {times}")
        self._failing[run.callback] = Failing(times, at, run.message)
        self._alarm.by(at)

    def _give_up_pause(self, callback: str) -> None:
        if self._failing.pop(callback).at is not None:
            self._box.version += 1
            self._say(callback, "cancelled")

    def _stop(self, run: Run, now: float, out: list[Effect]) -> None:
        run.waiting = None
        self._runs.stop(run, "cancelled", "cancel", now, out)

    def tell(self, run: Run | None, told: Told | None) -> None:
        """Write the state of a run that goes on into the current version, if there is one."""
        if run is not None and told is not None:
            self._say(run.callback, *told)

    def _say(self, callback: str, state: str, detail: dict[str, str] | None = None) -> None:
        self._box.put_task(callback, codec.task(callback, state, detail))


def told_as(how: How) -> str:
    """The state of a task whose run has ended so."""
    return _STATES.get(how, "completed")


def pause(times: int, name: str) -> float:
    """Seconds before the next start after so many failures in a row: 1, 2, 4 and so on, a quarter more or less.

    The `name` decides how much, so that all the tasks that failed with one database do not come back as one.
    """
    chance = crc32(name.encode()) / 2**32
    return min(LONGEST_SECONDS, 2.0 ** min(times - 1, 10)) * (0.75 + chance / 2)
