"""A server in a process of its own: started on a free port, awaited until it answers, killed, started again."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
STARTS_WITHIN = 30.0
ENDS_WITHIN = 20.0
HOST = "127.0.0.1"

# As the documentation says it for a server of one's own: compression of the socket costs more than it gains.
UVICORN = ("--ws", "websockets-sansio", "--ws-per-message-deflate", "false", "--log-level", "info")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


class Server:
    """One server process, and after `restart` the next one on the same port."""

    def __init__(
        self, command: Sequence[str], port: int, logfile: Path, *, base: str = "/", cwd: Path, env: Mapping[str, str]
    ) -> None:
        self.url = f"http://{HOST}:{port}{base}"
        self._command = list(command)
        self._logfile = logfile
        self._cwd = cwd
        self._env = {**os.environ, "PYTHONUNBUFFERED": "1", **env}
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> str:
        """What all the processes of this server have printed."""
        return self._logfile.read_text(errors="replace") if self._logfile.exists() else ""

    @property
    def pid(self) -> int:
        assert self._process is not None, "the server was not started"
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self, *, ready: bool = True) -> Server:
        """Starts a process. With `ready=False` it is asked nothing: a page's socket can be the first to reach it."""
        assert not self.running, "the server is running"
        with self._logfile.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, stdout=log, stderr=subprocess.STDOUT, cwd=self._cwd, env=self._env
            )
        if ready:
            self.wait_until_ready()
        return self

    def wait_until_ready(self) -> None:
        """Asks until the server says that it is ready; fails with the log if it ends or the time is over."""
        deadline = time.monotonic() + STARTS_WITHIN
        while not self.status().get("ready"):
            assert self.running, f"the server ended with {self._process and self._process.returncode}:\n{self.log}"
            assert time.monotonic() < deadline, f"the server was not ready in {STARTS_WITHIN} s:\n{self.log}"
            time.sleep(0.02)

    def status(self) -> dict[str, Any]:
        """The server's own account of itself; {} while nothing answers."""
        try:
            with urllib.request.urlopen(self.url + "_wscb/status", timeout=2) as answer:
                status: dict[str, Any] = json.load(answer)
                return status
        except (urllib.error.URLError, OSError, ValueError):
            return {}

    def kill(self, signum: int = signal.SIGKILL) -> int:
        """Sends a signal, SIGKILL unless told otherwise, and returns the exit status once the process is gone."""
        assert self._process is not None, "the server was not started"
        if self.running:
            self._process.send_signal(signum)
        return self._process.wait(ENDS_WITHIN)

    def stop(self) -> int:
        """Asks the server to end as an operator does, with SIGTERM."""
        return self.kill(signal.SIGTERM)

    def restart(self, signum: int = signal.SIGKILL, *, ready: bool = True) -> Server:
        self.kill(signum)
        return self.start(ready=ready)


class Serve:
    """Makes servers for one test: `serve("examples/x.py")`, `serve.code(source)`, `serve.demo()`."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self.servers: list[Server] = []

    def __call__(
        self, file: str | Path, *, name: str = "server", base: str = "/", env: Mapping[str, str] | None = None
    ) -> Server:
        """Serves the ASGI app called `name` in a Python file (relative to the project) with uvicorn."""
        path = (ROOT / file).resolve()
        command = [sys.executable, "-m", "uvicorn", f"{path.stem}:{name}", *UVICORN]
        return self._start(command, cwd=path.parent, base=base, env=env or {})

    def code(
        self, source: str, *, name: str = "server", base: str = "/", env: Mapping[str, str] | None = None
    ) -> Server:
        """Serves the app that this source makes; it lies in a file of its own, so that its errors name lines."""
        file = self._directory / f"app_{len(self.servers)}.py"
        file.write_text(source)
        return self(file, name=name, base=base, env=env)

    def demo(self, *, env: Mapping[str, str] | None = None) -> Server:
        """Serves what `wscb demo` serves, as the command does."""
        command = [str(Path(sys.executable).parent / "wscb"), "demo"]
        return self._start(command, cwd=self._directory, base="/", env=env or {})

    def _start(self, command: Sequence[str], *, cwd: Path, base: str, env: Mapping[str, str]) -> Server:
        port = free_port()
        logfile = self._directory / f"server_{len(self.servers)}.log"
        server = Server([*command, "--host", HOST, "--port", str(port)], port, logfile, base=base, cwd=cwd, env=env)
        self.servers.append(server)
        return server.start()

    def end(self) -> None:
        for server in self.servers:
            if server.running:
                server.kill()
