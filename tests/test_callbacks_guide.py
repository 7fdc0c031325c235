"""The guide to callbacks: its code is an app that can be built."""

from __future__ import annotations

import asyncio
import re
import time
from pathlib import Path
from typing import Any

import wscb
from wscb import App, dcc, html
from wscb.callbacks.hooks import Hooks

GUIDE = Path(__file__).parent.parent / "docs" / "callbacks.md"
BLOCKS = re.findall(r"```python\n(.*?)```", GUIDE.read_text(), re.DOTALL)


def page() -> list[Any]:
    texts = [html.P(id=id) for id in ("out", "total", "clock", "count", "shown", "price")]
    rows = [
        html.Div([dcc.Input(id={"type": "amount", "row": row}), html.P(id={"type": "note", "row": row})])
        for row in (1, 2)
    ]
    return [
        html.Button(id="run"),
        dcc.Input(id="name"),
        dcc.Input(id="zone"),
        html.Progress(id="bar"),
        html.Ul(id="log"),
        dcc.Input(id="symbol"),
        html.Ul(id="trades"),
        *texts,
        *rows,
    ]


def test_its_code_is_an_app() -> None:
    assert len(BLOCKS) == 9
    names: dict[str, Any] = {name: getattr(wscb, name) for name in wscb.__all__}
    for block in BLOCKS:
        app = App(__name__)
        app.layout = page()
        hooks = Hooks()
        exec(
            compile(block, str(GUIDE), "exec"), {**names, "app": app, "hooks": hooks, "asyncio": asyncio, "time": time}
        )
        assert app.build().specs or hooks.connect_hooks
