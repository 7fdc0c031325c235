"""A page over TLS, as docs/deploy.md says it: that nginx ends, and that uvicorn does."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from serving import HOST, Serve, free_port

from tests.deploy.guide import GUIDE, blocks
from tests.deploy.proxied import NGINX, changed, nginx

APP = """
from wscb import App, Input, Output, ctx, dcc, html

app = App(__name__, url_base_pathname="/dashboard/")
server = app.server
app.layout = [dcc.Input(id="text", value="", debounce=True), html.P(id="http"), html.P(id="socket")]

@app.callback(Output("http", "children"), Input("text", "value"))
def http(text):
    ctx.response.set_cookie("seen", text, secure=True, samesite="strict")
    return f"{text} by {ctx.remote_addr}, after {ctx.cookies.get('seen')}"

@app.callback(Output("socket", "children"), Input("text", "value"), websocket=True)
async def socket(text):
    return f"{text} by {ctx.remote_addr} from {ctx.headers['origin']}"
"""

pytestmark = [
    pytest.mark.skipif(NGINX is None, reason="nginx is not installed: make nginx, or apt-get install nginx-light"),
    pytest.mark.skipif(
        shutil.which("openssl") is None, reason="openssl, which makes the certificate, is not installed"
    ),
]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Signed by itself; the files by what the guide calls them."""
    directory = tmp_path_factory.mktemp("certificate")
    key, pem = str(directory / "key.pem"), str(directory / "cert.pem")
    options = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    names = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run(["openssl", "req", *options, *names, "-keyout", key, "-out", pem], check=True, capture_output=True)
    return {
        "/etc/ssl/example.com.pem": pem,
        "/etc/ssl/example.com.key": key,
        "cert.pem": pem,
        "key.pem": key,
    }


@contextmanager
def by_nginx(serve: Serve, directory: Path, files: dict[str, str]) -> Iterator[int]:
    server = serve.code(APP, base="/dashboard/")
    address, port = server.url.split("/")[2], free_port()
    text, tls = blocks("nginx")
    named = {said: here for said, here in files.items() if said.startswith("/etc/")}
    tls = changed(tls, {**named, "listen 443 ssl;": f"listen {HOST}:{port} ssl;"})
    text = changed(text, {"listen 80;": tls, "127.0.0.1:8050": address, "127.0.0.1:8051": address})
    with nginx(directory, text) as proxy:
        yield port
        proxy.terminate()


@contextmanager
def by_uvicorn(serve: Serve, directory: Path, files: dict[str, str]) -> Iterator[int]:
    (directory / "app.py").write_text(APP)
    (command,) = re.findall(r"`(uvicorn app:server --ssl.*?)`", GUIDE.read_text("utf-8"))
    port = free_port()
    words = [files.get(word, word) for word in command.split()]
    with subprocess.Popen([sys.executable, "-m", *words, "--port", str(port)], cwd=directory) as server:
        yield port
        server.kill()


@pytest.mark.parametrize("ended", [by_nginx, by_uvicorn])
def test_a_page_over_tls(
    ended: Callable[[Serve, Path, dict[str, str]], AbstractContextManager[int]],
    serve: Serve,
    page: Page,
    tmp_path: Path,
    certificate: dict[str, str],
) -> None:
    """It opens wss, is of the same origin as its server, and stays with https when its address wants a slash."""
    with ended(serve, tmp_path, certificate) as port:
        accepting(port)
        with page.expect_websocket() as opened:
            page.goto(f"https://{HOST}:{port}/dashboard")
        assert page.url == f"https://{HOST}:{port}/dashboard/"
        assert opened.value.url.startswith(f"wss://{HOST}:{port}/dashboard/")
        expect(page.locator("#socket")).to_have_text(f" by {HOST} from https://{HOST}:{port}")
        for text in ("one", "two"):
            page.locator("#text").fill(text)
            page.keyboard.press("Enter")
            expect(page.locator("#socket")).to_have_text(f"{text} by {HOST} from https://{HOST}:{port}")
        # A cookie of "Secure" comes back.
        expect(page.locator("#http")).to_have_text(f"two by {HOST}, after one")
        page.close()


def accepting(port: int) -> None:
    deadline = time.monotonic() + 20
    while True:
        try:
            socket.create_connection((HOST, port), 1).close()
            return
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.02)
