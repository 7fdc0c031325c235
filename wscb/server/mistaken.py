"""In place of a site of an app that is declared wrongly: it says so, to each in the words that are for him."""

from __future__ import annotations

import logging
import secrets
from contextlib import suppress

from wscb.errors import WscbError
from wscb.protocol.closing import CloseCode
from wscb.protocol.codec import encode
from wscb.protocol.messages import Error
from wscb.server import error_page, tracebacks
from wscb.server.admission import subprotocol_to_echo
from wscb.server.http import Handles, HttpRequest, HttpResponse, is_visit, nobody_handles, text
from wscb.server.socket import Disconnected, Handshake, Socket

logger = logging.getLogger("wscb.http")

TITLE = "This app is declared wrongly"

INTERNAL_ERROR = 1011


class MistakenSite:
    """The log has the mistake once in full, when this is made, and then a line with its reference for who asks.

    Unless it is `said` already. `base` is its prefix.
    """

    def __init__(
        self,
        error: Exception,
        base: str,
        *,
        debug: bool,
        message_bytes: int = 0,
        health: str | None = None,
        title: str = TITLE,
        said: bool = False,
    ) -> None:
        self.error = error
        self.message_bytes = message_bytes
        self._base = base
        self._debug = debug
        self._health = health
        self._ref = secrets.token_hex(4)
        self._status = error_page.status(error)
        self._sorry = f"This app cannot be served. The server's log says why, under the reference {self._ref}."
        self._title = title
        self._said = said
        if not said:
            info = None if isinstance(error, WscbError) else tracebacks.logged(error)
            logger.error("The app at %r cannot be served [ref %s]: %s", base, self._ref, error, exc_info=info)

    async def connect(self, socket: Socket, handshake: Handshake) -> None:
        """Pages do not come back, but in debug, where it will be mended soon."""
        self._note("a socket")
        with suppress(Disconnected):
            await socket.accept(subprotocol_to_echo(handshake))
            if self._debug:
                await socket.close(INTERNAL_ERROR, "the app is declared wrongly")
                return
            await socket.send(encode(Error(code=CloseCode.REFUSED, message=self._sorry)))
            await socket.close(CloseCode.REFUSED, self._sorry)

    async def respond(self, request: HttpRequest, handles: Handles = nobody_handles) -> HttpResponse:
        """A page of the mistake in debug, else a reference, unless the host handles such errors."""
        path = request.path
        if path == self._health:
            return text(200, "OK")
        if path == "_wscb/ready":
            return text(503, "declared wrongly")
        if path == "_wscb/status":
            return self._answer_status()
        if self._debug and path.startswith(f"_wscb/{error_page.AREA}"):
            return await error_page.answer(path.removeprefix(f"_wscb/{error_page.AREA}"), self._status)
        self._note(f"{request.method} {path!r}")
        if not self._debug:
            if handles(self.error):
                raise self.error.with_traceback(None)
            return text(500, self._sorry)
        if path == "" or is_visit(request.handshake):
            return await error_page.show(self.error, self._title, request.root_path + self._base, self._status)
        return text(500, str(self.error))

    def _answer_status(self) -> HttpResponse:
        headers = {"cache-control": "no-store"}
        return HttpResponse(500 if self._debug else 503, "application/json", self._status.encode(), headers)

    def _note(self, what: str) -> None:
        if not self._said:
            logger.error("%s: the app at %r cannot be served [ref %s]", what, self._base, self._ref)
