from __future__ import annotations

from tests.session.ends import Ends, attached
from wscb.protocol.messages import Ack, Visible
from wscb.session import effects


def test_a_lone_write_leaves_at_once_and_later_ones_coalesce() -> None:
    ends = attached()
    ends.auto = False
    for value in range(5):
        ends.write("a", x=value)
    assert [delta.changes[0][3] for delta in ends.heard()] == [0]
    ends.do(ends.session.wrote(1, 0.0))
    (delta,) = ends.heard()
    assert (delta.to, delta.changes) == (5, [("set", "a", "x", 4)])
    ends.do(ends.session.wrote(1, 0.0))
    assert ends.heard() == []


def test_a_full_window_waits_for_the_page() -> None:
    ends = attached(window_bytes=1000)
    ends.write("a", x="x" * 2000)
    ends.write("a", y=1)
    assert len(ends.heard()) == 1
    ends.page(Ack(have=1))
    assert [delta.to for delta in ends.heard()] == [2]


def test_an_empty_delta_brings_the_cq() -> None:
    ends = attached()
    ends.invoke("work", 1)
    assert ends.heard() == []
    ends.wake()
    assert ends.now == 0.5
    (delta,) = ends.heard()
    assert (delta.to, delta.cq, delta.changes) == (0, 1, [])
    ends.wake()
    assert [message.type for message in ends.heard()] == ["ping"]


def test_a_long_delta_goes_in_chunks() -> None:
    ends = attached(chunk_bytes=1024)
    ends.write("a", x="x" * 3000)
    assert [message.type for message in ends.heard()] == ["chunk"] * 4


def hidden(**limits: int) -> Ends:
    ends = attached(hidden_seconds=1, **limits)
    ends.page(Visible(visible=False))
    ends.now = 1.0
    ends.write("a", x=1)
    assert len(ends.heard()) == 1
    return ends


def test_a_hidden_page_gets_one_delta_a_second() -> None:
    ends = hidden()
    ends.write("a", x=2)
    assert ends.heard() == []
    ends.wake()
    assert (ends.now, len(ends.heard())) == (2.0, 1)


def test_a_hidden_page_gets_outcomes_at_once() -> None:
    ends = hidden()
    ends.invoke("work", 1)
    ends.finish(1)
    assert len(ends.heard()) == 1


def test_a_hidden_page_gets_at_once_what_precedes_a_get_prop() -> None:
    ends = hidden()
    ends.write("a", x=2)
    ends.do(ends.session.get_prop(1, "a", "x", 5, 1.0))
    assert [message.type for message in ends.heard()] == ["get_prop", "delta"]


def test_a_hidden_page_gets_at_once_what_is_long() -> None:
    ends = hidden(outbox_bytes=4000)
    ends.write("a", x="x" * 2000)
    assert len(ends.heard()) == 1


def test_flush() -> None:
    ends = attached()
    ends.do(ends.session.flush(1, 0.0))
    assert ends.take() == [effects.Flushed(1)]
    ends.write("a", x=1)
    ends.heard()
    ends.do(ends.session.flush(2, 0.0))
    ends.do(ends.session.flush(3, 0.0))
    assert [(delta.to, delta.ack) for delta in ends.heard()] == [(1, True)]
    assert ends.take() == []
    ends.ack()
    assert ends.take() == [effects.Flushed(2), effects.Flushed(3)]


def test_a_flush_that_nobody_waits_for_is_forgotten() -> None:
    ends = attached()
    ends.write("a", x=1)
    for waiter in (1, 2, 3):
        ends.do(ends.session.flush(waiter, 0.0))
    for gone in (1, 3, 9):
        ends.session.forget_flush(gone)
    ends.ack()
    assert ends.take() == [effects.Flushed(2)]


def test_flush_goes_on_over_a_resume() -> None:
    ends = attached()
    ends.write("a", x=1)
    ends.do(ends.session.flush(2, 0.0))
    ends.do(ends.session.flush(3, 0.0))
    ends.do(ends.session.lost(1, 0.0))
    ends.heard()
    ends.attach(have=0)
    assert ends.heard()[-1].ack
    ends.do(ends.session.lost(2, 0.0))
    ends.attach(have=1)
    assert ends.take() == [effects.Flushed(2), effects.Flushed(3)]


def test_the_last_delta_before_a_close_goes_in_chunks_too() -> None:
    ends = attached(chunk_bytes=1024, window_bytes=10)
    ends.write("a", x="x" * 100)
    ends.write("a", x="x" * 3000)
    ends.heard()
    ends.do(ends.session.drained(0.0))
    assert [message.type for message in ends.heard()] == ["chunk"] * 4
    assert [type(effect).__name__ for effect in ends.take()] == ["Close", "Over"]
