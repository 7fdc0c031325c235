"""The live runs of a session: what is started, told to end, and given up when it does not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

from wscb.errors import CallOver
from wscb.protocol.messages import Ids, Invoke
from wscb.session import effects
from wscb.session.alarm import Alarm
from wscb.session.effects import Effect, Note
from wscb.session.states import CALL, TASK, CallState, Table, TaskState

Why = Literal["cancelled", "superseded", "timeout"]
Finish = Literal["ok", "no_update", "error", "cancelled", "timeout"]

Check = Callable[[Ids | None, Sequence[Any], Sequence[Any]], str | None]
"""Why ids, inputs and states are none that a page can have; None if they are."""


class Rule:
    """What the machine has to know of a callback. Of two calls with the same `outputs` the newer one wins.

    `check` is there for a callback with patterns, whose calls say what these stand for. `timeout` is in seconds;
    `restart` is for a task that is started again when it has failed. `where` is there if pages may know file and line.
    """

    __slots__ = ("check", "inputs", "on_repeat", "outputs", "restart", "state", "task", "timeout", "where")

    def __init__(
        self,
        inputs: int,
        state: int,
        *,
        task: bool = False,
        outputs: str = "",
        on_repeat: Literal["parallel", "cancel", "queue", "ignore"] = "parallel",
        check: Check | None = None,
        timeout: float | None = None,
        restart: bool = False,
        where: str | None = None,
    ) -> None:
        self.check = check
        self.inputs = inputs
        self.state = state
        self.task = task
        self.outputs = outputs
        self.on_repeat = on_repeat
        self.timeout = timeout
        self.restart = restart
        self.where = where

    def misfit(self, message: Invoke) -> str | None:
        """Why no page can have made this call; None if one can."""
        if len(message.inputs) != self.inputs or len(message.state) != self.state:
            return (
                f"{message.callback!r} has {self.inputs} inputs and {self.state} states, "
                f"not {len(message.inputs)} and {len(message.state)}."
            )
        if self.check is None:
            return None if message.ids is None else f"{message.callback!r} has no patterns, and so takes no ids."
        why = self.check(message.ids, message.inputs, message.state)
        return None if why is None else f"{message.callback!r}: {why}."

    def group(self, message: Invoke) -> str:
        """Names the calls of which the newer one wins: those that write the same."""
        group = self.outputs or message.callback
        if message.ids is None:
            return group
        outputs, inputs, _ = message.ids
        return f"{group} {outputs or inputs}"


class Run:
    """One run of a callback for a call or as a task. `id` is 0 until it starts; `why` is set when it is told to end."""

    __slots__ = (
        "call",
        "callback",
        "due",
        "failed",
        "group",
        "id",
        "message",
        "moves",
        "q",
        "started",
        "state",
        "task",
        "timeout",
        "waiting",
        "where",
        "why",
    )

    def __init__(
        self, callback: str, group: str, *, call: int | None, q: int, task: bool, timeout: float | None = None
    ) -> None:
        self.id = 0
        self.callback = callback
        self.group = group
        self.call = call
        self.q = q
        self.task = task
        self.state: CallState | TaskState = TaskState.RUNNING if task else CallState.QUEUED
        self.moves: Table[Any] = TASK if task else CALL
        self.where: str | None = None
        """Name, file and line of the callback, if the page may know."""
        self.why: Why | None = None
        self.due: float | None = None
        """When it is given up."""
        self.timeout = timeout
        self.started = 0.0
        self.failed = False
        """Whether it raised, though its author has dealt with that."""
        self.message: Invoke | None = None
        """Of a task: what it was started with."""
        self.waiting: Invoke | None = None
        """Of a queued call: its own message. Of a task that is to start anew: the one with the newest inputs."""

    @property
    def knows(self) -> int | None:
        """The last `q` that a call can have known when it writes: its own. None for a task: the newest."""
        return None if self.task else self.q

    @property
    def late(self) -> float | None:
        """When it is to be ended for taking too long; None: never, or it is told to end already."""
        return None if self.timeout is None or self.why is not None else self.started + self.timeout

    def move(self, event: str) -> None:
        self.state = self.moves[self.state][event]

    @property
    def settled(self) -> bool:
        """Whether its outcome, or a task's last state, is written; the run itself may still be ending."""
        return self.state is CallState.SETTLED or self.state is TaskState.ENDED


class Runs:
    """Live runs by their id. A run leaves when it has ended, or when it is given up."""

    __slots__ = ("_alarm", "_groups", "_last", "_seconds", "live")

    def __init__(self, alarm: Alarm, cancel_seconds: float) -> None:
        self.live: dict[int, Run] = {}
        self._groups: dict[str, dict[int, Run]] = {}
        self._alarm = alarm
        self._seconds = cancel_seconds
        self._last = 0

    def writing(self, run: int) -> Run:
        """The run that writes. Raises CallOver if it can change nothing any more."""
        live = self.live.get(run)
        if live is None or live.settled:
            raise CallOver("This callback can change nothing any more: its call is over, or its page is gone.")
        return live

    def of(self, group: str) -> list[Run]:
        return list(self._groups.get(group, {}).values())

    def any_of(self, group: str) -> bool:
        return group in self._groups

    def start(self, run: Run, message: Invoke | None, now: float, out: list[Effect]) -> None:
        self._last += 1
        run.id = self._last
        run.started = now
        self._alarm.by(run.late)
        self.live[run.id] = run
        self._groups.setdefault(run.group, {})[run.id] = run
        if message is None:
            out.append(effects.Run(run.id, run.call, run.callback, (), (), ()))
        else:
            out.append(
                effects.Run(run.id, run.call, run.callback, message.inputs, message.state, message.trigger, message.ids)
            )

    def leave(self, id: int) -> Run | None:
        """The run has ended, or is given up; None if it is not live."""
        run = self.live.pop(id, None)
        if run is not None:
            others = self._groups[run.group]
            del others[id]
            if not others:
                del self._groups[run.group]
        return run

    def stop(self, run: Run, why: Why, event: str, now: float, out: list[Effect]) -> None:
        """Tell it to end. The first reason stays, and so does the deadline."""
        if run.why is None:
            run.why = why
            run.due = now + self._seconds
            self._alarm.by(run.due)
            out.append(effects.Cancel(run.id))
        run.move(event)

    def stop_all(self, now: float, out: list[Effect]) -> None:
        """The session is over: nothing that they do counts now."""
        for run in self.live.values():
            run.waiting = None
            if not run.settled:
                self.stop(run, "cancelled", "cancel", now, out)
                run.move("expire")

    def _time_out(self, now: float, out: list[Effect]) -> None:
        for run in self.live.values():
            if run.late is not None and run.late <= now:
                said = {"callback": run.callback, "seconds": run.timeout}
                out.append(Note("warning", "timeout", said))
                self.stop(run, "timeout", "cancel", now, out)
            self._alarm.by(run.late)

    def expire(self, now: float, out: list[Effect]) -> list[Run]:
        """Tell those to end that take too long; give up, and return, those that did not end in time after that."""
        self._time_out(now, out)
        late = [run for run in self.live.values() if run.due is not None and run.due <= now]
        for run in late:
            self.leave(run.id)
            out.append(effects.Abandoned(run.id))
        for run in self.live.values():
            self._alarm.by(run.due)
        return late
