from __future__ import annotations

from typing import Any

import pytest

from wscb.protocol import codec
from wscb.protocol.limits import WireLimits
from wscb.protocol.patch import Patch
from wscb.session import outbox
from wscb.session.changes import changes_of
from wscb.session.outbox import OVERHEAD, Outbox


def write(box: Outbox, component: str, **props: Any) -> None:
    box.version += 1
    for change in changes_of(component, props):
        box.put(change)


def patched(**operations: Any) -> Patch:
    patch = Patch()
    for name, args in operations.items():
        getattr(patch, name)(*args)
    return patch


def append(box: Outbox, component: str, item: Any, maxlen: int | None = None, path: Any = ()) -> None:
    patch = inner = Patch()
    for key in path:
        inner = inner[key]
    inner.append(item, maxlen)
    write(box, component, data=patch)


def newer(box: Outbox, than: int = 0) -> list[Any]:
    """What the changes are about: the value of a set, the value of an operation."""
    read = [codec.unpack(packed, WireLimits()) for packed in box.newer(than)[0]]
    return [c[3] if c[0] == "set" else (c[3][2] if len(c[3]) > 2 else c[3][0]) for c in read]


def div(id: str, *children: Any, **props: Any) -> dict[str, Any]:
    return {"type": "Div", "namespace": "wscb_html", "props": {"id": id, "children": list(children), **props}}


@pytest.fixture
def box() -> Outbox:
    return Outbox()


def test_a_set_drops_what_was_before_it(box: Outbox) -> None:
    write(box, "a", data=1)
    append(box, "a", 2)
    write(box, "b", data=3)
    write(box, "a", data=4)
    write(box, "a", data=5)
    assert newer(box) == [3, 5]
    assert newer(box, 3) == [5]
    assert newer(box, 5) == []
    assert box.size == sum(len(packed) + OVERHEAD for packed in box.newer(0)[0])


def test_changes_stand_in_the_order_of_writing(box: Outbox) -> None:
    write(box, "a", data=1)
    append(box, "a", 2)
    write(box, "a", other=3, more=4)
    append(box, "a", 5)
    assert newer(box) == [1, 2, 3, 4, 5]
    assert newer(box, 2) == [3, 4, 5]


def test_what_is_acknowledged_is_forgotten(box: Outbox) -> None:
    write(box, "a", data=[])
    for item in range(4):
        append(box, "a", item)
    box.forget(3)
    assert newer(box) == [2, 3]
    box.forget(9)
    assert (len(box), box.size, box._sets, box._runs) == (0, 0, {}, {})
    append(box, "a", 7)
    assert newer(box) == [7]


def test_maxlen_drops_what_would_fall_out(box: Outbox) -> None:
    for item in range(1000):
        append(box, "a", item, maxlen=3)
    assert newer(box) == [997, 998, 999]
    write(box, "a", data=patched(extend=([1, 2], 3)))
    assert newer(box) == [999, [1, 2]]
    write(box, "a", data=patched(extend=([1, 2, 3, 4], 3)))
    assert newer(box) == [[1, 2, 3, 4]]
    append(box, "a", 5)
    assert newer(box) == [[1, 2, 3, 4], 5]


def test_maxlen_counts_each_path_by_itself(box: Outbox) -> None:
    for item in range(10):
        append(box, "a", item, maxlen=2, path=("x", 0))
        append(box, "a", -item, maxlen=1, path=("x", 1))
    assert newer(box) == [8, 9, -9]


def test_no_drop_across_what_moves_items(box: Outbox) -> None:
    append(box, "a", 1, maxlen=1, path=("x",))
    append(box, "a", 2, maxlen=1, path=("x", 0))
    append(box, "a", 3, maxlen=1, path=("x",))
    assert newer(box) == [1, 2, 3]
    write(box, "a", data=patched(reverse=()))
    append(box, "a", 4, maxlen=1, path=("x",))
    append(box, "a", 5, maxlen=1, path=("x",))
    assert newer(box) == [1, 2, 3, "reverse", 5]
    box.forget(3)
    assert newer(box) == ["reverse", 5]


def test_components_are_never_dropped_by_maxlen(box: Outbox) -> None:
    append(box, "a", div("x"), maxlen=1)
    append(box, "a", div("y"), maxlen=1)
    assert len(newer(box)) == 2


def test_a_value_carries_the_cq_of_its_write(box: Outbox) -> None:
    box.cq = 7
    write(box, "a", value="v")
    box.cq = 8
    assert codec.unpack(box.newer(0)[0][0], WireLimits()) == ["set", "a", "value", "v", 7]


def test_a_value_of_a_call_carries_the_q_of_the_call(box: Outbox) -> None:
    box.cq = 7
    box.version += 1
    (change,) = changes_of("a", {"value": "v"})
    box.put(change, 5)
    assert codec.unpack(box.newer(0)[0][0], WireLimits()) == ["set", "a", "value", "v", 5]


def test_outcomes_and_tasks_are_keys_too(box: Outbox) -> None:
    box.version = 1
    box.put_outcome(3, codec.outcome(3, "ok"))
    box.put_task("t", codec.task("t", "running"))
    box.version = 2
    box.put_task("t", codec.task("t", "completed"))
    _, outcomes, tasks = box.newer(0)
    assert (outcomes, tasks) == ([codec.outcome(3, "ok")], [codec.task("t", "completed")])
    assert box.holds_outcome(3)
    assert box.outcome == 1
    assert box.largest() == "outcome or task t"
    box.forget(1)
    assert not box.holds_outcome(3)


def test_the_largest_producer(box: Outbox) -> None:
    write(box, "a", data=1)
    write(box, "b", data="x" * 100)
    assert box.largest() == "b.data"


def test_a_removed_component_takes_its_entries_along(box: Outbox) -> None:
    write(box, "P", children=[div("c", div("d"))])
    write(box, "c", log=1)
    write(box, "d", log=2)
    append(box, "d", 3)
    write(box, "other", log=4)
    write(box, "P", children=[])
    assert newer(box) == [4, []]
    assert (box._owner, box._keys_of) == ({}, {})


def test_a_component_made_anew_starts_with_nothing(box: Outbox) -> None:
    write(box, "P", children=[div("c")])
    write(box, "c", log=1)
    append(box, "P", div("c"))
    assert len(newer(box)) == 2
    write(box, "c", log=2)
    assert newer(box)[-1] == 2


def test_a_component_belongs_to_the_value_that_named_it_last(box: Outbox) -> None:
    write(box, "P", children=[div("c"), div("e")])
    write(box, "Q", children=[div("c")])
    write(box, "c", log=1)
    write(box, "e", log=2)
    write(box, "P", children=[])
    assert newer(box)[1:] == [1, []]
    write(box, "Q", header=[div("h")])
    write(box, "Q", children=None)
    assert box._owner == {"h": ("Q", "header")}


def test_what_is_named_and_taken_away_by_operations_has_an_end(box: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """`del children[0]` does not say whom it takes away: the oldest are forgotten, and the newest still known."""
    monkeypatch.setattr(outbox, "NAMED", 100)
    for number in range(1000):
        patch = patched(append=(div(f"row {number}"),))
        del patch[0]
        write(box, "list", children=patch)
        write(box, f"row {number}", title="new")
        box.forget(box.version - 1)
        assert len(box._owner) <= 100
    assert newer(box) == ["new"]
    write(box, "list", children=[])
    assert newer(box) == [[]]
    assert not box._owner
    assert not box._keys_of


def test_clear(box: Outbox) -> None:
    write(box, "P", children=[div("c")])
    append(box, "P", 1)
    box.clear()
    assert (len(box), box.size, box._sets, box._runs, box._owner, box._keys_of) == (0, 0, {}, {}, {}, {})
