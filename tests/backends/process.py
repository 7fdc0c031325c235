"""A server in a process of its own, asked until it answers."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx

ROOT = Path(__file__).parent.parent.parent
BIN = Path(sys.executable).parent
SECONDS = 30.0


class Process:
    """`url` has no slash at its end."""

    sockets: bool
    cuts = False
    """Whether the server closes the sockets at once when it is told to stop, whatever the app still has to say."""

    def __init__(self, process: subprocess.Popen[bytes], url: str, log: Path) -> None:
        self.url = url
        self._process = process
        self._log = log

    @property
    def log(self) -> str:
        return self._log.read_text(errors="replace")

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + SECONDS
        while not self._ready():
            assert self._process.poll() is None, self.log
            assert time.monotonic() < deadline, self.log
            time.sleep(0.02)

    def _ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}/_wscb/ready", timeout=5).text == "ready"
        except httpx.HTTPError:
            return False

    def terminate(self) -> None:
        """As an operator asks it to stop."""
        self._process.send_signal(signal.SIGTERM)

    def ended(self) -> int:
        return self._process.wait(SECONDS)

    def kill(self) -> None:
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)  # a group of its own, with the workers that it has started
            self._process.wait(SECONDS)


@contextmanager
def serving(command: Sequence[str], backend: str, directory: Path) -> Iterator[Process]:
    """Runs a command in which `{port}` stands for a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    words = [word.format(port=port) for word in command]
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
        "WSCB_TEST_BACKEND": backend,
        "PORT": port,
    }
    log = directory / "server.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [str(BIN / words[0]), *words[1:]],
            stdout=out,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
            env=environment,
            start_new_session=True,
        )
    found = Process(process, f"http://127.0.0.1:{port}", log)
    try:
        found.wait_until_ready()
        yield found
    finally:
        found.kill()
