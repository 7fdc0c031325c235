"""The proxy of tests/faults between a browser and a server, on a loop in a thread: a browser test waits in its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, TypeVar

from serving import HOST, Server

from tests.faults.proxy import Cut, Proxy

T = TypeVar("T")


class Through:
    """`url` leads to a server by way of a proxy. `do` runs one verb of it, `during` one that lasts for a block.

    through.do(lambda proxy: proxy.up.cut_after(10))
    with through.during(lambda proxy: proxy.refused()): ...
    """

    def __init__(self, server: Server) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        port = int(server.url.split(":")[2].partition("/")[0])
        self.proxy = Proxy(port)
        self.do(lambda proxy: proxy.accept())
        self.url = server.url.replace(f":{port}/", f":{self.proxy.port}/")
        self.host = f"{HOST}:{self.proxy.port}"

    def do(self, verb: Callable[[Proxy], T]) -> T:
        async def run() -> T:
            return verb(self.proxy)

        return self._await(run())

    @contextmanager
    def during(self, verb: Callable[[Proxy], AbstractContextManager[None]]) -> Iterator[None]:
        lasting = self.do(verb)
        self.do(lambda _: lasting.__enter__())
        try:
            yield
        finally:
            self.do(lambda _: lasting.__exit__(None, None, None))

    def cut(self, how: Cut = Cut.RST) -> None:
        """Every line that is open."""
        self.do(lambda proxy: proxy.cut(how))

    def end(self) -> None:
        self._await(self.proxy.__aexit__())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _await(self, what: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(what, self._loop).result(10)
