"""What plotly does that several threads must not do at once, done before there are any."""

from __future__ import annotations

import sys
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from wscb.components.dcc.figures import prepare_templates


class Read(SimpleNamespace):
    """Notes which of its attributes are read."""

    def __init__(self, notes: list[str], **parts: Any) -> None:
        super().__init__(**parts)
        object.__setattr__(self, "_notes", notes)

    def __getattribute__(self, name: str) -> Any:
        if not name.startswith("_"):
            self._notes.append(name)
        return super().__getattribute__(name)


def plotly(monkeypatch: pytest.MonkeyPatch, default: str | None) -> list[str]:
    notes: list[str] = []
    marker = Read(notes, color="red")
    data = {"scatter": [Read(notes, marker=marker)], "table": [Read(notes)]}
    template = SimpleNamespace(data=data, layout=Read(notes, colorway=["red"]))

    class Templates(dict[str, Any]):
        pass

    templates = Templates(plotly=template)
    templates.default = default  # type: ignore[attr-defined]
    io = ModuleType("plotly.io")
    io.templates = templates  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "plotly.express", ModuleType("plotly.express"))
    monkeypatch.setitem(sys.modules, "plotly.io", io)
    return notes


def test_the_parts_of_the_template_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    notes = plotly(monkeypatch, "plotly")
    prepare_templates()
    assert {"marker", "color", "colorway"} <= set(notes)


@pytest.mark.parametrize("default", [None, "plotly+mine"])
def test_without_one_that_figures_share_there_is_nothing_to_do(
    monkeypatch: pytest.MonkeyPatch, default: str | None
) -> None:
    notes = plotly(monkeypatch, default)
    prepare_templates()
    assert notes == []


def test_an_app_without_plotly_express(monkeypatch: pytest.MonkeyPatch) -> None:
    notes = plotly(monkeypatch, "plotly")
    monkeypatch.delitem(sys.modules, "plotly.express")
    prepare_templates()
    assert notes == []
