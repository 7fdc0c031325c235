from __future__ import annotations

import pytest

from wscb.errors import CallOver
from wscb.session import effects
from wscb.session.alarm import Alarm
from wscb.session.effects import Effect
from wscb.session.runs import Run, Runs
from wscb.session.states import CallState, TaskState


def started(runs: Runs, *, task: bool = False) -> Run:
    run = Run("c", "group", call=1, q=1, task=task)
    if not task:
        run.move("start")
    runs.start(run, None, 0.0, [])
    return run


def test_the_first_reason_and_deadline_stay() -> None:
    alarm = Alarm()
    runs, out = Runs(alarm, 5.0), list[Effect]()
    run = started(runs)
    runs.stop(run, "superseded", "cancel", 1.0, out)
    runs.stop(run, "cancelled", "cancel", 2.0, out)
    assert out == [effects.Cancel(run.id)]
    assert (run.why, run.due, alarm.at) == ("superseded", 6.0, 6.0)


def test_what_does_not_end_is_given_up() -> None:
    alarm = Alarm()
    runs, out = Runs(alarm, 5.0), list[Effect]()
    early, late, free = started(runs), started(runs), started(runs)
    runs.stop(early, "cancelled", "cancel", 1.0, out)
    runs.stop(late, "cancelled", "cancel", 2.0, out)
    alarm.rang()
    out.clear()
    assert runs.expire(6.0, out) == [early]
    assert out == [effects.Abandoned(early.id)]
    assert (list(runs.live.values()), alarm.at) == ([late, free], 7.0)
    assert runs.of("group") == [late, free]
    assert runs.of("other") == []


def test_a_run_that_is_over_can_change_nothing() -> None:
    runs = Runs(Alarm(), 5.0)
    run = started(runs)
    assert runs.writing(run.id) is run
    with pytest.raises(CallOver):
        runs.writing(99)
    run.move("end")
    with pytest.raises(CallOver):
        runs.writing(run.id)


def test_what_the_writer_can_have_known() -> None:
    runs = Runs(Alarm(), 5.0)
    assert started(runs).knows == 1
    assert started(runs, task=True).knows is None


def test_all_are_told_at_the_end() -> None:
    runs, out = Runs(Alarm(), 5.0), list[Effect]()
    call, task, given_up = started(runs), started(runs, task=True), started(runs)
    given_up.move("end")
    runs.stop_all(1.0, out)
    assert out == [effects.Cancel(call.id), effects.Cancel(task.id)]
    assert (call.state, task.state) == (CallState.SETTLED, TaskState.ENDED)
