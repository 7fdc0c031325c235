from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import psutil
import pytest

from wscb.demo.processes import Process, Processes, busiest, matching, read_processes


def process(pid: int = 1, name: str = "python", cpu: float = 0, memory: int = 0) -> Process:
    return Process(pid, name, "ann", cpu, memory, 1)


def test_of_what_the_system_does_not_tell() -> None:
    names = ("name", "username", "cpu_percent", "memory_info", "num_threads")
    fields: dict[str, Any] = {"pid": 7, **dict.fromkeys(names)}
    assert Process.of(fields) == Process(7, "", "", 0.0, 0, 0)


@pytest.mark.parametrize(
    ("text", "pids"),
    [("", [1, 22]), ("  ", [1, 22]), ("PYTH", [1]), (" bash ", [22]), ("22", [22]), ("ann", [1, 22]), ("xyz", [])],
)
def test_the_filter(text: str, pids: list[int]) -> None:
    found = matching([process(1), process(22, "Bash")], text)
    assert [process.pid for process in found] == pids


def test_the_busiest_come_first_and_then_the_largest() -> None:
    rows = [process(1, memory=5), process(2, cpu=3), process(3, memory=9), process(4, cpu=50), process(5, memory=5)]
    assert [row.pid for row in busiest(rows, 4)] == [4, 2, 3, 1]


async def test_an_error_is_kept_until_it_is_over() -> None:
    answers: list[Sequence[Process] | Exception] = [[process()], psutil.AccessDenied(), PermissionError("no"), []]

    def read() -> Sequence[Process]:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    table = Processes(read)
    await table.refresh()
    assert (table.latest, table.error) == ([process()], None)
    await table.refresh()
    assert table.latest == [process()]
    assert table.error
    await table.refresh()
    assert table.error == "no"
    await table.refresh()
    assert (table.latest, table.error) == ([], None)


async def test_it_reads_while_somebody_watches() -> None:
    table = Processes(lambda: [process()])
    async with table:
        await table.news()
        assert table.latest == [process()]
    assert not table.running


def test_this_machine_has_this_process() -> None:
    own = next(row for row in read_processes() if row.pid == os.getpid())
    assert own.memory > 1_000_000
    assert own.threads >= 1
