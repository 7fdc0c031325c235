"""Writes html.pyi, the types of `wscb.html`, from html.json.

`python -m wscb.components.generate` writes it. With `--check` nothing is written, and the exit status is 1 if the file
is not up to date.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from wscb.components.elements import Annotation, ElementSpec, Table, read_table

TARGET = Path(__file__).with_name("html.pyi")

_HEAD = '''\
"""The types of `wscb.html`. Generated from html.json by `python -m wscb.components.generate`: do not edit."""

# fmt: off
# ruff: noqa

from collections.abc import Sequence
from typing import Literal, TypedDict, Unpack

from wscb.components.base import Children, Component, Id, Number, Style, Texts
'''

_COMMON = {"id": "Id", "className": "str", "style": "Style", "key": "str | int"}


def stub(table: Table) -> str:
    """The text of html.pyi."""
    everywhere = _COMMON | table["global"]
    names = ", ".join(f'"{name}"' for name in (*table["elements"], "HtmlElement"))
    parts = [
        _HEAD,
        f"__all__ = [{names}]\n",
        _props_class("_Global", "TypedDict", everywhere),
        '\nclass HtmlElement(Component):\n    """The base of the classes in `wscb.html`."""\n\n'
        + _attributes(table["global"]),
    ]
    for name, spec in table["elements"].items():
        clash = everywhere.keys() & spec.get("props", {}).keys()
        if clash:
            raise ValueError(f"{name} repeats global props: {sorted(clash)}")
        parts.append(_element(name, spec))
    return "\n".join(parts)


def _props_class(name: str, base: str, props: Mapping[str, Annotation]) -> str:
    lines = "".join(f"    {prop}: {_type(annotation)} | None\n" for prop, annotation in props.items())
    return f"\nclass {name}({base}, total=False):\n{lines}"


def _attributes(props: Mapping[str, Annotation]) -> str:
    return "".join(f"    {prop}: {_type(annotation)} | None\n" for prop, annotation in props.items())


def _element(name: str, spec: ElementSpec) -> str:
    props = spec.get("props", {})
    keywords = f"_{name}" if props else "_Global"
    children = "" if spec.get("void") else " children: Children = None,"
    return (
        (_props_class(keywords, "_Global", props) + "\n" if props else "")
        + f'\nclass {name}(HtmlElement):\n    """{_doc(spec)}"""\n\n'
        + _attributes(props)
        + f"    def __init__(self,{children} **props: Unpack[{keywords}]) -> None: ...\n"
    )


def _doc(spec: ElementSpec) -> str:
    fed = " and ".join(f"`{prop}`" for prop in spec.get("fed", ()))
    return spec["doc"] + (f" The user's doing sets {fed}." if fed else "")


def _type(annotation: Annotation) -> str:
    if isinstance(annotation, str):
        return annotation
    words = ", ".join(f'"{word}"' for word in annotation)
    return f"Literal[{words}]"


def main(arguments: Sequence[str]) -> int:
    """The exit status: 1 if `--check` found the file out of date."""
    text = stub(read_table())
    if "--check" not in arguments:
        TARGET.write_text(text, encoding="utf-8")
        return 0
    if TARGET.is_file() and TARGET.read_text(encoding="utf-8") == text:
        return 0
    print(f"{TARGET.name} is not up to date: run python -m wscb.components.generate", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
