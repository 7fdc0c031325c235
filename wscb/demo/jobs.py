"""`Hashing`: a job that takes a while. It hashes random data, chunk by chunk, in a thread."""

from __future__ import annotations

import asyncio
import hashlib
import os
import time
from collections.abc import Awaitable, Callable

ALGORITHMS = ("sha256", "sha512", "sha3_512", "blake2b")
MEGABYTE = 1_000_000
CHUNK = 2 * MEGABYTE
RATE = 40 * MEGABYTE
"""Bytes a second at most: enough to see in the chart, and it leaves the machine to whom it belongs."""

MIN_SIZE, MAX_SIZE, SIZE_STEP = 100, 800, 50


class Hashing:
    """One job over `size` megabytes; `step` by `step`, so that it can be shown and cancelled in between.

    Raises ValueError for an algorithm or a size that is not offered. Tests hand in `clock`, `sleep` and `data`.
    """

    def __init__(
        self,
        algorithm: str,
        size: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        data: Callable[[int], bytes] = os.urandom,
    ) -> None:
        if algorithm not in ALGORITHMS:
            raise ValueError(f"the algorithm is one of {', '.join(ALGORITHMS)}, not {algorithm!r}")
        if not MIN_SIZE <= size <= MAX_SIZE:
            raise ValueError(f"the size is from {MIN_SIZE} to {MAX_SIZE} MB, not {size!r}")
        self.algorithm = algorithm
        self.total = int(size) * MEGABYTE
        self.done = 0
        self.seconds = 0.0
        self._hash = hashlib.new(algorithm)
        self._clock = clock
        self._sleep = sleep
        self._data = data
        self._started = clock()

    async def step(self) -> None:
        """Hashes one chunk. While it runs, the loop is free: hashlib lets go of the interpreter."""
        size = min(CHUNK, self.total - self.done)
        await asyncio.to_thread(self._hash_random, size)
        self.done += size
        early = self.done / RATE - (self._clock() - self._started)
        if early > 0:
            await self._sleep(early)
        self.seconds = self._clock() - self._started

    def _hash_random(self, size: int) -> None:
        self._hash.update(self._data(size))

    @property
    def complete(self) -> bool:
        return self.done >= self.total

    @property
    def percent(self) -> float:
        return 100 * self.done / self.total

    @property
    def digest(self) -> str:
        return self._hash.hexdigest()

    @property
    def rate(self) -> float:
        """Bytes a second, so far."""
        return self.done / self.seconds if self.seconds else 0.0

    @property
    def seconds_left(self) -> float:
        return (self.total - self.done) / self.rate if self.rate else 0.0

    @property
    def status(self) -> str:
        """Where it stands."""
        return (
            f"{self.done // MEGABYTE} of {self.total // MEGABYTE} MB · {self.rate / MEGABYTE:.1f} MB/s · "
            f"{self.seconds_left:.0f} s left"
        )

    @property
    def log_line(self) -> str:
        return f"{self.seconds:4.1f} s  {self.percent:3.0f} %  {self.done // MEGABYTE:4d} MB"

    @property
    def verdict(self) -> str:
        """How it ended."""
        if self.complete:
            return f"Done: {self.total // MEGABYTE} MB in {self.seconds:.1f} s"
        return f"Cancelled after {self.done // MEGABYTE} MB"
