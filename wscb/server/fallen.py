"""In debug: what ends a child before it serves is served in its place, so that the page shows it too."""

from __future__ import annotations

import sys
from types import TracebackType

from wscb.errors import WscbError
from wscb.server import mistaken, running
from wscb.server.asgi import AsgiSite, Receive, Scope, Send


def watch_over_imports() -> None:
    """In a child of a supervisor: an error that nobody catches is printed as ever, and then served."""
    if running.has_supervisor():
        sys.excepthook = _hook


def _hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    sys.__excepthook__(kind, error, trace)
    if isinstance(error, Exception):
        serve(error)


def serve(error: Exception) -> None:
    """Shows it at every address until the supervisor ends this process. Does nothing where there is none."""
    if running.has_supervisor():
        running.quiet()
        running.serve(Anywhere(error), "", 0, 1, {"lifespan": "off", "log_level": "warning"})


class Anywhere:
    """An ASGI app: where the app was to be is not known, so what stands before `_wscb/` is passed over."""

    def __init__(self, error: Exception) -> None:
        title = mistaken.TITLE if isinstance(error, WscbError) else "This app did not start"
        site = mistaken.MistakenSite(error, "/", debug=True, title=title, said=True)
        self._site = AsgiSite("/", lambda: site)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        before, own, below = scope["path"].partition("/_wscb/")
        root = before if own else before.rpartition("/")[0]
        await self._site({**scope, "path": f"{root}{own or '/'}{below}", "root_path": root}, receive, send)
