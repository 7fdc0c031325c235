from __future__ import annotations

from wscb.session.alarm import Alarm
from wscb.session.effects import Effect, WakeAt


def said(alarm: Alarm) -> list[Effect]:
    out: list[Effect] = []
    alarm.say(out)
    return out


def test_says_only_what_is_earlier() -> None:
    alarm = Alarm()
    assert said(alarm) == []
    alarm.by(None)
    alarm.by(5.0)
    alarm.by(7.0)
    assert said(alarm) == [WakeAt(5.0)]
    assert said(alarm) == []
    alarm.by(3.0)
    assert said(alarm) == [WakeAt(3.0)]


def test_names_all_deadlines_again_after_it_rang() -> None:
    alarm = Alarm()
    alarm.by(3.0)
    said(alarm)
    alarm.rang()
    assert said(alarm) == []
    alarm.by(3.0)
    assert said(alarm) == [WakeAt(3.0)]


def test_off() -> None:
    alarm = Alarm()
    alarm.by(3.0)
    said(alarm)
    alarm.off()
    assert said(alarm) == [WakeAt(None)]
