"""The demo's server with an echo beside it, as somebody adds a WebSocket route of his own to the app that wscb is in.

`python -m tests.conformance.serve PORT` starts it as `wscb demo` does; `uvicorn tests.conformance.serve:server` as
uvicorn does when it is told nothing more.
"""

from __future__ import annotations

import asyncio
import sys

from fastapi import WebSocket, WebSocketDisconnect

from wscb.demo import app
from wscb.server.asgi import AsgiSocket
from wscb.server.socket import Disconnected

server = app.server


@server.websocket("/echo")
async def echo(websocket: WebSocket) -> None:
    """Receives through the adapter that wscb's own socket is read with."""
    socket = AsgiSocket(websocket.receive, websocket.send)
    await socket.accept(None)
    try:
        while True:
            message = await socket.receive()
            if isinstance(message, str):
                await websocket.send_text(message)
            else:
                await socket.send(message)
    except (Disconnected, WebSocketDisconnect):
        pass


@server.get("/figures")
async def figures() -> dict[str, int]:
    """What is there now."""
    return {"sessions": len(app.site().hub.sessions), "tasks": len(asyncio.all_tasks())}


if __name__ == "__main__":
    # The echo has messages of 16 MiB, for which nothing that wscb itself takes in is large enough.
    app.run(port=int(sys.argv[1]), ws_max_size=2**24)
