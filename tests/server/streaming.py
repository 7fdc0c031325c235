"""What the tests of shared tasks have in common."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from wscb import App, Input, Output, Patch, ctx, set_props
from wscb.server.streams import Streams
from wscb.testing import User

RUN = Input("run", "n_clicks")
OUT = Output("out", "children")
LOG = ("log", "children")
SHOWN = ("out", "children")


def streams(app: App) -> Streams:
    return app.site().hub._streams


@asynccontextmanager
async def pages(app: App, count: int) -> AsyncIterator[list[User]]:
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(User(app)) for _ in range(count)]


async def until(holds: Callable[[], object]) -> None:
    async with asyncio.timeout(5):
        while not holds():  # noqa: ASYNC110 - what it waits for has nobody who would tell
            await asyncio.sleep(0)


def row(value: Any, maxlen: int | None = None) -> Patch:
    patch = Patch()
    patch.append(value, maxlen=maxlen)
    return patch


class Counter:
    """How many runs have begun, how many are going on, and how many ever were at once."""

    def __init__(self) -> None:
        self.begun = self.now = self.most = 0

    def __enter__(self) -> int:
        self.begun += 1
        self.now += 1
        self.most = max(self.most, self.now)
        return self.begun

    def __exit__(self, *_: object) -> None:
        self.now -= 1


def forms(runs: Counter) -> dict[str, Callable[[], Any]]:
    """A task that shows a value, then another one when it is told to go on, in each form that a callback can have."""

    async def coroutine() -> None:
        with runs as number:
            set_props("out", {"children": f"run {number}"})
            await asyncio.Event().wait()

    async def generator() -> Any:
        with runs as number:
            yield f"run {number}"
            await asyncio.Event().wait()

    def plain() -> None:
        with runs as number:
            set_props("out", {"children": f"run {number}"})
            ctx.sleep(60)

    def plain_generator() -> Any:
        with runs as number:
            yield f"run {number}"
            ctx.sleep(60)

    return {"async": coroutine, "async yield": generator, "def": plain, "def yield": plain_generator}
