"""Which path is answered by what, and the end of it all."""

from __future__ import annotations

import pytest

from tests.server.apps import app_with
from wscb.server.http import HttpRequest
from wscb.server.socket import Handshake
from wscb.testing import User

POST = Handshake(headers=(("content-type", "application/x-msgpack"),))


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "", 200),
        ("HEAD", "", 200),
        ("POST", "", 405),
        ("GET", "nothing", 404),
        ("GET", "assets/nothing.css", 404),
        ("POST", "assets/nothing.css", 405),
        ("GET", "_wscb", 404),
        ("GET", "_wscb/nothing", 404),
        ("GET", "_wscb/status", 200),
        ("GET", "_wscb/static/x/nothing.js", 404),
        ("GET", "_wscb/invoke", 405),
        ("POST", "_wscb/invoke", 400),
    ],
)
async def test_each_path_has_its_answer(method: str, path: str, status: int) -> None:
    site = app_with().site()
    assert (await site.respond(HttpRequest(method, path, POST))).status == status


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "some/page", 200), ("HEAD", "page", 200), ("POST", "page", 405), ("GET", "assets/nothing.css", 404)],
)
async def test_a_visit_of_any_address_gets_the_page(method: str, path: str, status: int) -> None:
    visit = Handshake(headers=(("accept", "text/html,*/*"),))
    response = await app_with().site().respond(HttpRequest(method, path, visit))
    assert (response.status, "wscb-root" in response.body.decode()) == (status, status == 200)


async def test_status_says_ready_until_it_drains() -> None:
    site = app_with().site()
    status = HttpRequest("GET", "_wscb/status", Handshake())
    ready = await site.respond(status)
    assert ready.content_type == "application/json"
    assert ready.headers["cache-control"] == "no-store"
    assert ready.body.decode() == f'{{"ready": true, "build": "{site.definition.build}"}}'
    await site.drain()
    drained = await site.respond(status)
    assert drained.status == 503
    assert b'"ready": false' in drained.body


async def test_it_is_ready_until_it_drains_and_alive_all_the_time() -> None:
    site = app_with(health_endpoint="/health").site()

    async def said(path: str) -> tuple[int, bytes]:
        response = await site.respond(HttpRequest("GET", path, Handshake()))
        return response.status, response.body

    assert await said("_wscb/ready") == (200, b"ready")
    await site.drain()
    assert await said("_wscb/ready") == (503, b"draining")
    assert await said("health") == (200, b"OK")


async def test_what_the_host_handles_is_raised_to_it() -> None:
    app = app_with()

    def layout() -> None:
        raise KeyError

    app.layout = layout
    site = app.site()
    with pytest.raises(KeyError):
        await site.respond(HttpRequest("GET", "", Handshake()), lambda error: isinstance(error, KeyError))


async def test_status_is_for_our_pages_only() -> None:
    site = app_with().site()
    evil = Handshake(headers=(("origin", "http://evil.example"), ("host", "here")))
    assert (await site.respond(HttpRequest("GET", "_wscb/status", evil))).status == 403


async def test_draining_stops_the_watchdog() -> None:
    site = app_with().site()
    assert not site._watchdog._stopped.is_set()
    await site.drain()
    assert site._watchdog._stopped.is_set()


async def test_a_site_is_made_once_for_a_loop() -> None:
    app = app_with()
    async with User(app):
        assert app.site() is app.site()
