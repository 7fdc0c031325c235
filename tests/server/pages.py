"""What a browser asks of an app's server before the socket, and what is in the answers."""

from __future__ import annotations

import re
from html import unescape

import httpx

from tests.server.asgi_app import browser
from wscb import App


async def get(app: App, path: str = "/", **headers: str) -> httpx.Response:
    async with browser(app.server) as client:
        return await client.get(path, headers={"accept-encoding": "identity", **headers})


def tags(page: httpx.Response, pattern: str) -> list[str]:
    return [unescape(found) for found in re.findall(pattern, page.text)]
