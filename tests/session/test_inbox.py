from __future__ import annotations

from tests.session.ends import attached
from wscb.protocol.messages import Ack, Bye, Pong, Problem, PropValue, Visible
from wscb.session import effects


def test_a_repeat_is_ignored() -> None:
    ends = attached()
    ends.invoke("work", 1, q=1)
    ends.invoke("work", 2, q=1)
    ends.q = 0
    ends.cancel(1)
    assert len(ends.take()) == 1


def test_a_gap_closes_the_connection_and_nothing_else() -> None:
    ends = attached()
    ends.invoke("work", 1, q=2)
    assert ends.take() == [effects.Close(1, 4006, "message 2 came after 0")]
    assert not ends.session.attached
    assert not ends.session.over


def test_calls_that_cannot_be() -> None:
    ends = attached()
    ends.invoke("nobody", 1)
    ends.invoke("work", 2, inputs=[])
    ends.invoke("work", 3, state=[1])
    codes = [(id, how, detail.code) for id, how, detail in ends.outcomes()]
    assert codes == [
        (1, "rejected", "unknown_callback"),
        (2, "rejected", "wrong_arguments"),
        (3, "rejected", "wrong_arguments"),
    ]
    assert ends.take() == []


def test_ids_that_cannot_be() -> None:
    ends = attached()
    ends.invoke("rows", 1)
    ends.invoke("work", 2, ids=([], [], []))
    ends.invoke("rows", 3, ids=(["a"], [None], []))
    (one, how, why), (two, also, other) = ends.outcomes()
    assert (one, how, why.code, why.message) == (1, "rejected", "wrong_arguments", "'rows': no ids.")
    assert (two, also, other.message) == (2, "rejected", "'work' has no patterns, and so takes no ids.")
    assert ends.take() == [effects.Run(1, 3, "rows", [1], [], [], (["a"], [None], []))]


def test_problems_are_noted() -> None:
    ends = attached()
    ends.page(Problem(code="no_component", component="c", prop="p", message="m"))
    (note,) = ends.take()
    fields = {"session": "S", "code": "no_component", "component": "c", "prop": "p", "message": "m"}
    assert note == effects.Note("warning", "problem", fields)
    for _ in range(50):
        ends.page(Problem(code="no_component", component="c", prop="p", message="m"))
    assert len(ends.take()) == 9


def test_an_answer_that_nobody_waits_for() -> None:
    ends = attached()
    ends.page(PropValue(id=5, value=1))
    ends.page(Pong())
    ends.page(Ack(have=1000))
    assert ends.take() == []


def test_visible() -> None:
    ends = attached()
    ends.page(Visible(visible=False))
    ends.write("a", x=1)
    ends.write("a", x=2)
    ends.heard()
    ends.page(Visible(visible=True))
    assert [delta.changes for delta in ends.heard()] == [[("set", "a", "x", 2)]]


def test_bye_ends_all_at_once() -> None:
    ends = attached()
    ends.invoke("work", 1)
    ends.take()
    ends.page(Bye())
    assert ends.take() == [effects.Cancel(1), effects.Over(None)]
    assert ends.session.over
