"""Server processes of the app in app.py, and what they tell about themselves."""

from __future__ import annotations

import asyncio
import base64
import itertools
import json
import re
import urllib.request
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from e2e.serving import ROOT, Serve, Server
from tests.session.page_model import Document
from wscb.protocol import codec

LIMITS = {"messages_per_second": 100_000, "heartbeat_seconds": 5.0, "pong_seconds": 5.0, "cancel_seconds": 2.0}


@dataclass(frozen=True)
class PageData:
    """What a page learns from the HTML: the build, the callbacks by the name of their output, the layout's ids."""

    build: str
    callbacks: dict[str, str]
    ids: tuple[str, ...]

    def document(self) -> Document:
        doc = Document()
        doc.props = {id: {} for id in self.ids}
        return doc


class Backend:
    """One server of the app, whose process can be killed and started again."""

    def __init__(self, server: Server, journal: Path) -> None:
        self.server = server
        self.port = int(server.url.split(":")[2].strip("/"))
        self.page = read_page(server.url)
        self._journal = journal

    def ran(self) -> Counter[str]:
        """How often each key was written to the journal, by any process of this server."""
        return Counter(self._journal.read_text().split("\n")[:-1])

    async def figures(self) -> dict[str, int]:
        return await asyncio.to_thread(self._ask, "figures", None)

    async def load(self) -> dict[str, Any]:
        """How busy it was; see `load` in app.py."""
        return await asyncio.to_thread(self._ask, "load", None)  # type: ignore[no-any-return]

    async def release(self) -> None:
        """Lets end what holds."""
        await asyncio.to_thread(self._ask, "release", b"")

    async def restart(self, signum: int) -> None:
        """Kills the process and starts another; nobody has asked it anything when this returns."""
        await asyncio.to_thread(self.server.restart, signum, ready=False)

    def _ask(self, what: str, data: bytes | None) -> Any:
        with urllib.request.urlopen(f"{self.server.url}faults/{what}", data=data, timeout=5) as answer:
            return json.load(answer)


class Backends:
    """Makes them in a directory; ends them all."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._serve = Serve(directory)
        self._numbers = itertools.count()

    def start(self, **limits: Any) -> Backend:
        journal = self._directory / f"journal_{next(self._numbers)}"
        journal.touch()
        env = {
            "PYTHONPATH": str(ROOT),
            "WSCB_JOURNAL": str(journal),
            "WSCB_LIMITS": json.dumps({**LIMITS, **limits}),
        }
        return Backend(self._serve("tests/faults/app.py", env=env), journal)

    def end(self) -> None:
        self._serve.end()


def read_page(url: str) -> PageData:
    """Loads the page as a browser does."""
    with urllib.request.urlopen(url, timeout=5) as answer:
        found = re.search(rb'id="wscb-page">([^<]*)<', answer.read())
    assert found is not None, "there is no page data in the HTML"
    data = codec.unpack(base64.b64decode(found[1]), codec.ANY_SERVER)
    letters = {"count": "n", "flood": "m", "ticks": "t", "values": "v", "asked": "a"}
    names = {name: ("", f"P.{letter}") for name, letter in letters.items()}
    callbacks = {}
    for spec in data["callbacks"]:
        outputs = [id for id, _ in spec["outputs"]]
        (trigger,) = (f"{id}.{prop}" for id, prop in spec["inputs"])
        name = next((name for name, key in names.items() if key == ("".join(outputs), trigger)), None)
        callbacks[name or ("random" if len(outputs) > 1 else outputs[0])] = spec["id"]
    return PageData(data["build"], callbacks, tuple(_ids(data["layout"])))


def _ids(node: Any) -> Iterator[str]:
    for each in node if isinstance(node, list) else (node,):
        if isinstance(each, dict):
            props = each["props"]
            if "id" in props:
                yield props["id"]
            yield from _ids(props.get("children"))
