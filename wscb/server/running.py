"""`app.run`: uvicorn with the settings that the runtime is built for, and the restart when a file changes."""

from __future__ import annotations

import logging
import os
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Any

_CHILD = "WSCB_RELOAD_CHILD"
_LISTENING = "WSCB_RELOAD_FD"


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
    if _LISTENING in os.environ:
        settings["fd"] = int(os.environ[_LISTENING])
    uvicorn.run(server, host=host, port=port, **{**settings, **options})


def child() -> str:
    """Which child of `supervise` this process is, as no other; empty when it is none."""
    return os.environ.get(_CHILD, "")


def has_supervisor() -> bool:
    """Whether this is a child that is to serve where its supervisor listens."""
    return bool(child()) and _LISTENING in os.environ


def quiet() -> None:
    """In a child: what pages without a socket ask all the time, whether there is another, stays out of the log."""
    if child():
        for name in ("uvicorn.access", "werkzeug"):
            logging.getLogger(name).addFilter(_is_no_question)


def _is_no_question(record: logging.LogRecord) -> bool:
    return "/_wscb/status" not in record.getMessage()


def supervise(host: str, port: int, options: Mapping[str, Any]) -> None:
    """Runs this same command as a child, again whenever Python or an asset below the working directory changes.

    It listens itself, for all the children: what pages ask while one is gone waits for the next.
    """
    from watchfiles import PythonFilter, watch

    command = [sys.executable, *sys.orig_argv[1:]]
    filter = PythonFilter(extra_extensions=(".css", ".js", ".svg"))
    told: list[int] = []  # by SIGTERM, which nobody has sent to the child; what it raises only ends the watch

    def end(number: int, _: object) -> None:
        told.append(number)
        sys.exit(0)

    signal.signal(signal.SIGTERM, end)
    own = options.keys() & {"fd", "uds"} or os.name == "nt"  # where no child inherits a socket
    with nullcontext() if own else _listen(host, port) as listening:
        child = subprocess.Popen(command, **_handed(listening))
        try:
            # One watch for all: what is changed while a child starts is a change too.
            said = None
            for changes in watch(
                Path.cwd(), watch_filter=filter, raise_interrupt=False, yield_on_timeout=True, rust_timeout=500
            ):
                if changes:
                    _stop(child)
                    child = subprocess.Popen(command, **_handed(listening))
                elif child is not said and child.poll() is not None:
                    said = child
                    print(f"Ended with {child.returncode}; it starts again when a file changes", flush=True)
            if not told:  # the terminal told the child of Ctrl-C as well; a second signal would cut its drain short
                _wait(child)
        finally:
            _stop(child)


def _listen(host: str, port: int) -> socket.socket:
    try:
        found = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise SystemExit(f"Cannot serve on {host}, port {port}: {error}") from error
    print(f"http://{host}:{found.getsockname()[1]}, which starts again when a file changes", flush=True)
    return found


def _handed(listening: socket.socket | None) -> dict[str, Any]:
    """What a child is started with. Flask's server takes the socket as from the supervisor that it has of its own."""
    environment = {**os.environ, _CHILD: secrets.token_hex(4)}
    if listening is None:
        return {"env": environment}
    number = str(listening.fileno())
    environment |= {_LISTENING: number, "WERKZEUG_RUN_MAIN": "true", "WERKZEUG_SERVER_FD": number}
    return {"env": environment, "pass_fds": (listening.fileno(),)}


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
