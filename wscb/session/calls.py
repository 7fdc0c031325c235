"""Calls: each runs at most once, and ends in exactly one outcome.

A call's id is remembered while it is open, and then by its outcome until the page has acknowledged that.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from wscb.protocol import codec
from wscb.protocol.messages import How, Invoke
from wscb.session.changes import Change
from wscb.session.effects import Effect
from wscb.session.outbox import Outbox
from wscb.session.runs import Rule, Run, Runs, Why

Detail = dict[str, str]


class Calls:
    """`open` are the calls without an outcome, queued ones included."""

    __slots__ = ("_box", "_limit", "_newest_ok", "_queues", "_runs", "open")

    def __init__(self, box: Outbox, runs: Runs, limit: int) -> None:
        self._box = box
        self._runs = runs
        self._limit = limit
        self.open: dict[int, Run] = {}
        self._queues: dict[str, deque[Run]] = {}
        self._newest_ok: dict[str, int] = {}

    def knows(self, id: int) -> bool:
        """Whether the call is open, or has an outcome that the page may not have yet."""
        return id in self.open or self._box.holds_outcome(id)

    def invoke(self, message: Invoke, rule: Rule, now: float, out: list[Effect]) -> None:
        id = message.id
        if len(self.open) >= self._limit:
            self.reject(id, "too_many_calls", f"More than {self._limit} calls in flight.")
            return
        group = rule.group(message)
        run = Run(message.callback, group, call=id, q=message.q, task=False, timeout=rule.timeout)
        run.where = rule.where
        if rule.on_repeat != "parallel":
            others = self._runs.of(group)
            if others and rule.on_repeat == "ignore":
                self.reject(id, "ignored")
                return
            if others and rule.on_repeat == "queue":
                self._queue(run, message)
                return
            for other in others if rule.on_repeat == "cancel" else ():
                self._stop(other, "superseded", now, out)
        self._start(run, message, now, out)

    def reject(self, id: int, code: str, text: str | None = None) -> None:
        """Refused before it ran. Without a text the page says nothing about it."""
        self._box.version += 1
        self._settle(id, "rejected", {"code": code} if text is None else {"code": code, "message": text})

    def cancel(self, id: int, now: float, out: list[Effect]) -> None:
        """Of a settled or unknown id: nothing."""
        run = self.open.get(id)
        if run is None:
            return
        if run.id:
            self._stop(run, "cancelled", now, out)
            return
        self._unqueue(run)

    def ended(
        self,
        run: Run,
        how: How,
        changes: Sequence[Change],
        detail: Detail | None,
        event: str,
        now: float,
        out: list[Effect],
    ) -> None:
        """Write result and outcome as one version, and start the call that waited for this one."""
        run.move(event)
        if run.why is not None:
            how, changes, detail = run.why, (), timed_out(run.timeout, run.where) if run.why == "timeout" else None
        elif how == "ok" and self.outdated(run):
            how, changes = "superseded", ()
        elif how == "ok":
            self._newest_ok[run.group] = run.q
        box = self._box
        box.version += 1
        for change in changes:
            box.put(change, run.knows)
        assert run.call is not None
        self._settle(run.call, how, detail)
        self._start_next(run.group, now, out)

    def outdated(self, run: Run) -> bool:
        """Whether a later call with the same outputs has ended well."""
        return self._newest_ok.get(run.group, 0) > run.q

    def give_up(self, now: float, out: list[Effect]) -> None:
        """All open calls end as cancelled now; their runs are told."""
        self._drop_queues()
        for run in list(self.open.values()):
            self._stop(run, "cancelled", now, out)
            self.ended(run, "cancelled", (), None, "expire", now, out)

    def _drop_queues(self) -> None:
        for run in [run for queue in self._queues.values() for run in queue]:
            self._unqueue(run)

    def end(self) -> None:
        self.open.clear()
        self._queues.clear()

    def _start(self, run: Run, message: Invoke, now: float, out: list[Effect]) -> None:
        assert run.call is not None
        self.open[run.call] = run
        run.move("start")
        self._runs.start(run, message, now, out)

    def _stop(self, run: Run, why: Why, now: float, out: list[Effect]) -> None:
        self._runs.stop(run, why, "cancel", now, out)

    def _settle(self, id: int, how: How, detail: Detail | None = None) -> None:
        self.open.pop(id, None)
        self._box.put_outcome(id, codec.outcome(id, how, detail))

    def _queue(self, run: Run, message: Invoke) -> None:
        assert run.call is not None
        run.waiting = message
        self.open[run.call] = run
        self._queues.setdefault(run.group, deque()).append(run)

    def _unqueue(self, run: Run) -> None:
        assert run.call is not None
        self._queues[run.group].remove(run)
        run.move("cancel")
        self._box.version += 1
        self._settle(run.call, "cancelled")

    def _start_next(self, group: str, now: float, out: list[Effect]) -> None:
        if self._runs.any_of(group):
            return
        self._newest_ok.pop(group, None)  # whoever comes now is newer than all that were
        queue = self._queues.get(group)
        if not queue:
            self._queues.pop(group, None)
            return
        run = queue.popleft()
        message, run.waiting = run.waiting, None
        assert message is not None
        self._start(run, message, now, out)


def timed_out(seconds: float | None, where: str | None = None) -> Detail:
    """What the page is told of a call that was ended for taking longer than its callback may, which is `where`."""
    told = {"code": "timeout", "message": f"It did not end within {seconds:g} s."}
    return told if where is None else {**told, "callback": where}
