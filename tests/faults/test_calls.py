"""Faults around single calls and single attaches: each call ends exactly once, and runs at most once."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Awaitable

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from tests.faults.conftest import settles
from tests.faults.page import LivePage
from tests.faults.proxy import HOST, Cut, Proxy
from tests.faults.servers import Backend, Backends
from tests.faults.sizes import DROPS, HEARTBEAT, LATE, PONG, RACES
from wscb.protocol import codec
from wscb.protocol.messages import Hello, Welcome


async def welcome(port: int, hello: Hello, user: str | None) -> Welcome:
    """What the server answers to this hello on a connection of its own; raises ConnectionClosed."""
    headers = {} if user is None else {"x-user": user}
    url = f"ws://{HOST}:{port}/_wscb/ws"
    async with connect(url, subprotocols=["wscb.v1"], proxy=None, additional_headers=headers) as socket:
        await socket.send(codec.encode(hello))
        message = codec.decode_server(await socket.recv())
        if not isinstance(message, Welcome):
            await socket.recv()
        assert isinstance(message, Welcome)
        return message


async def refusal(port: int, hello: Hello, user: str | None = None) -> int | None:
    """The close code that it gets."""
    try:
        await welcome(port, hello, user)
    except ConnectionClosed as closed:
        return closed.rcvd.code if closed.rcvd else None
    return None


async def test_a_call_without_trouble(backend: Backend, proxy: Proxy) -> None:
    async with LivePage(proxy.port, backend.page) as page:
        assert await page.settled(page.ask("recorded", "untroubled")) == "ok"
        assert page.shows("recorded") == ["untroubled"]
        assert await page.settled(page.ask("got", "asked")) == "ok"
        _, answer, missing = page.shows("got")
        assert answer["value"] == "asked"
        assert missing == "NotOnPage"
    assert backend.ran()["untroubled"] == 1


async def test_drop_resume_and_drop_again_with_no_traffic_between(backend: Backend, proxy: Proxy) -> None:
    async with LivePage(proxy.port, backend.page) as page:
        await page.settled(page.ask("recorded", "before the drops"))
        for drops in range(1, DROPS + 1):
            proxy.cut(Cut.RST if drops % 2 else Cut.FIN)
            await page.until(lambda drops=drops: page.modes["resumed"] == drops and page.ready)
        assert page.modes["new"] == 1
        assert await page.settled(page.ask("recorded", "after the drops")) == "ok"
        assert page.shows("recorded") == ["before the drops", "after the drops"]


async def test_drop_between_execution_and_outcome(backend: Backend, proxy: Proxy) -> None:
    async with LivePage(proxy.port, backend.page) as page:
        call = page.ask("held", "between")
        await settles(lambda: backend.ran()["between begun"])
        with proxy.refused():
            await backend.release()
            await settles(lambda: backend.ran()["between done"])
            assert call not in page.outcome
        assert await page.settled(call) == "ok"
        assert page.shows("held") == "between"
        assert page.modes == {"new": 1, "resumed": 1}
    assert backend.ran()["between begun"] == 1


async def test_lost_welcomes(backend: Backend, proxy: Proxy) -> None:
    """However many of them: the token that the page came with stays good until it has spoken."""
    async with connect(f"ws://{HOST}:{proxy.port}/_wscb/ws", subprotocols=["wscb.v1"], proxy=None, compression=None):
        handshake = proxy.down.passed
    async with LivePage(proxy.port, backend.page) as page:
        await page.settled(page.ask("recorded", "before the welcomes"))
        for lost in range(5):
            proxy.down.cut_after(handshake + lost * 10)
            if lost == 0:
                page.drop()
            await proxy.down.cut.wait()
        await page.until(lambda: page.modes["resumed"] == 1)
        assert await page.settled(page.ask("recorded", "after the welcomes")) == "ok"
        assert page.modes == {"new": 1, "resumed": 1}
        assert page.shows("recorded") == ["before the welcomes", "after the welcomes"]


async def test_a_half_open_old_socket_that_speaks_late(backend: Backend, proxy: Proxy) -> None:
    async with LivePage(proxy.port, backend.page) as page:
        await page.live()
        (old,) = proxy.lines
        old.up.flowing.clear()
        late = page.ask("recorded", "said late")
        await settles(lambda: old.up.held)
        old.leave_page()
        assert await page.settled(late) == "ok"
        old.up.flowing.set()  # the server hears it now, on a connection that was replaced
        await settles(lambda: not old.up.held)
        assert await page.settled(page.ask("recorded", "said after")) == "ok"
        assert page.shows("recorded") == ["said late", "said after"]
    assert backend.ran()["said late"] == 1


async def test_a_page_whose_server_side_is_gone_finds_out(quick: Backend) -> None:
    """The other half: the page is not told that nobody is there."""
    async with (
        Proxy(quick.port) as proxy,
        LivePage(proxy.port, quick.page) as page,
    ):
        await page.live()
        (old,) = proxy.lines
        old.leave_server()
        assert await page.settled(page.ask("recorded", "to nobody")) == "ok"
        assert page.modes["resumed"] == 1
    assert quick.ran()["to nobody"] == 1


@pytest.mark.parametrize("lost", ["up down", "up", "down"])
async def test_a_silent_blackhole_is_found_by_both_sides(backends: Backends, chance: random.Random, lost: str) -> None:
    """Within the heartbeat and the time for its answer. What an end does is lost as well, so the other is not told."""
    backend = backends.start(heartbeat_seconds=HEARTBEAT, pong_seconds=PONG)
    async with Proxy(backend.port) as proxy, LivePage(proxy.port, backend.page) as page:
        assert await page.settled(page.ask("recorded", "before the hole")) == "ok"
        await asyncio.sleep(chance.uniform(0.3, 0.9) * HEARTBEAT)  # somewhere between two pings
        ways = {"up": proxy.up, "down": proxy.down}
        with proxy.blackholed(*(ways[way] for way in lost.split())):
            call = page.ask("recorded", "into the hole")
            async with asyncio.TaskGroup() as group:
                found = [group.create_task(took(settles(lambda: page.found_out, 2 * (HEARTBEAT + PONG))))]
                found += [group.create_task(took(nobody_attached(backend)))]
        proxy.cut()
        assert await page.settled(call) == "ok"
        assert page.modes == {"new": 1, "resumed": 1}
    print("found by the page after {:.2f} s, by the server after {:.2f} s".format(*(each.result() for each in found)))
    assert all(each.result() < HEARTBEAT + PONG + LATE for each in found)
    assert backend.ran()["into the hole"] == 1


async def took(done: Awaitable[None]) -> float:
    """Seconds."""
    began = time.monotonic()
    await done
    return time.monotonic() - began


async def nobody_attached(backend: Backend) -> None:
    async with asyncio.timeout(2 * (HEARTBEAT + PONG)):
        while (await backend.figures())["attached"]:
            pass


async def test_a_token_used_after_its_successor_was_confirmed(backend: Backend, proxy: Proxy) -> None:
    async with LivePage(proxy.port, backend.page) as page:
        await page.live()
        stolen = page.hello()
        page.drop()
        await page.until(lambda: page.modes["resumed"] == 1)
        await page.settled(page.ask("recorded", "confirms"))
        used = Hello(**{name: getattr(stolen, name) for name in stolen.__slots__ if name != "n"}, n=page.n + 1)
        assert await refusal(backend.port, used) == 4501
        assert await refusal(backend.port, stolen) == 4501
        assert page.ready
        assert await page.settled(page.ask("recorded", "goes on")) == "ok"
        assert page.modes == {"new": 1, "resumed": 1}


async def test_a_token_from_another_user(backend: Backend, proxy: Proxy) -> None:
    """It is good for the one alone who opened the session, and who tries it disturbs nobody."""
    async with LivePage(proxy.port, backend.page, user="ann") as page:
        await page.live()
        for user in ("bob", None):
            assert await refusal(backend.port, page.hello(), user) == 4501
        assert await page.settled(page.ask("recorded", "ann's own")) == "ok"
        page.drop()
        await page.until(lambda: page.modes["resumed"] == 1)
        assert page.codes == [None]


async def test_a_hello_that_comes_late(backend: Backend, proxy: Proxy) -> None:
    async with LivePage(proxy.port, backend.page) as page:
        await page.live()
        late = page.hello()
        for drops in (1, 2):
            page.drop()
            await page.until(lambda drops=drops: page.modes["resumed"] == drops)
        assert await refusal(backend.port, late) == 4509
        assert await page.settled(page.ask("recorded", "undisturbed")) == "ok"
        assert page.codes == [None, None]


async def test_cancel_racing_completion(backend: Backend, proxy: Proxy, chance: random.Random) -> None:
    """A cancelled call has no effect; one that has ended is not cancelled."""
    async with LivePage(proxy.port, backend.page) as page:
        await page.live()
        calls: dict[int, str] = {}
        racing: list[int] = []
        for number in range(RACES):
            key = f"race {number} of {page.session}"
            call = page.ask("raced", {"key": key, "steps": chance.randrange(100)})
            calls[call] = key
            racing.append(call)
            if len(racing) == 20:
                chance.shuffle(racing)
                for racer in racing:
                    page.cancel(racer)
                    await asyncio.sleep(0)
                await page.settled(*racing)
                racing.clear()
            if number % 100 == 50:
                proxy.cut()
        await page.settled(*calls)
        outcomes = Counter(page.outcome.values())
        print(outcomes)
        assert set(outcomes) <= {"ok", "cancelled", "superseded"}
        assert min(outcomes["ok"], outcomes["cancelled"]) > RACES / 200, "neither always wins"
        shown = page.shows("raced") or []
        assert sorted(shown) == sorted(key for call, key in calls.items() if page.outcome[call] == "ok")
    ran = backend.ran()
    assert all(ran[key] <= 1 for key in calls.values())


async def test_get_prop_while_the_line_is_cut(backend: Backend, proxy: Proxy, chance: random.Random) -> None:
    """It is asked again, answered once, and sees what was written before it."""
    async with LivePage(proxy.port, backend.page) as page:
        await page.live()
        for number in range(20):
            key = f"asked {number}"
            proxy.down.cut_after(chance.randrange(1, 200))
            assert await page.settled(page.ask("got", key)) == "ok"
            assert page.shows("got")[0] == page.shows("got")[1]["value"] == key
            assert page.shows("got")[2] == "NotOnPage"
        assert page.modes["resumed"] > 5


async def test_a_delta_that_makes_a_component_anew_after_appends_to_it(backend: Backend, proxy: Proxy) -> None:
    """What was appended to the old one while the page was away is not appended to the new one."""
    async with LivePage(proxy.port, backend.page) as page:
        await page.live()
        call = page.ask("recreated", "kept")
        await page.until(lambda: page.shows("k0") == ["old", "kept lost"])
        with proxy.refused():
            await settles(lambda: backend.ran()["kept begun"])
            await backend.release()
            await page.until(lambda: not page.ready)
        assert await page.settled(call) == "ok"
        assert page.shows("k0") == ["new", "kept"]
