"""`Processes`: the process table, read off the loop, for as long as somebody watches."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import psutil

from wscb.demo.shared import Shared

EVERY_SECONDS = 0.5
MAX_SHARE = 0.1
"""Of one core: where there are very many processes, the table is read less often."""

_FIELDS = ["pid", "name", "username", "cpu_percent", "memory_info", "num_threads"]


@dataclass(frozen=True, slots=True)
class Process:
    """One row. `cpu` is percent of one core, `memory` resident bytes."""

    pid: int
    name: str
    user: str
    cpu: float
    memory: int
    threads: int

    @classmethod
    def of(cls, info: dict[str, Any]) -> Process:
        """From psutil's fields; those that the system does not tell are None."""
        memory = info["memory_info"]
        return cls(
            pid=info["pid"],
            name=info["name"] or "",
            user=info["username"] or "",
            cpu=info["cpu_percent"] or 0.0,
            memory=memory.rss if memory else 0,
            threads=info["num_threads"] or 0,
        )


def read_processes() -> list[Process]:
    """All of them. CPU is what was used since the last reading. Takes about 0.1 ms a process. Raises psutil.Error."""
    return [Process.of(process.info) for process in psutil.process_iter(_FIELDS)]


def matching(processes: Iterable[Process], text: str) -> list[Process]:
    """Those with `text` in their name, user or PID, in any case."""
    wanted = text.strip().lower()
    return [process for process in processes if wanted in f"{process.pid} {process.name} {process.user}".lower()]


def busiest(processes: Iterable[Process], count: int) -> list[Process]:
    """By CPU, and among equals by memory. The PID comes last, so that rows with nothing to tell keep their order."""
    return sorted(processes, key=lambda process: (-process.cpu, -process.memory, process.pid))[:count]


class Processes(Shared):
    """`latest` is the newest table, `error` why it could not be read. Tests hand in `read`."""

    def __init__(self, read: Callable[[], Sequence[Process]] = read_processes) -> None:
        super().__init__()
        self.latest: Sequence[Process] = ()
        self.error: str | None = None
        self._read = read

    async def run(self) -> None:
        while True:
            started = time.perf_counter()
            await self.refresh()
            took = time.perf_counter() - started
            await asyncio.sleep(max(EVERY_SECONDS - took, took / MAX_SHARE - took))

    async def refresh(self) -> None:
        """Reads once."""
        try:
            self.latest = await asyncio.to_thread(self._read)
            self.error = None
        except (psutil.Error, OSError) as error:
            self.error = str(error) or type(error).__name__
        self.tell()
