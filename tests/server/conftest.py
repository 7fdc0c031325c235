"""Folders of files that a page is made of; workers that end with their test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.runs import Bench
from wscb.server import page as module


@pytest.fixture
def static(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A client's bundle of our own, so that these tests need none that was built."""
    folder = tmp_path / "static"
    folder.mkdir()
    (folder / "wscb.js").write_text("export {};" * 200)
    (folder / "late.js").write_text("export {};")
    (folder / "wscb.css").write_text("body {}")
    (folder / "favicon.svg").write_text("<svg/>")
    monkeypatch.setattr(module, "STATIC", folder)
    return folder


@pytest.fixture
def assets(tmp_path: Path) -> Path:
    folder = tmp_path / "assets"
    folder.mkdir()
    (tmp_path / "secret.txt").write_text("secret")
    (folder / "b.css").write_text("b")
    return folder


@pytest.fixture
def bench() -> Iterator[Bench]:
    bench = Bench()
    yield bench
    bench.workers.close()
