from __future__ import annotations

from tests.session.ends import Ends, attached
from wscb.session import changes_of, effects


def test_started_by_the_server_when_the_page_has_attached() -> None:
    ends = Ends(tasks=["clock"])
    ends.attach()
    assert ends.take() == [effects.Run(1, None, "clock", (), (), ())]
    assert ends.states() == [("clock", "running")]
    ends.do(ends.session.lost(1, 1.0))
    ends.attach(have=1)
    assert ends.take() == []


def test_states() -> None:
    for how, state in {
        "ok": "completed",
        "no_update": "completed",
        "error": "failed",
        "cancelled": "cancelled",
    }.items():
        ends = Ends(tasks=["clock"])
        ends.attach()
        ends.finish(1, how, children="last")
        delta = ends.said[-1]
        assert delta.tasks[0][:2] == ("clock", state)
        assert delta.changes == [("set", "out", "children", "last")]


def test_new_inputs_start_it_anew_when_the_old_run_has_ended() -> None:
    ends = attached()
    for id in (1, 2, 3):
        ends.invoke("feed", id, inputs=[id], state=[0])
    assert [type(effect).__name__ for effect in ends.take()] == ["Run", "Cancel"]
    ends.finish(1, children="dropped")
    assert ends.take() == [effects.Run(2, 3, "feed", [3], [0], [])]
    assert ends.states()[-1] == ("feed", "running")


def test_cancel_by_the_id_of_the_newest_invoke() -> None:
    ends = attached()
    ends.invoke("feed", 1, state=[0])
    ends.invoke("feed", 2, state=[0])
    ends.cancel(1)
    ends.cancel(2)
    ends.finish(1)
    assert [type(effect).__name__ for effect in ends.take()] == ["Run", "Cancel"]
    assert ends.states()[-1] == ("feed", "cancelled")


def test_given_up_at_the_deadline() -> None:
    ends = attached(cancel_seconds=5)
    ends.invoke("feed", 1, state=[0])
    ends.invoke("work", 7)
    ends.cancel(1)
    ends.wake(5.0)
    assert ends.take()[-1] == effects.Abandoned(1)
    assert ends.states()[-1] == ("feed", "cancelled")


def test_a_task_has_no_outcome() -> None:
    ends = attached()
    ends.invoke("feed", 1, state=[0])
    ends.finish(1)
    assert ends.outcomes() == []


def test_the_state_of_one_that_goes_on_is_told_with_what_it_writes() -> None:
    """A shared task fails and runs again while the page views it."""
    ends = Ends(tasks=["clock"])
    ends.attach()
    ends.take()
    for changes, state in ((changes_of("out", {"children": "last"}), "failed"), ([], "running")):
        ends.do(ends.session.write(changes, ends.now, 1, (state, None)))
    assert [(delta.changes, delta.tasks) for delta in ends.said[-2:]] == [
        ([("set", "out", "children", "last")], [("clock", "failed")]),
        ([], [("clock", "running")]),
    ]
    assert 1 in ends.session.runs
