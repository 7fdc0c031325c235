"""Calls that take longer than their callback may."""

from __future__ import annotations

from tests.session.ends import Ends, attached
from wscb.protocol.messages import Detail
from wscb.session import effects

TOLD = Detail(code="timeout", message="It did not end within 2 s.")


def late(callback: str = "slow", **options: float) -> Ends:
    """Two calls of it, of which the first was told to end."""
    ends = attached(**options)
    ends.invoke(callback, 1)
    ends.now = 1.0
    ends.invoke(callback, 2)
    ends.take()
    ends.wake(2.0)
    return ends


def test_one_that_takes_too_long_is_cancelled_and_named_in_the_log() -> None:
    note, cancel = late().take()
    assert note == effects.Note("warning", "timeout", {"callback": "slow", "seconds": 2.0})
    assert cancel == effects.Cancel(1)


def test_its_outcome_waits_for_its_end() -> None:
    ends = late()
    assert ends.outcomes() == []
    ends.finish(1, children="dropped")
    assert ends.outcomes() == [(1, "timeout", TOLD)]
    ends.write("log", 2, children="the other goes on")
    ends.finish(2, children="in time")
    assert ends.outcomes() == [(2, "ok")]


def test_one_that_does_not_end_is_given_up() -> None:
    ends = late(cancel_seconds=3)
    ends.finish(2)
    ends.heard()
    ends.wake(5.0)
    assert ends.take()[-1] == effects.Abandoned(1)
    assert ends.outcomes() == [(1, "timeout", TOLD)]


def test_each_has_its_own_time() -> None:
    ends = late()
    ends.finish(1)
    assert ends.wake_at == 3.0
    ends.wake()
    ends.finish(2)
    assert ends.outcomes() == [(1, "timeout", TOLD), (2, "timeout", TOLD)]


def test_what_waits_in_a_queue_takes_no_time() -> None:
    ends = late("slow queue")
    ends.finish(1)
    assert ends.take()[-1] == effects.Run(2, 2, "slow queue", [1], [], [])
    ends.wake(3.9)
    ends.finish(2)
    assert ends.outcomes() == [(1, "timeout", TOLD), (2, "ok")]


def test_one_that_ends_already_is_not_late_as_well() -> None:
    ends = attached()
    ends.invoke("slow", 1)
    ends.cancel(1)
    ends.wake(2.0)
    ends.finish(1)
    assert ends.outcomes() == [(1, "cancelled")]


def test_a_cancel_that_comes_later_changes_nothing() -> None:
    ends = late()
    ends.cancel(1)
    ends.finish(1)
    assert ends.outcomes() == [(1, "timeout", TOLD)]


def test_also_while_the_page_is_away() -> None:
    ends = attached()
    ends.invoke("slow", 1)
    ends.do(ends.session.lost(1, 0.0))
    ends.take()
    ends.wake(2.0)
    assert ends.take()[1] == effects.Cancel(1)
