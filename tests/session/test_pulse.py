from __future__ import annotations

from wscb.protocol.limits import Limits
from wscb.session.pulse import PROBLEMS, Pulse

LIMITS = Limits(messages_per_second=10, pong_seconds=10)


def test_the_deadline_of_an_answer_is_later_by_what_is_on_the_way() -> None:
    pulse = Pulse(LIMITS, 20, None, 0)
    assert pulse.due(0) == 20
    pulse.ask(20)
    assert pulse.due(0) == 30
    assert pulse.due(160_000) == 40
    assert pulse.heard(25, 1)
    assert pulse.due(0) == 40


def test_twice_the_rate_may_come_at_once() -> None:
    pulse = Pulse(LIMITS, 20, None, 0)
    assert [pulse.heard(0, 1) for _ in range(21)] == [True] * 20 + [False]
    pulse = Pulse(LIMITS, 20, None, 0)
    assert all(pulse.heard(0, 0) for _ in range(100))
    assert all(pulse.heard(at / 10, 1) for at in range(1000))


def test_idle() -> None:
    assert Pulse(LIMITS, 20, None, 0).idle_at(5) is None
    assert Pulse(LIMITS, 20, 60, 0).idle_at(5) == 65


def test_notes_some_problems_a_second() -> None:
    pulse = Pulse(LIMITS, 20, None, 0)
    assert sum(pulse.notes(0.5) for _ in range(50)) == PROBLEMS
    assert pulse.notes(1.5)
