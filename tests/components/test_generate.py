"""html.pyi is what the table says, and `--check` finds out when it is not."""

from __future__ import annotations

import ast
import runpy
import sys
from pathlib import Path

import pytest

from wscb.components import generate
from wscb.components.elements import Table, read_table


def small(**elements: dict[str, object]) -> Table:
    return {"source": "", "global": {"dir": ["ltr", "rtl"]}, "elements": elements, "left_out": {}}  # type: ignore[typeddict-item]


def test_the_committed_types_are_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    assert generate.main(["--check"]) == 0, capsys.readouterr().err


def test_writes_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generate, "TARGET", tmp_path / "html.pyi")
    assert generate.main([]) == 0
    assert (tmp_path / "html.pyi").read_text() == generate.stub(read_table())
    assert generate.main(["--check"]) == 0


@pytest.mark.parametrize("there", [None, "something else"])
def test_check_fails_when_the_file_is_missing_or_old(
    there: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "html.pyi"
    monkeypatch.setattr(generate, "TARGET", target)
    if there:
        target.write_text(there)
    assert generate.main(["--check"]) == 1
    assert "python -m wscb.components.generate" in capsys.readouterr().err
    assert (target.read_text() if there else target.exists()) == (there or False)


def test_the_stub_is_python_and_has_every_class() -> None:
    tree = ast.parse(generate.stub(read_table()))
    classes = {node.name for node in tree.body if isinstance(node, ast.ClassDef)}
    assert read_table()["elements"].keys() | {"HtmlElement", "_Global"} <= classes


def test_an_element_in_the_stub() -> None:
    text = generate.stub(small(Box={"doc": "A box.", "fed": ["open"], "props": {"open": "bool", "kind": ["a", "b"]}}))
    assert text.endswith(
        """
class _Box(_Global, total=False):
    open: bool | None
    kind: Literal["a", "b"] | None


class Box(HtmlElement):
    \"""A box. The user's doing sets `open`.\"""

    open: bool | None
    kind: Literal["a", "b"] | None
    def __init__(self, children: Children = None, **props: Unpack[_Box]) -> None: ...
"""
    )


def test_an_element_without_children_or_props_of_its_own() -> None:
    text = generate.stub(small(Dot={"doc": "A dot.", "void": True}))
    assert "def __init__(self, **props: Unpack[_Global]) -> None: ..." in text


def test_a_prop_that_is_global_already_is_a_mistake_in_the_table() -> None:
    with pytest.raises(ValueError, match=r"Box repeats global props: \['dir', 'id'\]"):
        generate.stub(small(Box={"doc": "A box.", "props": {"dir": "str", "id": "str"}}))


@pytest.mark.filterwarnings("ignore:'wscb.components.generate' found in sys.modules:RuntimeWarning")
def test_runs_as_a_module(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["generate", "--check"])
    with pytest.raises(SystemExit) as caught:
        runpy.run_module("wscb.components.generate", run_name="__main__")
    assert caught.value.code == 0
