"""How a session ends: at once, drained, or when the last of its runs has ended."""

from __future__ import annotations

import pytest

from tests.session.ends import Ends, attached
from wscb.errors import CallOver, Refused
from wscb.session import effects
from wscb.session.states import SessionState


def test_end_leaves_nothing() -> None:
    ends = attached(cancel_seconds=5)
    ends.invoke("work", 1)
    ends.invoke("queue", 2)
    ends.invoke("queue", 3)
    ends.invoke("feed", 4, state=[0])
    ends.take()
    ends.do(ends.session.get_prop(1, "a", "x", 50, 0.0))
    ends.write("a", x=1)
    ends.do(ends.session.flush(2, 0.0))
    ends.do(ends.session.end(4500, 0.0, "a bad message"))
    assert ends.take() == [
        effects.Close(1, 4500, "a bad message"),
        effects.Cancel(1),
        effects.Cancel(2),
        effects.Cancel(3),
        effects.Got(1, None, "gone"),
        effects.Flushed(2, "gone"),
        effects.Over(4500),
    ]
    assert (ends.wake_at, len(ends.session.runs)) == (5.0, 3)
    with pytest.raises(CallOver):
        ends.write("a", run=1, x=1)
    ends.finish(1)
    ends.finish(2)
    ends.wake()
    assert ends.take() == [effects.Abandoned(3)]
    assert ends.session.runs == {}
    ends.do(ends.session.end(None, 6.0))
    ends.do(ends.session.get_prop(3, "a", "x", 5, 6.0))
    ends.do(ends.session.flush(4, 6.0))
    assert ends.take() == [effects.Got(3, None, "gone"), effects.Flushed(4, "gone")]


def test_no_timer_after_the_last_run_has_ended() -> None:
    ends = attached()
    ends.invoke("work", 1)
    ends.do(ends.session.end(None, 0.0))
    assert ends.wake_at == 5.0
    ends.finish(1)
    assert ends.wake_at is None


def test_drain() -> None:
    ends = Ends(tasks=["clock"], window_bytes=10)
    ends.attach()
    ends.invoke("work", 1)
    ends.invoke("queue", 2)
    ends.invoke("queue", 3)
    ends.write("a", x="more than the window")
    ends.take()
    ends.heard()
    ends.do(ends.session.drain(500, 0.0))
    assert ends.take() == [effects.Cancel(1)]
    ends.invoke("work", 9)
    assert [m.type for m in ends.heard()] == ["drain"]
    ends.do(ends.session.drain(500, 0.0))
    ends.auto = False
    ends.do(ends.session.drained(1.0))
    assert ends.take() == [effects.Cancel(2), effects.Cancel(3)]
    (delta,) = ends.heard()
    assert (delta.cq, delta.tasks) == (3, [("clock", "cancelled")])
    assert sorted(delta.outcomes) == [(1, "cancelled"), (2, "cancelled"), (3, "cancelled")]
    ends.do(ends.session.drained(1.0))
    ends.finish(2)
    with pytest.raises(Refused):
        ends.attach()
    ends.do(ends.session.wrote(1, 1.0))
    assert ends.take() == [effects.Close(1, 4000, "the server is going away"), effects.Over(4000)]
    ends.do(ends.session.drain(5, 1.0))
    ends.do(ends.session.drained(1.0))
    ends.wake(20.0)
    assert ends.take() == [effects.Abandoned(1), effects.Abandoned(3)]


def test_the_last_delta_waits_for_the_socket() -> None:
    ends = attached()
    ends.auto = False
    ends.write("a", x=1)
    ends.do(ends.session.drained(0.0))
    ends.wake(1.0)
    assert len(ends.heard()) == 1
    ends.do(ends.session.wrote(1, 0.0))
    assert len(ends.heard()) == 1
    ends.do(ends.session.lost(1, 0.0))
    assert ends.take() == [effects.Over(None)]


def test_a_page_that_comes_back_while_draining_is_told() -> None:
    ends = attached()
    ends.do(ends.session.lost(1, 0.0))
    ends.do(ends.session.drain(500, 0.0))
    ends.attach()
    assert [m.type for m in ends.heard()] == ["welcome", "drain"]
    ends.do(ends.session.lost(2, 0.0))
    ends.do(ends.session.drained(0.0))
    assert ends.take() == [effects.Over(None)]


def test_a_draining_session_leaves_nothing_for_later() -> None:
    ends = attached()
    ends.invoke("work", 1)
    ends.do(ends.session.drain(0, ends.now))
    ends.auto = False
    ends.do(ends.session.drained(ends.now))
    assert ends.do(ends.session.finished(1, "ok", (), None, ends.now, send=False)) == []
    assert ends.session.state is SessionState.CLOSING
