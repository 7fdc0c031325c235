"""What one page does, or one callback, is not felt by the pages beside it."""

from __future__ import annotations

import asyncio
import contextlib
import random

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from tests.faults.page import TROUBLE, LivePage
from tests.faults.proxy import HOST, Proxy
from tests.faults.servers import Backend, Backends
from tests.faults.sizes import BLOCKED
from wscb.protocol import codec
from wscb.protocol.messages import Hello, Invoke, Location

HELLO = codec.encode(Hello(n=1, build="", page=Location(path="/", query=""), visible=True, have=0))


async def test_a_blocked_loop_disconnects_nobody(backends: Backends) -> None:
    """The pongs lie in the sockets when it goes on, and the heartbeat's time is over: they count all the same."""
    backend = backends.start(heartbeat_seconds=BLOCKED / 4, pong_seconds=BLOCKED * 3 / 4)
    async with Proxy(backend.port) as proxy, contextlib.AsyncExitStack() as stack:
        pages = [LivePage(proxy.port, backend.page, patience=20) for _ in range(10)]
        for page in pages:
            await stack.enter_async_context(page)
        await asyncio.gather(*(page.live() for page in pages))
        with proxy.delayed(up=BLOCKED / 4):  # so that most of the time some ping waits for its answer
            for number in range(2):
                assert await pages[0].settled(pages[0].ask("blocked", BLOCKED * (1 + number / 8))) == "ok"
                calls = [(page, page.ask("recorded", f"after the block {number}")) for page in pages]
                assert [await page.settled(call) for page, call in calls] == ["ok"] * 10
        assert [page.codes for page in pages] == [[]] * 10


def invoke(**fields: object) -> bytes:
    whole = {"q": 1, "id": 1, "callback": "nobody", "inputs": [1], "state": [], "trigger": [], **fields}
    return codec.encode(Invoke(**whole))


BAD = {
    "text": ("hello", 4500),
    "nothing": (b"", 4500),
    "no map": (b"\x91\xc0", 4500),
    "an array that claims four billion items": (b"\xdd\xff\xff\xff\xff", 4500),
    "a text that claims four billion bytes": (b"\x81\xa4type\xdb\xff\xff\xff\xff", 4500),
    "nested": (b"\x91" * 10_000, 4500),
    "an unknown extension": (b"\x81\xa4type\xd4\x07\x00", 4500),
    "an unknown message": (codec.pack({"type": "sudo"}), 4500),
    "an unknown field": (codec.pack({"type": "pong", "x": 1}), 4500),
    "a field of another kind": (codec.pack({"type": "ack", "have": "1"}), 4500),
    "truncated": (invoke()[:-3], 4500),
    "something after the map": (invoke() + b"\xc0", 4500),
    "a gap": (invoke(q=7), 4006),
    "too big": (b"\xc6\x00\x20\x00\x00" + bytes(2**21), 4513),
}


@pytest.mark.parametrize("name", BAD)
async def test_a_bad_message_closes_its_connection_alone(backend: Backend, proxy: Proxy, name: str) -> None:
    frame, code = BAD[name]
    async with LivePage(proxy.port, backend.page) as neighbour:
        await neighbour.live()
        assert await close_code(backend.port, HELLO, frame) == code
        if code != 4006:
            assert await close_code(backend.port, frame) == code
        assert await neighbour.settled(neighbour.ask("recorded", f"beside {name}")) == "ok"
        assert neighbour.codes == []


async def test_noise_closes_its_connection_alone(backend: Backend, proxy: Proxy, chance: random.Random) -> None:
    """Frames of every kind with bytes changed, cut off or put in."""
    good = [HELLO, invoke(), codec.pack({"type": "ack", "have": 3}), codec.pack({"type": "visible", "visible": False})]
    async with LivePage(proxy.port, backend.page) as neighbour:
        await neighbour.live()
        for _ in range(150):
            noise = bytearray(chance.choice(good))
            for _ in range(chance.randint(1, 4)):
                at = chance.randrange(len(noise))
                noise[at : at + chance.randint(0, 2)] = chance.randbytes(chance.randint(0, 3))
            code = await close_code(backend.port, HELLO, bytes(noise), b"\xc0")
            assert code in (4500, 4006, 4513), bytes(noise)
        assert await neighbour.settled(neighbour.ask("recorded", "beside noise")) == "ok"
        assert neighbour.codes == []
    assert "Traceback" not in backend.server.log


async def close_code(port: int, *frames: str | bytes) -> int | None:
    """With which code the server ends a connection on which these are said."""
    url = f"ws://{HOST}:{port}/_wscb/ws"
    async with asyncio.timeout(10), connect(url, subprotocols=["wscb.v1"], proxy=None, compression=None) as socket:
        with contextlib.suppress(*TROUBLE):
            for frame in frames:
                await socket.send(frame)
        try:
            while True:
                await socket.recv()
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else None
