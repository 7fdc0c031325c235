"""The loop in the background: what runs there, and with what context."""

from __future__ import annotations

import asyncio
import contextvars
import os
import signal
import threading

import pytest

from wscb.server.background import BackgroundLoop, _stop

WHO: contextvars.ContextVar[str] = contextvars.ContextVar("who")


async def thread() -> str:
    await asyncio.sleep(0)
    return threading.current_thread().name


def test_it_runs_coroutines_on_one_thread() -> None:
    loop = BackgroundLoop()
    assert {loop.run(thread()) for _ in range(3)} == {"wscb-loop"}
    assert sum(one.name == "wscb-loop" for one in threading.enumerate()) >= 1


def test_what_they_raise_is_raised() -> None:
    async def fail() -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        BackgroundLoop().run(fail())


def test_they_have_the_callers_context_and_cannot_change_it() -> None:
    async def read() -> str:
        found = await asyncio.to_thread(WHO.get)
        WHO.set("changed")
        return found

    token = WHO.set("ann")
    assert BackgroundLoop().run(read()) == "ann"
    assert WHO.get() == "ann"
    WHO.reset(token)


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_forked_process_has_one_of_its_own() -> None:
    loop = BackgroundLoop()
    loop.run(thread())
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        signal.alarm(20)  # not to outlive the test
        try:
            os.write(writing, loop.run(thread()).encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as said:
        assert said.read() == b"wscb-loop"
    assert os.waitpid(child, 0)[1] == 0


def test_it_ends_with_the_process() -> None:
    loop = BackgroundLoop()
    loop.run(thread())
    running = loop._loop
    assert running is not None
    ended = next(one for one in threading.enumerate() if one.name == "wscb-loop" and _serves(one, running))
    _stop(running, ended)
    assert running.is_closed()
    _stop(running, ended)  # of a fork's parent, or once more: nothing


def _serves(one: threading.Thread, loop: asyncio.AbstractEventLoop) -> bool:
    return loop in getattr(one, "_args", ())
