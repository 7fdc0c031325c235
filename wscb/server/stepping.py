"""Running a coroutine's first step now, without a task, and going on in a task only if it waits.

A socket that takes more at once is the usual case, and a task costs more than the send. The coroutine must not ask for
the current task in its first step: an ASGI `send` does not, a user's callback may, so callbacks are never stepped.
"""

from __future__ import annotations

from collections.abc import Awaitable, Coroutine, Generator
from functools import partial
from types import coroutine
from typing import Any


def step(coro: Coroutine[Any, Any, None]) -> Awaitable[None] | None:
    """Runs `coro` until it first waits. None when it has ended, else what is to be awaited for the rest."""
    try:
        waits_for = coro.send(None)
    except StopIteration:
        return None
    return _rest(coro, waits_for)


@coroutine
def _rest(coro: Coroutine[Any, Any, None], waits_for: Any) -> Generator[Any, Any, None]:
    # A future was yielded with its "being awaited" flag set; it is handed to this task's step as it would have been.
    while True:
        try:
            sent = yield waits_for
        except BaseException as error:
            advance = partial(coro.throw, error)
        else:
            advance = partial(coro.send, sent)
        try:
            waits_for = advance()
        except StopIteration:
            return
