"""The hand-over from threads to the loop."""

from __future__ import annotations

import asyncio
import threading

import pytest

from wscb.server.inbox import Inbox


class Sink:
    """Takes batches; `until` waits for so many items."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.more = asyncio.Event()

    def __call__(self, items: list[int]) -> None:
        self.batches.append(items)
        self.more.set()

    @property
    def items(self) -> list[int]:
        return [item for batch in self.batches for item in batch]

    async def until(self, count: int) -> None:
        while len(self.items) < count:
            self.more.clear()
            await asyncio.wait_for(self.more.wait(), 10)


@pytest.fixture
async def sink() -> Sink:
    return Sink()


def inbox_for(sink: Sink) -> Inbox[int]:
    return Inbox(asyncio.get_running_loop(), sink)


async def test_they_come_in_order_however_many(sink: Sink) -> None:
    inbox = inbox_for(sink)
    count = 3 * inbox.LIMIT
    await asyncio.to_thread(lambda: [inbox.put(n) for n in range(count)])
    await sink.until(count)
    assert sink.items == list(range(count))


async def test_what_comes_while_the_loop_is_busy_is_one_batch(sink: Sink) -> None:
    inbox = inbox_for(sink)
    producer = threading.Thread(target=lambda: [inbox.put(n) for n in range(5)])
    producer.start()
    producer.join(10)  # the loop is busy with this line
    await sink.until(5)
    assert sink.batches == [[0, 1, 2, 3, 4]]


async def test_a_full_inbox_holds_its_producer_back(sink: Sink) -> None:
    inbox = inbox_for(sink)
    full, over = threading.Event(), threading.Event()

    def produce() -> None:
        for n in range(inbox.LIMIT):
            inbox.put(n)
        full.set()
        inbox.put(inbox.LIMIT)
        over.set()

    producer = threading.Thread(target=produce)
    producer.start()
    assert full.wait(10)
    assert not over.wait(0.01)  # nothing was taken: the loop is busy with this line
    assert len(inbox._items) == inbox.LIMIT
    await sink.until(inbox.LIMIT + 1)
    assert over.wait(10)
    producer.join(10)


async def test_closing_frees_who_waits_and_drops_what_is_there(sink: Sink) -> None:
    inbox = inbox_for(sink)
    producer = threading.Thread(target=lambda: [inbox.put(n) for n in range(inbox.LIMIT + 1)])
    producer.start()
    while len(inbox._items) < inbox.LIMIT:
        pass
    inbox.close()
    producer.join(10)
    assert not producer.is_alive()
    inbox.put(1)
    await asyncio.wait({asyncio.ensure_future(asyncio.to_thread(inbox.put, 2))})
    assert sink.items == []
