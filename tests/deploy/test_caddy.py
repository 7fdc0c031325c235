"""The text for Caddy in docs/deploy.md, as it stands there, with an app behind it."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from e2e.serving import free_port
from tests.deploy.guide import blocks
from tests.deploy.proxied import CADDY, PREFIX, Processes, Site, changed
from tests.faults.page import LivePage
from tests.faults.servers import read_page
from tests.server.asgi_app import MSGPACK, call, delta_of

OPTIONS = "{\n    admin off\n    auto_https off\n}\n"
VISITORS = 8

pytestmark = pytest.mark.skipif(CADDY is None, reason="there is no caddy: make caddy, or install it")


def before(processes: Processes, directory: Path, changes: dict[str, str] | None = None) -> Site:
    (text,) = blocks("caddy")
    port = free_port()
    here = {"example.com {": f"http://127.0.0.1:{port} {{", **processes.addresses, **(changes or {})}
    config = directory / "Caddyfile"
    config.write_text(OPTIONS + changed(text, here))
    assert CADDY is not None
    environment = {**os.environ, "XDG_DATA_HOME": str(directory), "XDG_CONFIG_HOME": str(directory)}
    command = [CADDY, "run", "--adapter", "caddyfile", "--config", str(config)]
    with (directory / "log").open("wb") as log:
        return Site(subprocess.Popen(command, stdout=log, stderr=log, env=environment), port, processes)


@pytest.fixture(scope="module")
def site(processes: Processes, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    made = before(processes, tmp_path_factory.mktemp("caddy"))
    yield made
    made.end()


async def test_the_page_and_a_call_over_http(site: Site) -> None:
    await site.ready()
    async with httpx.AsyncClient(base_url=site.url) as client:
        page = await client.get("")
        assert f'src="{PREFIX}_wscb/static/' in page.text
        body = call("posted.children|post.n_clicks", ["through Caddy"])
        answer = await client.post("posting/_wscb/invoke", content=body, headers=MSGPACK)
        assert delta_of(answer).changes == [("set", "posted", "children", "through Caddy")]
        assert (await client.get(site.url.rstrip("/"))).headers["location"] == PREFIX


async def test_a_visitor_comes_back_to_the_same_process_while_it_is_there(site: Site) -> None:
    await site.ready()

    reached: list[set[int | None]] = []
    for _ in range(VISITORS):
        async with httpx.AsyncClient(base_url=site.url, timeout=20) as client:
            reached.append({await process(client) for _ in range(3)})
    assert all(len(found) == 1 for found in reached), reached
    async with httpx.AsyncClient(base_url=site.url, timeout=20) as client:
        mine = await process(client)
        (server,) = [server for server in site.processes.servers if server.pid == mine]
        server.kill(signal.SIGKILL)
        try:
            async with asyncio.timeout(20):
                while await process(client) in (None, mine):  # noqa: ASYNC110  # no event comes from a proxy
                    await asyncio.sleep(0.02)
        finally:
            server.start()


async def process(client: httpx.AsyncClient) -> int | None:
    """The one that answers; None when the proxy has none."""
    body = call("seen.children|post.n_clicks", [1])
    answer = await client.post("posting/_wscb/invoke", content=body, headers=MSGPACK)
    return None if answer.status_code == 502 else int(delta_of(answer).changes[0][3][0])


async def test_a_page_over_the_socket(site: Site) -> None:
    await site.ready()
    async with LivePage(site.port, read_page(site.url)) as page:
        page.base = PREFIX
        assert await page.settled(page.ask("recorded", "over the socket")) == "ok"


async def test_who_a_visitor_is_only_the_proxy_may_say(site: Site) -> None:
    await site.ready()
    assert (await site.seen("127.0.0.2"))[1] == "127.0.0.2"
    assert (await site.seen("127.0.0.2", **{"x-forwarded-for": "203.0.113.9"}))[1] == "127.0.0.2"


async def test_a_prefix_that_is_stripped(tmp_path: Path) -> None:
    processes = Processes(tmp_path, "/", ("--root-path", PREFIX.rstrip("/")))
    stripped = {"handle /dashboard/*": "handle_path /dashboard/*", "health_uri /dashboard/": "health_uri /"}
    site = before(processes, tmp_path, stripped)
    try:
        await site.ready()
        async with httpx.AsyncClient(base_url=site.url) as client:
            assert f'src="{PREFIX}_wscb/static/' in (await client.get("")).text
        assert (await site.seen())[0] in {server.pid for server in processes.servers}
    finally:
        site.end()
        processes.end()
