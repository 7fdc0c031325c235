"""Many viewers are told in order, some at a time, and each exactly what came after it did."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wscb import Patch, html
from wscb.protocol import codec
from wscb.protocol.operations import Operation, apply
from wscb.server import audience
from wscb.server.audience import Audience, News
from wscb.server.workers import Outcome
from wscb.session import Change, changes_of


class Turns:
    """Of the loop: what was asked for, one at a time."""

    def __init__(self) -> None:
        self.asked: deque[Callable[[], None]] = deque()

    def call_soon(self, call: Callable[[], None]) -> None:
        self.asked.append(call)

    def next(self) -> None:
        if self.asked:
            self.asked.popleft()()

    def rest(self) -> None:
        while self.asked:
            self.next()


class Listener:
    def __init__(self, known: Any = None) -> None:
        self.seen = 0
        self.news: list[News] = []
        self.props: dict[Any, Any] = dict(known or {})

    def take(self, news: News) -> None:
        self.news.append(news)
        for change in news.changes:
            put(self.props, change)

    @property
    def packed(self) -> list[bytes]:
        return [change.packed for news in self.news for change in news.changes]


def put(props: dict[Any, Any], change: Change) -> None:
    kind, component, prop, value = codec.unpack(change.packed, codec.ANY_SERVER)
    place = (component, prop)
    props[place] = value if kind == "set" else apply(props[place], Operation.from_wire(value))


def a_set(prop: str, value: Any) -> list[Change]:
    return changes_of("a", {prop: value})


def an_append(prop: str, value: Any) -> list[Change]:
    patch = Patch()
    patch.append(value)
    return changes_of("a", {prop: patch})


class Crowd:
    def __init__(self, *listeners: Listener, slice: int = 2) -> None:
        self.turns = Turns()
        self.audience = Audience(self.turns)  # type: ignore[arg-type]
        for listener in listeners:
            self.audience.join(listener)


@pytest.fixture(autouse=True)
def _two_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audience, "SLICE", 2)


def test_few_are_told_at_once() -> None:
    one, two = Listener(), Listener()
    crowd = Crowd(one, two)
    news = News(a_set("x", 1))
    crowd.audience.tell(news)
    assert one.news == two.news == [news]
    assert not crowd.turns.asked


def test_of_many_a_slice_and_the_rest_after_what_else_is_to_be_done() -> None:
    all = [Listener() for _ in range(5)]
    crowd = Crowd(*all)
    crowd.audience.tell(News(a_set("x", 1)))
    assert [len(one.news) for one in all] == [1, 1, 0, 0, 0]
    crowd.turns.next()
    assert [len(one.news) for one in all] == [1, 1, 1, 1, 0]
    crowd.turns.rest()
    assert [len(one.news) for one in all] == [1, 1, 1, 1, 1]


def test_what_comes_meanwhile_waits_joined_until_the_round_is_over() -> None:
    all = [Listener() for _ in range(3)]
    crowd = Crowd(*all)
    for number in range(4):
        crowd.audience.tell(News(a_set("x", number)))
    crowd.turns.rest()
    assert [[news.changes for news in one.news] for one in all] == [
        [one.news[0].changes, one.news[1].changes] for one in all
    ]
    assert {one.props["a", "x"] for one in all} == {3}
    assert len(all[0].news[1].changes) == 1  # only the newest


def test_who_comes_meanwhile_is_told_what_came_after_it_alone() -> None:
    all = [Listener() for _ in range(3)]
    crowd = Crowd(*all)
    for value in ("first", "second"):
        crowd.audience.tell(News(an_append("x", value) if value == "second" else a_set("x", [value])))
    late = Listener({("a", "x"): ["first", "second"]})
    crowd.audience.join(late)
    crowd.audience.tell(News(an_append("x", "third")))
    crowd.turns.rest()
    for one in (*all, late):
        assert one.props["a", "x"] == ["first", "second", "third"]
    assert len(late.packed) == 1


def test_who_leaves_is_told_nothing_more() -> None:
    all = [Listener() for _ in range(3)]
    crowd = Crowd(*all)
    crowd.audience.tell(News(a_set("x", 1)))
    crowd.audience.leave(all[2])
    crowd.audience.leave(all[2])
    crowd.turns.rest()
    assert all[2].news == []


def test_nobody_waits_for_more_than_may_wait() -> None:
    all = [Listener() for _ in range(3)]
    crowd = Crowd(*all)
    text = "x" * 100_000
    for number in range(40):
        crowd.audience.tell(News(a_set("x", text + str(number))))
    assert crowd.audience._size <= audience.WAITING_BYTES
    assert [len(one.news) for one in all] == [len(all[0].news)] * 2 + [len(all[2].news)]
    assert len(all[2].news) >= 30
    crowd.turns.rest()
    assert all[0].packed == all[2].packed


def test_who_is_told_may_tell_and_leave() -> None:
    told: list[str] = []

    class Answering(Listener):
        def take(self, news: News) -> None:
            super().take(news)
            if len(told) < 30:
                told.append("x")
                crowd.audience.tell(News(a_set("x", "y" * 60_000)))
            crowd.audience.leave(last)

    last = Listener()
    one = Answering()
    crowd = Crowd(one, last)
    crowd.audience.tell(News(a_set("x", 1)))
    crowd.turns.rest()
    assert len(one.news) > 2
    assert last.news == []


# -------------------------------------------------------------------------------------------------- what is joined


def test_the_newest_set_takes_the_place_of_what_came_before_it() -> None:
    news = News(a_set("x", [1]))
    for changes in (an_append("x", 2), a_set("y", 1), a_set("x", [3]), an_append("x", 4)):
        assert news.join(News(changes))
    assert [codec.unpack(change.packed, codec.ANY_SERVER)[:4] for change in news.changes] == [
        ["set", "a", "y", 1],
        ["set", "a", "x", [3]],
        ["op", "a", "x", ["append", [], 4]],
    ]
    assert news.size == News(news.changes).size


def test_but_not_of_what_names_components() -> None:
    news = News(a_set("children", html.P(id="p")))
    assert news.join(News(changes_of("p", {"title": "x"})))
    assert news.join(News(a_set("children", "gone")))
    assert [change.key for change in news.changes] == [("a", "children"), ("p", "title"), ("a", "children")]


def test_states_are_joined_and_an_end_is_not() -> None:
    news = News(told=("failed", None))
    assert news.join(News(told=("running", None)))
    assert news.told == ("running", None)
    assert news.join(News(a_set("x", 1)))
    assert news.told == ("running", None)
    end = News(outcome=Outcome("ok"))
    assert not news.join(end)
    assert not end.join(news)


def test_no_more_is_joined_than_makes_a_reasonable_version() -> None:
    news = News(a_set("x", "x" * 40_000))
    assert not news.join(News(a_set("y", "y" * 40_000)))
    assert len(news.changes) == 1


def test_no_more_is_joined_than_may_be_held_for_a_page() -> None:
    all = [Listener() for _ in range(3)]
    turns = Turns()
    crowd = Audience(turns, outbox_bytes=2000)  # type: ignore[arg-type]
    for one in all:
        crowd.join(one)
    for prop in "abcdef":
        crowd.tell(News(a_set(prop, "x" * 300)))
    turns.rest()
    assert max(sum(change.size for change in news.changes) for news in all[2].news) < 1000
    assert len(all[2].packed) == 6


STEPS = st.lists(
    st.tuples(st.just("tell"), st.sampled_from("xy"), st.booleans())
    | st.tuples(st.sampled_from(["come", "turn"]))
    | st.tuples(st.just("leave"), st.integers(0, 9)),
    max_size=30,
)


@given(STEPS)
def test_everybody_ends_with_the_same_whenever_it_came(steps: list[Any]) -> None:
    crowd = Crowd()
    props: dict[Any, Any] = {("a", "x"): [], ("a", "y"): []}
    there: list[Listener] = []
    for number, step in enumerate(steps):
        if step[0] == "tell":
            _, prop, sets = step
            changes = a_set(prop, [number]) if sets else an_append(prop, number)
            for change in changes:
                put(props, change)
            crowd.audience.tell(News(changes))
        elif step[0] == "come":
            there.append(Listener(props))
            crowd.audience.join(there[-1])
        elif step[0] == "leave" and there:
            crowd.audience.leave(there.pop(step[1] % len(there)))
        elif step[0] == "turn":
            crowd.turns.next()
    crowd.turns.rest()
    assert all(one.props == props for one in there)
