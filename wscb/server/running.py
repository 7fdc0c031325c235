"""`app.run`: uvicorn with the settings that the runtime is built for, and the restart when a file changes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

_CHILD = "WSCB_RELOAD_CHILD"


def serve(server: Any, host: str, port: int, message_bytes: int, options: dict[str, Any]) -> None:
    """Serves an ASGI app in this process. Deflate is off: on a fast line it costs more than the bytes that it saves.

    Twice the longest message is taken from a socket: enough to say 4513 to who is over the limit, and no more, since
    the server holds what has come of a message before we hear of it. Our page sends frames of 64 KiB.
    """
    import uvicorn

    settings: dict[str, Any] = {
        "ws": "websockets-sansio",
        "ws_per_message_deflate": False,
        "ws_max_size": 2 * message_bytes,
        "log_level": "info",
        "timeout_graceful_shutdown": 5,
    }
    uvicorn.run(server, host=host, port=port, **{**settings, **options})


def is_child() -> bool:
    return os.environ.get(_CHILD) == "1"


def supervise() -> None:
    """Runs this same command as a child, again whenever Python or an asset below the working directory changes."""
    from watchfiles import PythonFilter, watch

    command = [sys.executable, *sys.orig_argv[1:]]
    environment = {**os.environ, _CHILD: "1"}
    filter = PythonFilter(extra_extensions=(".css", ".js", ".svg"))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    changed = True
    while changed:
        child = subprocess.Popen(command, env=environment)
        try:
            # Ends without an item when the person presses Ctrl-C.
            changed = any(True for _ in watch(Path.cwd(), watch_filter=filter, raise_interrupt=False))
            if not changed:  # the terminal told the child as well; a second signal would cut its drain short
                _wait(child)
        finally:
            _stop(child)


def _stop(child: subprocess.Popen[bytes]) -> None:
    if child.poll() is None:
        child.terminate()
        _wait(child)


def _wait(child: subprocess.Popen[bytes]) -> None:
    """Until it has ended, by force if it takes longer than any drain."""
    try:
        child.wait(timeout=15)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
