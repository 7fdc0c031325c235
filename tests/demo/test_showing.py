from __future__ import annotations

from array import array

import pytest

from wscb.demo.figures import amount_text, duration
from wscb.demo.processes import Process
from wscb.demo.sampler import Rates, Vitals
from wscb.demo.showing import SHOWN, extended, process_rows, tiles


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "0.98 KiB"),
        (1024, "1.00 KiB"),
        (10 * 1024, "10.0 KiB"),
        (999.6 * 1024, "0.98 MiB"),
        (1.5 * 1024**3, "1.50 GiB"),
        (5000 * 1024**4, "5000 TiB"),
    ],
)
def test_amounts(count: float, text: str) -> None:
    assert amount_text(count) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 min"), (59 * 60, "59 min"), (3660, "1 h 1 min"), (90000, "1 d 1 h"), (86400 * 400, "400 d 0 h")],
)
def test_durations(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_tiles_say_what_is_there() -> None:
    found = tiles(Rates((100.0, 0.0), 2048, 0), Vitals(2**30, 2**32, (4.0, 1.0, 0.5)), 80, 4096)
    assert found["cpu-meter"] == {"value": 0.5}
    assert found["cpu-more"] == {"children": "2 cores · peak 80 %"}
    assert found["memory-more"] == {"children": "of 4.00 GiB · 25 % used"}
    assert found["load-meter"] == {"value": 1.0}, "a meter ends at its end"
    assert [core.style["--busy"] for core in found["cores"]["children"]] == ["1.00", "0.00"]
    assert found["network-now"] == {"children": "2.00"}
    assert found["network-unit"] == {"children": "KiB/s down"}


def test_tiles_of_a_silent_network() -> None:
    assert tiles(Rates((0.0,), 0, 0), Vitals(1, 2, (0, 0, 0)), 0, 0)["network-meter"] == {"value": 0.0}


def test_a_chart_is_extended_column_by_column() -> None:
    operations = extended({"x": array("d", [1.0]), "y": array("f", [2.0])}, 10).operations
    assert [(o.name, o.path, list(o.value), o.maxlen) for o in operations] == [
        ("extend", ("x",), [1.0], 10),
        ("extend", ("y",), [2.0], 10),
    ]


def rows(count: int) -> list[Process]:
    return [Process(pid, f"worker {pid}", "ann", 0.0, 2048, 3) for pid in range(1, count + 1)]


def test_rows_are_known_by_their_pid() -> None:
    found, words = process_rows(rows(30), "", None)
    assert [row.id for row in found] == [f"process-{pid}" for pid in range(1, SHOWN + 1)]
    assert words == "12 of 30, busiest first"


def test_rows_of_a_filter() -> None:
    found, words = process_rows(rows(5), "worker 3", None)
    assert [row.id for row in found] == ["process-3"]
    assert words == "1 of 1"


def test_when_nothing_matches_the_table_says_so() -> None:
    (row,), words = process_rows(rows(5), " xyz ", None)
    assert row.children.children == "No process matches “xyz”"
    assert words == "0 of 5"


def test_when_it_cannot_be_read_the_table_says_so() -> None:
    (row,), _ = process_rows(rows(5), "", "not permitted")
    assert "not permitted" in row.children.children
