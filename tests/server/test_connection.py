"""How a connection is ended from this side."""

from __future__ import annotations

import asyncio

import pytest

from wscb.server.admission import Denied
from wscb.server.connection import Connection
from wscb.testing import FakeSocket


async def test_one_that_is_finished_by_others_stops_reading() -> None:
    made: asyncio.Future[Connection] = asyncio.get_running_loop().create_future()

    async def read() -> None:
        made.set_result(Connection(FakeSocket()))
        await asyncio.Event().wait()

    reader = asyncio.create_task(read())
    connection = await made
    assert (connection.finished, connection.close_with) == (False, None)
    connection.finish(4400, "another one came")
    with pytest.raises(asyncio.CancelledError):
        await reader
    assert connection.finished
    assert connection.close_with == Denied(4400, "another one came")


async def test_a_reader_that_finishes_it_is_not_cancelled() -> None:
    connection = Connection(FakeSocket())
    connection.finish(1000, "the session is over")
    await asyncio.sleep(0)
    assert connection.finished


async def test_nobody_waits_for_what_it_still_sends() -> None:
    connection = Connection(FakeSocket())
    connection.sending = sending = asyncio.create_task(asyncio.Event().wait())  # type: ignore[assignment]
    connection.finish(1000, "the session is over")
    assert connection.sending is None
    with pytest.raises(asyncio.CancelledError):
        await sending
