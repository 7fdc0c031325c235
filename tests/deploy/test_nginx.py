"""The configuration of nginx in docs/deploy.md, as it stands there, with an app behind it."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from e2e.serving import ROOT, UVICORN, Server, free_port
from tests.deploy.guide import blocks
from tests.faults.conftest import settles
from tests.faults.page import LivePage
from tests.faults.servers import LIMITS, read_page
from tests.faults.sizes import size
from tests.server.asgi_app import MSGPACK, call, delta_of
from wscb.protocol.messages import Ping

NGINX = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
TIMEOUT = size("WSCB_PROXY_TIMEOUT", 2, 60)
"""Seconds of silence after which nginx cuts a connection."""
QUIET = size("WSCB_QUIET", 3, 120)
HEARTBEAT = TIMEOUT / 3
PREFIX = "/dashboard/"
MAIN = """\
daemon off;
pid {directory}/nginx.pid;
error_log {directory}/error.log;
events {{}}
http {{
    access_log {directory}/access.log;
    client_body_temp_path {directory}/body;
    proxy_temp_path {directory}/proxy;
    fastcgi_temp_path {directory}/fastcgi;
    uwsgi_temp_path {directory}/uwsgi;
    scgi_temp_path {directory}/scgi;
    {snippet}
}}
"""

pytestmark = [
    pytest.mark.skipif(NGINX is None, reason="nginx is not installed: make nginx, or apt-get install nginx-light"),
    pytest.mark.timeout(60 + 2 * QUIET),
]


class Site:
    """nginx before two processes."""

    def __init__(self, directory: Path) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}{PREFIX}"
        self.journal = directory / "journal"
        self.journal.touch()
        self.servers = [_server(directory, self.journal) for _ in range(2)]
        config = directory / "nginx.conf"
        config.write_text(MAIN.format(directory=directory, snippet=self._snippet()))
        for server in self.servers:
            server.start(ready=False)
        assert NGINX is not None
        self.nginx = subprocess.Popen([NGINX, "-p", str(directory), "-c", str(config)], stderr=subprocess.PIPE)

    def _snippet(self) -> str:
        """The text of the guide on this machine's ports; and its timeout, when it is not to take minutes."""
        (text,) = blocks("nginx")
        changes = {
            "listen 80;": f"listen 127.0.0.1:{self.port};",
            "127.0.0.1:8050": self.servers[0].url.split("/")[2],
            "127.0.0.1:8051": self.servers[1].url.split("/")[2],
            "proxy_read_timeout 60s;": f"proxy_read_timeout {TIMEOUT}s;",
        }
        for said, here in changes.items():
            assert text.count(said) == 1, said
            text = text.replace(said, here)
        return text

    async def ready(self) -> None:
        await asyncio.gather(*(asyncio.to_thread(server.wait_until_ready) for server in self.servers))
        async with asyncio.timeout(20), httpx.AsyncClient() as client:
            while True:
                assert self.nginx.poll() is None, self.nginx.stderr and self.nginx.stderr.read()
                try:
                    if (await client.get(f"{self.url}_wscb/ready")).text == "ready":
                        return
                except httpx.HTTPError:
                    await asyncio.sleep(0.02)

    def end(self) -> None:
        self.nginx.terminate()
        self.nginx.communicate(timeout=20)
        for server in self.servers:
            if server.running:
                server.kill()


def _server(directory: Path, journal: Path) -> Server:
    limits = {**LIMITS, "heartbeat_seconds": HEARTBEAT}
    env = {
        "PYTHONPATH": str(ROOT),
        "WSCB_JOURNAL": str(journal),
        "WSCB_LIMITS": json.dumps(limits),
        "WSCB_BASE": PREFIX,
    }
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "tests.deploy.behind:server", *UVICORN]
    command += ["--port", str(port)]
    return Server(command, port, directory / f"server_{port}.log", base=PREFIX, cwd=ROOT, env=env)


def figures(server: Server) -> dict[str, int]:
    """The host's own route, which nginx does not show to anybody."""
    found: dict[str, int] = httpx.get(server.url.replace(PREFIX, "/faults/figures"), timeout=20).json()
    return found


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    made = Site(tmp_path_factory.mktemp("nginx"))
    yield made
    made.end()


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
    assert site.journal.read_text().count("over HTTP\n") == 1


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
        await settles(lambda: "handed begun" in site.journal.read_text())
        (mine,) = [server for server in site.servers if figures(server)["attached"]]
        mine.kill(signal.SIGKILL)
        assert await page.settled(handed) == "unknown"
        assert await page.settled(page.ask("recorded", "second")) == "ok"
        for server in site.servers:
            server.kill()
        await page.until(lambda: not page.ready)
        waiting = page.ask("recorded", "third")
        for server in site.servers:
            server.start(ready=False)
        assert await page.settled(waiting) == "ok"
        assert page.shows("recorded") == ["first", "second", "third"]
        assert page.modes["new"] == 3
