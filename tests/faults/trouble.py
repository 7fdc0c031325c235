"""Random trouble on a line and with a process, from a seed: which verb, when, and for how long."""

from __future__ import annotations

import asyncio
import os
import random
import signal
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager

from tests.faults.proxy import Cut, Proxy, Way
from tests.faults.servers import Backend

SECONDS = 0.3
"""Between two troubles of a line, on average."""

LONGEST = 1.0
"""A trouble that has a length takes no longer."""


class LineTrouble:
    """What happens to the connections through one proxy. `happened` counts the verbs."""

    def __init__(self, proxy: Proxy, chance: random.Random) -> None:
        self.happened: Counter[str] = Counter()
        self._proxy = proxy
        self._chance = chance
        self._verbs: dict[str, Callable[[], Awaitable[None]]] = {
            "cut": self._cut,
            "cut after bytes": self._cut_after,
            "half-open": self._half_open,
            "blackhole": self._blackhole,
            "refused": lambda: self._for_a_while(self._proxy.refused(self._how())),
            "delayed": lambda: self._for_a_while(self._proxy.delayed(up=self._part(0.2), down=self._part(0.2))),
            "slow": lambda: self._for_a_while(self._proxy.slow(up=self._rate(), down=self._rate())),
            "split": lambda: self._for_a_while(self._proxy.split(lambda: chance.randint(1, 500))),
            "held back": lambda: self._for_a_while(self._proxy.buffered(self._way())),
            "stalled": lambda: self._for_a_while(self._proxy.stalled(self._way())),
        }

    async def go_on(self) -> None:
        """Until it is cancelled; then the line is as it was."""
        while True:
            await asyncio.sleep(self._chance.expovariate(1 / SECONDS))
            name = self._chance.choice(list(self._verbs))
            self.happened[name] += 1
            await self._verbs[name]()

    def _how(self) -> Cut:
        return self._chance.choice(list(Cut))

    def _way(self) -> Way:
        return self._chance.choice([self._proxy.up, self._proxy.down])

    def _part(self, of: float) -> float:
        return self._chance.random() * of

    def _rate(self) -> float:
        return self._chance.uniform(50_000, 500_000)

    async def _for_a_while(self, trouble: AbstractContextManager[None]) -> None:
        with trouble:
            await asyncio.sleep(self._part(LONGEST))

    async def _cut(self) -> None:
        self._proxy.cut(self._how())

    async def _cut_after(self) -> None:
        self._way().cut_after(self._chance.randint(1, 5000), self._how())

    async def _half_open(self) -> None:
        for line in self._proxy.lines[-1:]:
            self._chance.choice([line.leave_page, line.leave_server])(self._how())

    async def _blackhole(self) -> None:
        """What was lost on a line is missed there for ever, so it has to be cut."""
        try:
            await self._for_a_while(self._proxy.blackholed(self._way()))
        finally:
            self._proxy.cut(self._how())


class ProcessTrouble:
    """The server's process is killed, asked to end, or stopped for a while."""

    def __init__(self, backend: Backend, chance: random.Random, seconds: float) -> None:
        self.happened: Counter[str] = Counter()
        self._backend = backend
        self._chance = chance
        self._seconds = seconds

    async def go_on(self) -> None:
        """Until it is cancelled; a process that is being started is awaited."""
        while True:
            await asyncio.sleep(self._chance.uniform(0.5, 1.5) * self._seconds)
            name = self._chance.choice(["killed", "restarted", "stopped"])
            self.happened[name] += 1
            if name == "stopped":
                await self._stop(self._chance.uniform(0.2, 4.0))
            else:
                signum = signal.SIGKILL if name == "killed" else signal.SIGTERM
                await asyncio.shield(asyncio.to_thread(self._backend.server.restart, signum))

    async def _stop(self, seconds: float) -> None:
        pid = self._backend.server.pid
        os.kill(pid, signal.SIGSTOP)
        try:
            await asyncio.sleep(seconds)
        finally:
            os.kill(pid, signal.SIGCONT)
