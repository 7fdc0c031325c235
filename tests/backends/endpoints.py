"""Callbacks that programs call, and a program."""

from __future__ import annotations

from typing import Any

import httpx

from tests.backends.hosts import Kind
from wscb import App, Input, Output

RUN = Input("run", "n_clicks")
OUT = Output("out", "children")
LOG = Output("log", "children")
END = Output("end", "children")


async def ask(
    kind: Kind, app: App, body: Any = None, path: str = "/api/x", method: str = "POST", **more: Any
) -> httpx.Response:
    if method == "POST" and "content" not in more:
        more["json"] = {} if body is None else body
    async with kind.client(app.server) as client:
        found: httpx.Response = await client.request(method, path, **more)
    return found


def at(app: App, function: Any, *dependencies: Any, path: str = "/api/x", **options: Any) -> Any:
    return app.callback(*(dependencies or (OUT, RUN)), api_endpoint=path, **options)(function)
