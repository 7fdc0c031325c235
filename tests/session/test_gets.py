from __future__ import annotations

from wscb.protocol import codec
from wscb.session.alarm import Alarm
from wscb.session.effects import Effect, Got
from wscb.session.flow import Flow
from wscb.session.gets import Gets


def test_each_is_settled_once() -> None:
    gets, out = Gets(Alarm()), list[Effect]()
    gets.add(1, "a", "b", 5.0, 3, 0.0)
    assert 1 in gets
    gets.settle(1, "v", None, out)
    gets.settle(1, "w", None, out)
    assert out == [Got(1, "v", None)]
    assert 1 not in gets


def test_asks_with_what_is_left() -> None:
    gets, flow = Gets(Alarm()), Flow(1, 0)
    gets.add(1, "a", "b", 5.0, 3, 0.0)
    gets.ask_again(flow, 4.5)
    gets.ask(1, flow, 6.0)
    first, second = codec.decode_server(flow.waiting() or b""), codec.decode_server(flow.waiting() or b"")
    assert (first.component, first.prop, first.at, first.left, second.left) == ("a", "b", 3, 500, 0)  # type: ignore[union-attr]


def test_deadline_forgetting_and_the_end() -> None:
    alarm = Alarm()
    gets, out = Gets(alarm), list[Effect]()
    for id, seconds in ((1, 5.0), (2, 6.0), (3, 7.0)):
        gets.add(id, "a", "b", seconds, 0, 0.0)
    assert alarm.at == 5.0
    alarm.rang()
    gets.expire(5.0, out)
    assert (out, alarm.at) == ([Got(1, None, "timeout")], 6.0)
    gets.forget(2)
    gets.forget(2)
    gets.end(out)
    assert out[1:] == [Got(3, None, "gone")]
    assert len(gets.pending) == 0


def test_the_time_that_the_page_is_away_does_not_count() -> None:
    alarm = Alarm()
    gets, out = Gets(alarm), list[Effect]()
    gets.add(1, "a", "b", 5.0, 0, 0.0)
    alarm.rang()
    gets.lost(2.0)
    gets.add(2, "a", "b", 5.0, 0, 60.0)
    gets.expire(100.0, out)
    assert (out, alarm.at) == ([], None)
    gets.ask_again(Flow(2, 0), 102.0)
    assert alarm.at == 105.0
    gets.expire(105.0, out)
    gets.expire(106.9, out)
    assert out == [Got(1, None, "timeout")]
    gets.expire(107.0, out)
    assert out[1:] == [Got(2, None, "timeout")]


def test_a_question_that_nobody_waits_for_does_not_wait_for_the_socket_either() -> None:
    """A page that reads nothing, and is asked again and again, is not owed more and more."""
    gets, flow, out = Gets(Alarm()), Flow(1, 0), list[Effect]()
    flow.control(b"welcome")
    for id in range(1, 100):
        gets.add(id, "a", "b", 1.0, 0, float(id))
        gets.ask(id, flow, float(id))
        if id % 2:
            gets.forget(id)
        else:
            gets.expire(id + 1.0, out)
    assert len(out) == 49
    assert (flow.waiting(), flow.waiting()) == (b"welcome", None)
