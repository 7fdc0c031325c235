"""Serves one of the servers: `serve.py MODULE PORT [CORE]`. All have the same uvicorn and the same settings."""

from __future__ import annotations

import importlib
import logging
import os
import sys

import uvicorn


def main(module: str, port: str, *core: str) -> None:
    logging.getLogger("wscb").setLevel(logging.ERROR)  # it warns, rightly, of the loop that never awaits
    if core:
        os.sched_setaffinity(0, {int(core[0])})
    server = importlib.import_module(f"servers.{module}").server
    uvicorn.run(
        server,
        host="127.0.0.1",
        port=int(port),
        loop="uvloop",
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        log_level="warning",
        access_log=False,
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
