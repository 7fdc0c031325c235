"""The configuration of nginx in docs/deploy.md, as it stands there, with an app behind it."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from e2e.serving import Server, free_port
from tests.deploy.guide import blocks
from tests.deploy.proxied import HEARTBEAT, NGINX, PREFIX, QUIET, TIMEOUT, Processes, Site, changed, nginx
from tests.faults.conftest import settles
from tests.faults.page import LivePage
from tests.faults.servers import read_page
from tests.server.asgi_app import MSGPACK, call, delta_of
from wscb.protocol.messages import Ping

VISITORS = [f"127.0.0.{n}" for n in range(2, 18)]

pytestmark = [
    pytest.mark.skipif(NGINX is None, reason="nginx is not installed: make nginx, or apt-get install nginx-light"),
    pytest.mark.timeout(60 + 2 * QUIET),
]


def before(processes: Processes, directory: Path, changes: dict[str, str] | None = None) -> Site:
    """nginx with the text of the guide on this machine's ports; and its timeout, when it is not to take minutes."""
    text, *_ = blocks("nginx")
    port = free_port()
    here = {
        "listen 80;": f"listen 127.0.0.1:{port};",
        "proxy_read_timeout 60s;": f"proxy_read_timeout {TIMEOUT}s;",
        **processes.addresses,
        **(changes or {}),
    }
    return Site(nginx(directory, changed(text, here)), port, processes)


@pytest.fixture(scope="module")
def site(processes: Processes, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    made = before(processes, tmp_path_factory.mktemp("nginx"))
    yield made
    made.end()


def figures(server: Server) -> dict[str, int]:
    """The host's own route, which nginx does not show to anybody."""
    found: dict[str, int] = httpx.get(server.url.replace(PREFIX, "/faults/figures"), timeout=20).json()
    return found


class QuietPage(LivePage):
    """Counts what the heartbeat brings it, and whatever else."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.base = PREFIX
        self.pings = 0

    def _receive(self, message: Any) -> None:
        self.pings += type(message) is Ping
        super()._receive(message)


async def test_the_page_and_a_call_over_http(site: Site) -> None:
    await site.ready()
    async with httpx.AsyncClient(base_url=site.url) as client:
        page = await client.get("")
        assert f'src="{PREFIX}_wscb/static/' in page.text
        body = call("posted.children|post.n_clicks", ["over HTTP"])
        answer = await client.post("posting/_wscb/invoke", content=body, headers=MSGPACK)
        assert delta_of(answer).changes == [("set", "posted", "children", "over HTTP")]
    assert site.processes.journal.read_text().count("over HTTP\n") == 1


async def test_a_quiet_page_is_held_beyond_the_timeout(site: Site) -> None:
    await site.ready()
    async with QuietPage(site.port, read_page(site.url)) as page:
        assert await page.settled(page.ask("recorded", "before")) == "ok"
        await page.until(lambda: page.pings * HEARTBEAT >= QUIET, QUIET + 20)
        assert await page.settled(page.ask("recorded", "after")) == "ok"
        assert page.modes == {"new": 1}
        assert page.codes == []


async def test_a_killed_process_under_a_page(site: Site) -> None:
    """It goes on with the other process; and when there is none, with the first that is there again."""
    await site.ready()
    async with QuietPage(site.port, read_page(site.url)) as page:
        assert await page.settled(page.ask("recorded", "first")) == "ok"
        handed = page.ask("held", "handed")
        await settles(lambda: "handed begun" in site.processes.journal.read_text())
        (mine,) = [server for server in site.processes.servers if figures(server)["attached"]]
        mine.kill(signal.SIGKILL)
        assert await page.settled(handed) == "unknown"
        assert await page.settled(page.ask("recorded", "second")) == "ok"
        for server in site.processes.servers:
            server.kill()
        await page.until(lambda: not page.ready)
        waiting = page.ask("recorded", "third")
        for server in site.processes.servers:
            server.start(ready=False)
        assert await page.settled(waiting) == "ok"
        assert page.shows("recorded") == ["first", "second", "third"]
        assert page.modes["new"] == 3


async def test_a_visitor_comes_back_to_the_same_process(site: Site) -> None:
    """Over HTTP, and with the session, which is resumed there."""
    await site.ready()
    reached = {visitor: {(await site.seen(visitor))[0] for _ in range(3)} for visitor in VISITORS}
    assert all(len(found) == 1 for found in reached.values()), reached
    assert len(set.union(*reached.values())) == 2
    async with QuietPage(site.port, read_page(site.url)) as page:
        assert await page.settled(page.ask("recorded", "before the loss")) == "ok"
        page.drop()
        await page.until(lambda: page.modes.total() == 2)
        assert page.modes == {"new": 1, "resumed": 1}


async def test_affinity_by_a_cookie(processes: Processes, tmp_path: Path) -> None:
    site = before(processes, tmp_path, {"hash $remote_addr consistent;": "hash $cookie_visitor consistent;"})
    try:
        await site.ready()
        reached = {
            cookie: {(await site.seen(visitor, cookie=f"visitor={cookie}"))[0] for visitor in VISITORS[:3]}
            for cookie in "abcdefgh"
        }
    finally:
        site.end()
    assert all(len(found) == 1 for found in reached.values()), reached
    assert len(set.union(*reached.values())) == 2


async def test_who_a_visitor_is_only_the_proxy_may_say(site: Site) -> None:
    await site.ready()
    assert (await site.seen("127.0.0.2"))[1] == "127.0.0.2"
    forged = {"x-forwarded-for": "203.0.113.9"}
    assert (await site.seen("127.0.0.2", **forged))[1] == "127.0.0.2"
    direct = Site(site._proxy, int(site.processes.servers[0].url.split(":")[2].partition("/")[0]), site.processes)
    assert (await direct.seen("127.0.0.2", **forged))[1] == "127.0.0.2"
    assert (await direct.seen("127.0.0.1", **forged))[1] == "203.0.113.9"  # as from the proxy


async def test_a_prefix_that_is_stripped(tmp_path: Path) -> None:
    """The app knows nothing of the prefix but by --root-path: its page, calls and socket are below it all the same."""
    processes = Processes(tmp_path, "/", ("--root-path", PREFIX.rstrip("/"), "--forwarded-allow-ips", "192.0.2.1"))
    site = before(processes, tmp_path, {"proxy_pass http://wscb;": "proxy_pass http://wscb/;"})
    try:
        await site.ready()
        async with httpx.AsyncClient(base_url=site.url) as client:
            page = await client.get("")
            assert f'src="{PREFIX}_wscb/static/' in page.text
            moved = await client.get("posting")
            assert (moved.status_code, moved.headers["location"]) == (307, f"{site.url}posting/")
        assert (await site.seen("127.0.0.2"))[1] == "127.0.0.1"  # this proxy is not believed
        async with QuietPage(site.port, read_page(site.url)) as quiet:
            assert await quiet.settled(quiet.ask("recorded", "below")) == "ok"
    finally:
        site.end()
        processes.end()
