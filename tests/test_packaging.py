"""What is built is what a user needs: the wheel's contents, and that it serves the demo where there is no Node."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(directory), str(ROOT)]
    built = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    (wheel,) = directory.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def names(wheel: Path) -> list[str]:
    return zipfile.ZipFile(wheel).namelist()


def test_every_file_of_the_package_is_in_the_wheel(names: list[str]) -> None:
    listed = subprocess.run(["git", "ls-files", "wscb"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert set(listed.stdout.split()) <= set(names)


@pytest.mark.parametrize(
    "name", ["wscb/py.typed", "wscb/components/html.pyi", "wscb/static/wscb.js", "wscb/static/connect.d.ts"]
)
def test_what_is_easily_forgotten_is_in_the_wheel(names: list[str], name: str) -> None:
    assert name in names


def test_nothing_else_is_in_the_wheel(names: list[str]) -> None:
    strange = [name for name in names if not re.match(r"(wscb/|wscb-[^/]+\.dist-info/)", name)]
    assert strange == []
    assert not [
        name for name in names if re.search(r"(^|/)(tests?|node_modules|__pycache__)/|(?<!\.d)\.(ts|map)$", name)
    ]


def test_the_licence_and_the_command_are_in_the_wheel(wheel: Path, names: list[str]) -> None:
    assert any(name.endswith("licenses/LICENSE") for name in names)
    (entry_points,) = [name for name in names if name.endswith("entry_points.txt")]
    assert "wscb = wscb.cli:main" in zipfile.ZipFile(wheel).read(entry_points).decode()


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `wscb` command of an environment that has the wheel and what it depends on, and nothing else."""
    directory = tmp_path_factory.mktemp("empty")
    venv.create(directory, with_pip=True)
    command = [str(directory / "bin" / "python"), "-m", "pip", "install", "--quiet", str(wheel)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return directory / "bin" / "wscb"


@pytest.fixture
def served(installed: Path, tmp_path: Path) -> Iterator[str]:
    """The demo's address, served by the installed command with neither Node nor the project in reach."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(installed), "demo", "--host", "127.0.0.1", "--port", str(port)]
    environment = {"PATH": str(tmp_path), "HOME": str(tmp_path)}
    log = tmp_path / "log"
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=out, stderr=subprocess.STDOUT)
    url = f"http://127.0.0.1:{port}/"
    try:
        deadline = time.monotonic() + 30
        while not answers(url):
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
        yield url
    finally:
        process.kill()
        process.wait()


def answers(url: str) -> bool:
    """Whether the port is open; a connection that is refused is tried again, a tenth of a second later."""
    try:
        get(url)
    except urllib.error.URLError:
        time.sleep(0.1)
        return False
    return True


def get(url: str) -> tuple[int, str, bytes]:
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.status, answer.headers["content-type"], answer.read()


@pytest.mark.timeout(360)
def test_the_installed_wheel_serves_the_demo_without_node(served: str) -> None:
    status, kind, page = get(served)
    assert (status, kind.split(";")[0]) == (200, "text/html")
    assert b'id="wscb-root"' in page
    scripts = re.findall(rb'<script[^>]*\ssrc="([^"]+)"', page)
    sheets = re.findall(rb'<link[^>]*rel="stylesheet"[^>]*href="([^"]+)"', page)
    assert any(script.endswith(b"wscb.js") for script in scripts), page
    for address in [*scripts, *sheets]:
        status, kind, body = get(served.rstrip("/") + address.decode())
        assert status == 200
        assert "javascript" in kind or "css" in kind
        assert body
