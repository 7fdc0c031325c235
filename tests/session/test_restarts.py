"""Tasks that are started again when they have failed."""

from __future__ import annotations

import pytest

from tests.session.ends import Ends, attached
from wscb.protocol.messages import Detail
from wscb.session import effects
from wscb.session.tasks import pause


def again(**options: float) -> Ends:
    ends = attached(tasks=["again"], heartbeat_seconds=1000, **options)
    ends.take()
    return ends


def fails(ends: Ends, run: int) -> float:
    """Lets the run fail at once; returns the pause after it."""
    ends.finish(run, "error", {"ref": "r"})
    (wake,) = [effect for effect in [ends.session._tasks._failing.get("again")] if effect]
    assert wake.at is not None
    return wake.at - ends.now


def test_the_pauses_grow() -> None:
    ends = again()
    for run, seconds in enumerate((1, 2, 4, 8, 16, 30, 30), start=1):
        assert fails(ends, run) == pytest.approx(seconds, rel=0.25)
        assert ends.states()[-1] == ("again", "failed", Detail(ref="r"))
        ends.wake(ends.session._tasks._failing["again"].at)
        assert effects.Run(run + 1, None, "again", (), (), ()) in ends.take()
        assert ends.states()[-1] == ("again", "running")


def test_not_before_the_pause_is_over() -> None:
    ends = again()
    seconds = fails(ends, 1)
    assert ends.wake_at == pytest.approx(seconds)
    ends.wake(seconds - 0.01)
    assert [type(effect) for effect in ends.take()] == []
    ends.wake()
    assert [type(effect) for effect in ends.take()] == [effects.Run]


def test_no_two_sessions_come_back_together() -> None:
    pauses = {pause(1, f"session {number}") for number in range(100)}
    assert len(pauses) == 100
    assert 0.75 <= min(pauses) < 0.8
    assert 1.2 < max(pauses) <= 1.25
    assert pause(2000, "far") <= 37.5


def test_one_that_ran_well_for_a_while_begins_with_the_shortest_pause() -> None:
    ends = again()
    for run in (1, 2, 3):
        fails(ends, run)
        ends.wake(ends.session._tasks._failing["again"].at)
    ends.now += 60.0
    assert fails(ends, 4) == pytest.approx(1, rel=0.25)


@pytest.mark.parametrize("how", ["ok", "no_update", "cancelled"])
def test_what_did_not_fail_is_not_started_again(how: str) -> None:
    ends = again()
    fails(ends, 1)
    ends.wake()
    ends.take()
    ends.finish(2, how)
    ends.wake(50.0)
    assert ends.take() == []


def test_one_that_has_dealt_with_its_failure_is() -> None:
    ends = again()
    ends.finish(1, "no_update", failed=True)
    assert ends.states()[-1] == ("again", "completed")
    ends.wake()
    assert [type(effect) for effect in ends.take()] == [effects.Run]


def test_only_those_that_were_declared_so() -> None:
    ends = attached(tasks=["clock"])
    ends.take()
    ends.finish(1, "error")
    ends.wake(50.0)
    assert ends.take() == []


def test_with_the_inputs_that_it_had() -> None:
    ends = attached()
    ends.invoke("feed again", 1, inputs=[7])
    ends.finish(1, "error")
    ends.wake()
    assert ends.take()[-1] == effects.Run(2, 1, "feed again", [7], [], [])


def test_new_inputs_do_not_wait() -> None:
    ends = attached()
    ends.invoke("feed again", 1, inputs=[7])
    ends.finish(1, "error")
    ends.invoke("feed again", 2, inputs=[8])
    assert ends.take()[-1] == effects.Run(2, 2, "feed again", [8], [], [])
    ends.wake(50.0)
    assert ends.take() == []


def test_one_that_fails_while_newer_inputs_wait_starts_with_those() -> None:
    ends = attached()
    ends.invoke("feed again", 1, inputs=[7])
    ends.invoke("feed again", 2, inputs=[8])
    ends.finish(1, "error")
    assert ends.take()[-1] == effects.Run(2, 2, "feed again", [8], [], [])


def test_cancelled_in_its_pause() -> None:
    ends = attached()
    ends.invoke("feed again", 1)
    ends.finish(1, "error")
    ends.cancel(9)
    assert ends.session._tasks.pausing
    ends.cancel(1)
    assert ends.states()[-1] == ("feed again", "cancelled")
    ends.take()
    ends.wake(50.0)
    assert ends.take() == []


def test_cancelled_while_it_runs_again() -> None:
    ends = attached()
    ends.invoke("feed again", 1)
    ends.finish(1, "error")
    ends.wake()
    ends.cancel(1)
    ends.finish(2, "error")
    assert ends.states()[-1] == ("feed again", "cancelled")
    assert not ends.session._tasks.pausing


def test_one_that_was_cancelled_and_then_dealt_with_an_error() -> None:
    ends = attached()
    ends.invoke("feed again", 1)
    ends.cancel(1)
    ends.finish(1, "no_update", failed=True)
    assert ends.states()[-1] == ("feed again", "cancelled")
    assert not ends.session._tasks.pausing


def test_goes_on_while_the_page_is_away() -> None:
    ends = again()
    ends.do(ends.session.lost(1, 0.0))
    fails(ends, 1)
    ends.wake()
    assert [type(effect) for effect in ends.take()] == [effects.Run]


def test_ends_with_its_page() -> None:
    ends = again()
    fails(ends, 1)
    ends.do(ends.session.gone(1, 0.5))
    assert not ends.session._tasks.pausing
    ends.take()
    ends.wake(50.0)
    assert ends.take() == []
    assert ends.wake_at is None


def test_a_server_that_goes_away_starts_nothing() -> None:
    ends = again()
    fails(ends, 1)
    ends.do(ends.session.drain(10, 0.5))
    assert ends.states()[-1] == ("again", "cancelled")
    ends.take()
    ends.wake(50.0)
    assert [effect for effect in ends.take() if isinstance(effect, effects.Run)] == []


def test_a_page_whose_task_pauses_is_not_idle() -> None:
    ends = attached(tasks=["again"], idle_after=0.1)
    ends.take()
    ends.finish(1, "error")
    ends.wake(0.5)
    assert ends.take() == []
    ends.wake(1.25)
    assert [type(effect) for effect in ends.take()] == [effects.Run]
