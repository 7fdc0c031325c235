"""One connection of a session, from its attach until it is lost, replaced or closed."""

from __future__ import annotations

import asyncio

from wscb.server.admission import Denied
from wscb.server.socket import Socket


class Connection:
    """One attach of a session: a socket, until it is lost, replaced or closed. Made by the task that reads it."""

    __slots__ = ("attach", "close_with", "finished", "reader", "sending", "socket")

    def __init__(self, socket: Socket) -> None:
        reader = asyncio.current_task()
        assert reader is not None
        self.reader = reader
        self.socket = socket
        self.attach = 0
        self.finished = False
        self.sending: asyncio.Task[None] | None = None
        self.close_with: Denied | None = None

    def finish(self, code: int, reason: str) -> None:
        """Ends it from this side: its reader stops waiting and closes the socket with `code`."""
        self.close_with = Denied(code, reason)
        self.finished = True
        self.release()
        if asyncio.current_task() is not self.reader:
            self.reader.cancel()

    def release(self) -> None:
        """A send that still waits for the peer will not be waited for."""
        if self.sending is not None:
            self.sending.cancel()
            self.sending = None
