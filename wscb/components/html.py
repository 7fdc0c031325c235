"""The elements of HTML as components: `html.Div([html.H1("Hello"), html.Button("Run", id="run")], className="page")`.

The classes are made from html.json. Their types, for editors and type checkers, are in html.pyi, which
`python -m wscb.components.generate` writes from the same table.
"""

from __future__ import annotations

from wscb.components.base import near_names
from wscb.components.elements import HtmlElement, make_classes, read_table
from wscb.version import VERSION

__version__ = VERSION

_table = read_table()
_left_out = _table["left_out"]
_classes = make_classes(_table, __name__)
globals().update(_classes)

__all__ = [*_classes, "HtmlElement"]


def __getattr__(name: str) -> object:
    if name in _left_out:
        raise AttributeError(f"wscb.html has no {name}: {_left_out[name]}.")
    near = near_names(name, __all__)
    raise AttributeError(f"wscb.html has no {name}.{f' Did you mean {near}?' if near else ''}", name=name)


def __dir__() -> list[str]:
    return sorted(__all__)
