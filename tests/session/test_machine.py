from __future__ import annotations

import dataclasses

import pytest

from tests.session.ends import Ends, attached
from wscb.errors import CallOver, Refused, ValueTooLarge
from wscb.protocol.messages import (
    Ack,
    Bye,
    Cancel,
    Chunk,
    Invoke,
    PageMessage,
    Pong,
    Problem,
    PropValue,
    Visible,
)
from wscb.session import Session, changes_of, effects
from wscb.session.states import SessionState

# ------------------------------------------------------------------------------------------------------ attach


def test_welcome_comes_first() -> None:
    ends = Ends()
    assert not ends.session.attached
    ends.attach()
    (welcome,) = ends.heard()
    assert (welcome.session, welcome.mode, welcome.attach, welcome.token, welcome.cq) == ("S", "new", 1, "T1", 0)
    assert (ends.session.attached, ends.session.state, ends.session.user) == (True, SessionState.ATTACHED, "ann")


def test_stale() -> None:
    ends = Ends()
    ends.attach(build_matches=False)
    assert ends.heard()[0].mode == "stale"


def test_resumed_from_what_the_page_has() -> None:
    ends = attached()
    ends.auto = False
    ends.write("a", x=1)
    ends.write("a", y=2)
    ends.do(ends.session.lost(1, 0.0))
    ends.heard()
    ends.auto = True
    ends.attach(have=1)
    welcome, delta = ends.heard()
    assert (welcome.mode, welcome.attach) == ("resumed", 2)
    assert (delta.to, delta.changes) == (2, [("set", "a", "y", 2)])


def test_have_of_the_future_counts_as_all() -> None:
    ends = attached()
    ends.write("a", x=1)
    ends.attach(have=99)
    assert ends.session.size == 0


def test_a_newer_connection_replaces_the_older() -> None:
    ends = attached()
    ends.attach()
    (close,) = ends.take()
    assert (close.attach, close.code) == (1, 4509)  # type: ignore[union-attr]
    for late in (
        ends.session.receive(1, Ack(have=0), 5, 0.0),
        ends.session.wrote(1, 0.0),
        ends.session.lost(1, 0.0),
        ends.session.gone(1, 0.0),
    ):
        assert late == []
    assert ends.session.attached


@pytest.mark.parametrize(
    "message",
    [
        Invoke(q=1, id=1, callback="work", inputs=[1], state=[], trigger=[]),
        Cancel(q=1, id=1),
        PropValue(id=1, value="old"),
        Ack(have=1),
        Visible(visible=False),
        Problem(code="c", component="c", prop="p", message="m"),
        Pong(),
        Bye(),
    ],
)
def test_whatever_an_older_connection_still_says_has_no_effect(message: PageMessage) -> None:
    ends = attached()
    ends.write("a", x=1)
    ends.do(ends.session.get_prop(1, "a", "x", 5, 0.0))
    ends.attach()
    ends.take()
    token = ends.session._door._spare
    assert ends.session.receive(1, message, 5, 0.0) == []
    assert (ends.session.attached, ends.session._box.cq, len(ends.session._gets.pending)) == (True, 0, 1)
    assert (len(ends.session._box), ends.session._sender.visible, ends.session._door._spare) == (1, True, token)


def test_refused_without_effect() -> None:
    ends = attached()
    hello = ends.hello(token="wrong")
    with pytest.raises(Refused):
        ends.session.attach(hello, token="T", build_matches=True, now=0.0, user="ann")
    with pytest.raises(Refused):
        ends.session.attach(ends.hello(), token="T", build_matches=True, now=0.0)
    assert ends.session.attach_count == 1


def test_an_ended_session_says_come_back() -> None:
    ends = attached()
    ends.do(ends.session.end(None, 0.0))
    with pytest.raises(Refused) as caught:
        ends.attach()
    assert caught.value.close_code == 4005


# ------------------------------------------------------------------------------------------------------ writing


def test_values_that_are_too_large() -> None:
    ends = attached(value_bytes=100)
    with pytest.raises(ValueTooLarge):
        ends.write("a", y=1, x="x" * 200)
    assert ends.heard() == []
    ends.invoke("work", 1)
    ends.take()
    ends.finish(1, children="x" * 200)
    ((id, how, detail),) = ends.outcomes()
    assert (id, how, detail.code) == (1, "error", "value_too_large")
    (note,) = ends.take()
    assert note.fields["callback"] == "work"  # type: ignore[union-attr]


def test_nothing_to_write() -> None:
    ends = attached()
    assert ends.session.write([], 0.0) == []


def test_no_write_after_the_outcome() -> None:
    ends = attached()
    ends.invoke("work", 1)
    ends.write("a", run=1, x=1)
    ends.finish(1)
    with pytest.raises(CallOver):
        ends.write("a", run=1, x=2)
    with pytest.raises(CallOver):
        ends.session.yielded(1, changes_of("a", {"x": 2}), 0.0)


def test_over_the_bound() -> None:
    ends = attached(outbox_bytes=1000)
    ends.auto = False
    ends.write("small", x=1)
    for n in range(20):
        ends.write("big", **{f"x{n}": "x" * 50})
        if ends.session.over:
            break
    note, close, over = ends.take()
    assert isinstance(note, effects.Note)
    assert note.fields["session"] == "S"
    assert note.fields["producer"].startswith("big.x")
    assert note.fields["bytes"] > note.fields["bound"] == 1000
    assert (close.code, over) == (4002, effects.Over(4002))  # type: ignore[union-attr]
    assert ends.session.write(changes_of("a", {"x": 1}), 0.0) == []


def test_over_the_bound_while_away() -> None:
    ends = attached(outbox_bytes=1000)
    ends.do(ends.session.lost(1, 0.0))
    ends.write("a", x="x" * 950)
    assert ends.take()[1:] == [effects.Over(4002)]


# ------------------------------------------------------------------------------------------------------ get_prop


def test_get_prop() -> None:
    ends = attached()
    ends.write("a", x=1)
    ends.do(ends.session.get_prop(1, "a", "x", 5, 0.0))
    ends.page(PropValue(id=1, value=7))
    assert ends.take() == [effects.Got(1, 7, None)]
    ends.do(ends.session.get_prop(2, "a", "x", 5, 0.0))
    ends.page(PropValue(id=2, error="not_on_page"))
    assert ends.take() == [effects.Got(2, None, "not_on_page")]
    ends.do(ends.session.get_prop(3, "a", "x", 5, 0.0))
    ends.session.forget_get(3)
    ends.wake(5.0)
    assert ends.take() == []


def test_get_prop_is_asked_again_after_a_resume() -> None:
    ends = attached()
    ends.do(ends.session.get_prop(1, "a", "x", 5, 0.0))
    ends.do(ends.session.lost(1, 2.0))
    ends.do(ends.session.get_prop(2, "a", "x", 3, 10.0))
    ends.heard()
    ends.now = 100.0
    ends.attach()
    assert [(m.id, m.left) for m in ends.heard()[1:]] == [(1, 3000), (2, 3000)]
    ends.wake(103.0)
    assert ends.take() == [effects.Got(1, None, "timeout"), effects.Got(2, None, "timeout")]


# ------------------------------------------------------------------------------------------------------ the page


def test_heartbeat() -> None:
    ends = attached()
    ends.wake()
    assert (ends.now, [m.type for m in ends.heard()], ends.wake_at) == (20.0, ["ping"], 30.0)
    ends.now = 25.0
    ends.page(Pong())
    ends.wake(30.0)
    ends.wake(40.0)
    assert [m.type for m in ends.heard()] == ["ping"]
    ends.wake()
    (close,) = ends.take()
    assert (ends.now, close.code) == (50.0, 4003)  # type: ignore[union-attr]
    assert ends.session.state is SessionState.LOST


def test_the_answer_may_wait_for_what_is_on_the_way() -> None:
    ends = attached()
    ends.write("a", x="x" * 160_000)
    ends.wake(20.0)
    ends.wake(30.0)
    assert ends.take() == []
    ends.page(Chunk(data=b"x", last=False), 70_000)
    ends.wake(45.0)
    assert ends.take() == []


def test_too_many_messages() -> None:
    ends = attached(messages_per_second=5)
    for _ in range(20):
        ends.page(Chunk(data=b"x", last=False), 60_000)
    for _ in range(11):
        ends.page(Pong())
    (close, over) = ends.take()
    assert (close.code, over) == (4529, effects.Over(4529))  # type: ignore[union-attr]


def test_idle_but_never_with_something_open() -> None:
    ends = attached(idle_after=7)
    ends.invoke("work", 1)
    ends.take()
    ends.wake(7.0)
    ends.wake(14.0)
    assert ends.take() == []
    ends.finish(1)
    ends.wake(20.0)
    assert ends.take() == []
    ends.wake(21.0)
    (close,) = ends.take()
    assert close.code == 4001  # type: ignore[union-attr]


def test_grace() -> None:
    ends = attached(grace_seconds=100)
    ends.invoke("work", 1)
    ends.take()
    ends.do(ends.session.lost(1, 0.0))
    assert ends.session.lost_at == 0.0
    ends.finish(1)
    ends.wake(99.0)
    assert not ends.session.over
    ends.wake()
    assert ends.take() == [effects.Over(None)]
    assert ends.session.size == 0


def test_gone() -> None:
    ends = attached()
    ends.do(ends.session.gone(1, 0.0))
    assert ends.take() == [effects.Over(None)]


def test_the_heartbeat_goes_on_where_a_pong_may_take_longer_than_it() -> None:
    ends = attached(heartbeat_seconds=2.0, pong_seconds=10.0)
    for beat in (2.0, 4.0, 6.0):
        ends.wake()
        assert ends.now == beat
        assert [m.type for m in ends.heard()] == ["ping"]
        ends.page(Pong())


def test_the_default_heartbeat_is_that_of_the_limits() -> None:
    ends = Ends()
    limits = dataclasses.replace(ends.session._limits, heartbeat_seconds=3.0)
    session = Session("T", user=None, limits=limits, rules={})
    out = session.attach(ends.hello(), token="T", build_matches=True, now=0.0)
    assert effects.WakeAt(3.0) in out


def test_what_we_asked_for_counts_nothing_against_the_rate() -> None:
    ends = attached(messages_per_second=5)
    for get in range(50):
        ends.do(ends.session.get_prop(get, "a", "value", 30, ends.now))
        ends.page(PropValue(id=get, value=1))
    for _ in range(50):
        ends.write("a", value=1)
        ends.ack()
    for _ in range(20):
        ends.now += 20
        ends.wake(ends.now)
        ends.page(Pong())
    ends.take()
    for _ in range(11):
        ends.page(PropValue(id=0, value=1))
    (close, over) = ends.take()
    assert (close.code, over) == (4529, effects.Over(4529))  # type: ignore[union-attr]


def test_what_arrives_together_must_fit_together() -> None:
    ends = attached(outbox_bytes=2000)
    changes = changes_of("a", {"title": "x" * 1500}) + changes_of("b", {"children": "y" * 1500})
    with pytest.raises(ValueTooLarge, match=r"With b\.children .*\(outbox_bytes=\.\.\.\)"):
        ends.session.write(changes, 0.0)
    ends.write("a", title="fine")
    assert not ends.session.over


def test_outcomes_that_wait_for_each_other_come_in_one_delta() -> None:
    ends = attached()
    for id in (1, 2, 3):
        ends.invoke("work", id)
    ends.heard()
    for run in (1, 2):
        ends.do(ends.session.finished(run, "ok", changes_of("out", {"children": run}), None, ends.now, send=False))
    assert ends.heard() == []
    ends.do(ends.session.send(ends.now))
    (delta,) = ends.heard()
    assert (delta.changes, delta.outcomes) == ([("set", "out", "children", 2)], [(1, "ok"), (2, "ok")])
    ends.do(ends.session.finished(3, "ok", (), None, ends.now, send=False))
    ends.write("a", title="any other step sends it too")
    assert [outcome[0] for outcome in ends.outcomes()] == [3]
    assert ends.do(ends.session.send(ends.now)) == []
