"""Tasks: runs that live as long as the page. They have states and no outcome, and each has one run at a time."""

from __future__ import annotations

from collections.abc import Sequence

from wscb.protocol import codec
from wscb.protocol.messages import How, Invoke
from wscb.session.changes import Change
from wscb.session.effects import Effect
from wscb.session.outbox import Outbox
from wscb.session.runs import Run, Runs

_STATES = {"error": "failed", "timeout": "failed", "cancelled": "cancelled"}


class Tasks:
    __slots__ = ("_box", "_runs")

    def __init__(self, box: Outbox, runs: Runs) -> None:
        self._box = box
        self._runs = runs

    def start(self, callback: str, message: Invoke | None, out: list[Effect]) -> None:
        run = Run(callback, callback, call=None if message is None else message.id, q=0, task=True)
        self._runs.start(run, message, out)
        self._box.version += 1
        self._say(callback, "running")

    def invoke(self, message: Invoke, now: float, out: list[Effect]) -> None:
        """Start it, or start it anew with these inputs as soon as the run there is has ended."""
        old = self._runs.of(message.callback)
        if not old:
            self.start(message.callback, message, out)
            return
        run = old[0]
        run.waiting = message
        self._runs.stop(run, "cancelled", "restart", now, out)

    def cancel(self, id: int, now: float, out: list[Effect]) -> None:
        """`id` is that of the task's last invoke: the one that started the run, or one that waits to start it anew."""
        for run in self._runs.live.values():
            if run.task and id == (run.call if run.waiting is None else run.waiting.id):
                self._stop(run, now, out)

    def cancel_all(self, now: float, out: list[Effect]) -> None:
        for run in self._runs.live.values():
            if run.task:
                self._stop(run, now, out)

    def give_up(self, now: float, out: list[Effect]) -> None:
        """All tasks are cancelled now; their runs are told."""
        self.cancel_all(now, out)
        for run in self._runs.live.values():
            if run.task:
                self.ended(run, "cancelled", (), None, "expire", out)

    def ended(
        self,
        run: Run,
        how: How,
        changes: Sequence[Change],
        detail: dict[str, str] | None,
        event: str,
        out: list[Effect],
    ) -> None:
        """Write its last values and its state as one version."""
        run.move(event)
        if run.why is not None:
            how, changes, detail = run.why, (), None
        self._box.version += 1
        for change in changes:
            self._box.put(change)
        self._say(run.callback, _STATES.get(how, "completed"), detail)
        if run.waiting is not None:
            self.start(run.callback, run.waiting, out)

    def _stop(self, run: Run, now: float, out: list[Effect]) -> None:
        run.waiting = None
        self._runs.stop(run, "cancelled", "cancel", now, out)

    def _say(self, callback: str, state: str, detail: dict[str, str] | None = None) -> None:
        self._box.put_task(callback, codec.task(callback, state, detail))
