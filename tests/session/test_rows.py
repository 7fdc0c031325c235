from __future__ import annotations

from typing import Any

from wscb.protocol.patch import Patch
from wscb.session.changes import Key, changes_of
from wscb.session.outbox import Outbox
from wscb.session.rows import Rows, pushed_out


def row(id: str) -> dict[str, Any]:
    return {"type": "Li", "namespace": "wscb_html", "props": {"id": id}}


def push(rows: dict[Key, Rows], item: Any, maxlen: int | None = 2, path: tuple[Any, ...] = ()) -> list[str]:
    patch = inner = Patch()
    for key in path:
        inner = inner[key]
    inner.append(item, maxlen)
    return pushed_out(rows, changes_of("log", {"children": patch})[0])


def other(rows: dict[Key, Rows], value: Any) -> list[str]:
    return pushed_out(rows, changes_of("log", {"children": value})[0])


def test_rows_are_pushed_out() -> None:
    rows: dict[Key, Rows] = {}
    assert [push(rows, row(id)) for id in "abcd"] == [[], [], ["a"], ["b"]]
    assert push(rows, "text", None) == []
    assert push(rows, row("e")) == ["c", "d"]


def test_a_row_that_was_named_again_stays() -> None:
    rows: dict[Key, Rows] = {}
    assert [push(rows, row(id)) for id in "aabb"] == [[], [], [], ["a"]]


def test_no_account_without_rows_or_maxlen() -> None:
    rows: dict[Key, Rows] = {}
    push(rows, row("a"), None)
    push(rows, "text")
    assert rows == {}


def test_what_moves_rows_ends_the_account() -> None:
    rows: dict[Key, Rows] = {}
    push(rows, row("a"))
    push(rows, row("b"), path=(0, "props", "children"))
    deep, shallow = Patch(), Patch()
    deep[0]["props"]["title"] = "x"
    del shallow[0]
    other(rows, deep)
    assert len(rows) == 1
    other(rows, shallow)
    assert rows == {}
    push(rows, row("a"))
    other(rows, [])
    assert rows == {}


def test_the_outbox_forgets_rows_that_fell_out() -> None:
    box = Outbox()
    for n in range(1000):
        patch = Patch()
        patch.append(row(f"r{n}"), maxlen=10)
        box.version += 1
        for change in changes_of("log", {"children": patch}) + changes_of(f"r{n}", {"title": "t"}):
            box.put(change)
        box.forget(box.version)
    assert len(box._owner) == 10
    box.put(changes_of("page", {"children": [{**row("log")}]})[0])
    assert (set(box._owner), box._rows) == ({"log"}, {})
