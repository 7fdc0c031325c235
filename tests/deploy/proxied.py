"""A proxy with a text of docs/deploy.md, before the two processes that the text names."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import httpx

from e2e.serving import ROOT, UVICORN, Server, free_port
from tests.faults.servers import LIMITS
from tests.faults.sizes import size
from tests.server.asgi_app import MSGPACK, call, delta_of

TIMEOUT = size("WSCB_PROXY_TIMEOUT", 2, 60)
"""Seconds of silence after which nginx cuts a connection."""
QUIET = size("WSCB_QUIET", 3, 120)
HEARTBEAT = TIMEOUT / 3
PREFIX = "/dashboard/"
PLACES = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin:{ROOT}/.make/caddy/usr/bin"
NGINX = shutil.which("nginx", path=PLACES)
CADDY = shutil.which("caddy", path=PLACES)

_AROUND = """\
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
    {text}
}}
"""


def changed(text: str, changes: Mapping[str, str]) -> str:
    """A text of the guide, with what is another here; what is to be changed stands in it once."""
    for said, here in changes.items():
        assert text.count(said) == 1, said
        text = text.replace(said, here)
    return text


def nginx(directory: Path, text: str) -> subprocess.Popen[bytes]:
    """nginx with that in its `http` block."""
    config = directory / "nginx.conf"
    config.write_text(_AROUND.format(directory=directory, text=text))
    assert NGINX is not None
    return subprocess.Popen([NGINX, "-p", str(directory), "-c", str(config)], stderr=subprocess.PIPE)


class Processes:
    """Two of tests/deploy/behind.py, at a prefix; and what has run in them."""

    def __init__(self, directory: Path, base: str = PREFIX, options: Sequence[str] = ()) -> None:
        self.journal = directory / "journal"
        self.journal.touch()
        self.servers = [self._server(directory, base, options) for _ in range(2)]
        for server in self.servers:
            server.start(ready=False)

    def _server(self, directory: Path, base: str, options: Sequence[str]) -> Server:
        env = {
            "PYTHONPATH": str(ROOT),
            "WSCB_JOURNAL": str(self.journal),
            "WSCB_LIMITS": json.dumps({**LIMITS, "heartbeat_seconds": HEARTBEAT}),
            "WSCB_BASE": base,
        }
        port = free_port()
        command = [sys.executable, "-m", "uvicorn", "tests.deploy.behind:server", *UVICORN, "--port", str(port)]
        return Server([*command, *options], port, directory / f"server_{port}.log", base=base, cwd=ROOT, env=env)

    @property
    def addresses(self) -> dict[str, str]:
        """Where those of the guide are here."""
        return {f"127.0.0.1:{8050 + n}": server.url.split("/")[2] for n, server in enumerate(self.servers)}

    def end(self) -> None:
        for server in self.servers:
            if server.running:
                server.kill()


class Site:
    """What a visitor reaches: a proxy on `port`, with processes behind it."""

    def __init__(self, proxy: subprocess.Popen[bytes], port: int, processes: Processes) -> None:
        self.port = port
        self.url = f"http://127.0.0.1:{port}{PREFIX}"
        self.processes = processes
        self._proxy = proxy

    async def ready(self) -> None:
        await asyncio.gather(*(asyncio.to_thread(server.wait_until_ready) for server in self.processes.servers))
        async with asyncio.timeout(20), httpx.AsyncClient() as client:
            while True:
                assert self._proxy.poll() is None, self._proxy.stderr and self._proxy.stderr.read()
                try:
                    if (await client.get(f"{self.url}_wscb/ready")).text == "ready":
                        return
                except httpx.HTTPError:
                    pass
                await asyncio.sleep(0.02)

    async def seen(self, visitor: str = "127.0.0.1", **headers: str) -> tuple[int, str]:
        """The process that answers this visitor, and who it takes him for."""
        transport = httpx.AsyncHTTPTransport(local_address=visitor)
        async with httpx.AsyncClient(transport=transport, base_url=self.url, timeout=20) as client:
            body = call("seen.children|post.n_clicks", [1])
            answer = await client.post("posting/_wscb/invoke", content=body, headers={**MSGPACK, **headers})
        ((_, _, _, (process, address)),) = delta_of(answer).changes
        return process, address

    def end(self) -> None:
        self._proxy.terminate()
        self._proxy.communicate(timeout=20)
