from __future__ import annotations

from array import array

from wscb.demo.history import TIME, History


def history(rows: int, keep: int = 4) -> History:
    made = History([TIME, "y"], keep)
    for row in range(rows):
        made.add({TIME: row, "y": 10 * row})
    return made


def test_it_gives_what_came_since() -> None:
    found = history(3).since(1, [TIME, "y"])
    assert found == {TIME: array("d", [1, 2]), "y": array("f", [10, 20])}
    assert history(3).since(3, ["y"])["y"] == array("f")


def test_it_keeps_the_newest() -> None:
    for rows in range(4, 30):
        kept = history(rows)
        assert list(kept.since(0, [TIME])[TIME]) == list(range(rows - 4, rows))
        assert kept.total == rows
        assert list(kept.since(rows - 1, [TIME])[TIME]) == [rows - 1]


def test_a_reader_sees_that_its_rows_are_no_more() -> None:
    kept = history(3)
    seen = kept.total
    assert not seen <= kept.oldest
    kept.clear()
    assert kept.empty
    assert seen <= kept.oldest
    kept.add({TIME: 9, "y": 9})
    assert seen <= kept.oldest
    assert list(kept.since(0, [TIME])[TIME]) == [9]


def test_what_it_gives_is_not_its_own() -> None:
    kept = history(2)
    kept.since(0, [TIME])[TIME].append(5)
    assert list(kept.since(0, [TIME])[TIME]) == [0, 1]
