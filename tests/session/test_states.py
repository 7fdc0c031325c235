"""The tables say what may happen; the machine makes its moves by looking them up, and no other way."""

from __future__ import annotations

import pytest

from wscb.session.runs import Run
from wscb.session.states import CALL, SESSION, TASK, CallState, SessionState, TaskState


@pytest.mark.parametrize(
    ("table", "states", "first", "last"),
    [
        (SESSION, SessionState, SessionState.NEW, SessionState.OVER),
        (CALL, CallState, CallState.QUEUED, CallState.SETTLED),
        (TASK, TaskState, TaskState.RUNNING, TaskState.ENDED),
    ],
)
def test_every_state_is_reached_and_can_end(table, states, first, last) -> None:  # type: ignore[no-untyped-def]
    assert set(table) == set(states)
    reached, todo = {first}, [first]
    while todo:
        for state in table[todo.pop()].values():
            if state not in reached:
                reached.add(state)
                todo.append(state)
    assert reached == set(states)
    assert [state for state in states if not table[state]] == [last]


def test_a_move_that_is_not_in_the_table() -> None:
    run = Run("c", "c", call=1, q=1, task=False)
    with pytest.raises(KeyError):
        run.move("end")
    run.move("start")
    run.move("end")
    assert run.settled
    with pytest.raises(KeyError):
        run.move("end")
