"""The cases of patterns.json: which ids a pattern stands for, and which instances of a callback a page has."""

from __future__ import annotations

from typing import Any

from wscb.callbacks.dependencies import ALL, ALLSMALLER, MATCH, Input, Output, State
from wscb.callbacks.patterns import bind, instances, parse_id
from wscb.components.base import id_text

# name, pattern, id: what MATCH stands for, or null
MATCHES: list[tuple[str, dict[str, Any], Any]] = [
    ("one key", {"i": MATCH}, {"i": 1}),
    ("keys in another order", {"type": "row", "index": MATCH}, {"index": 1, "type": "row"}),
    ("a text", {"type": "row", "index": MATCH}, {"type": "row", "index": "a"}),
    ("the empty text", {"i": MATCH}, {"i": ""}),
    ("a text with quotes and a dot", {"i": MATCH}, {"i": 'a."b"'}),
    ("a text beyond ASCII", {"i": MATCH}, {"i": "ärger 😀"}),
    ("a text that is a number stays one", {"i": MATCH}, {"i": "1"}),
    ("zero", {"i": MATCH}, {"i": 0}),
    ("a negative number", {"i": MATCH}, {"i": -3}),
    ("a fraction", {"i": MATCH}, {"i": 0.5}),
    ("true", {"i": MATCH}, {"i": True}),
    ("false", {"i": MATCH}, {"i": False}),
    ("a value that is fixed", {"type": "row", "i": MATCH}, {"type": "row", "i": 1}),
    ("another value that is fixed", {"type": "row", "i": MATCH}, {"type": "cell", "i": 1}),
    ("a fixed number is no text", {"n": 1, "i": MATCH}, {"n": "1", "i": 1}),
    ("a fixed text is no number", {"n": "1", "i": MATCH}, {"n": 1, "i": 1}),
    ("a fixed true is no number", {"n": True, "i": MATCH}, {"n": 1, "i": 1}),
    ("a fixed number is no true", {"n": 1, "i": MATCH}, {"n": True, "i": 1}),
    ("a fixed false is no zero", {"n": False, "i": MATCH}, {"n": 0, "i": 1}),
    ("a fixed true", {"n": True, "i": MATCH}, {"n": True, "i": 1}),
    ("a fixed fraction", {"n": 0.5, "i": MATCH}, {"n": 0.5, "i": 1}),
    ("a fixed text in another case", {"type": "row", "i": MATCH}, {"type": "Row", "i": 1}),
    ("a key is missing", {"type": "row", "i": MATCH}, {"i": 1}),
    ("a key too many", {"i": MATCH}, {"type": "row", "i": 1}),
    ("another key", {"i": MATCH}, {"j": 1}),
    ("another key in place of one", {"type": "row", "i": MATCH}, {"type": "row", "j": 1}),
    ("a key that objects have", {"constructor": MATCH}, {"constructor": 1}),
    ("no key that objects have", {"toString": MATCH}, {"i": 1}),
    ("two MATCH", {"a": MATCH, "b": MATCH}, {"a": 1, "b": "x"}),
    ("two MATCH with the same value", {"a": MATCH, "b": MATCH}, {"a": 1, "b": 1}),
    ("ALL binds nothing", {"type": "row", "i": ALL}, {"type": "row", "i": 1}),
    ("ALLSMALLER binds nothing", {"type": "row", "i": ALLSMALLER}, {"type": "row", "i": 1}),
    ("ALL beside MATCH", {"a": MATCH, "b": ALL}, {"a": 1, "b": 2}),
    ("ALL beside another fixed value", {"type": "row", "i": ALL}, {"type": "cell", "i": 1}),
    ("wildcards alone", {"a": ALL, "b": MATCH, "c": ALLSMALLER}, {"a": 1, "b": True, "c": "x"}),
    ("a plain id", {"i": MATCH}, "row"),
    ("a plain id that looks like a list", {"i": ALL}, "[1]"),
    ("a plain id with a name that objects have", {"i": ALL}, "constructor"),
]


def _row(index: Any, type: str = "row") -> dict[str, Any]:
    return {"type": type, "i": index}


def _cell(row: Any, column: Any) -> dict[str, Any]:
    return {"row": row, "column": column}


_ROWS = [_row(1), _row(2), _row("a")]
_GRID = [_cell(row, column) for row in (2, 1) for column in ("a", "b")]
_OUT = Output("out", "children")
_EACH = Output(_row(MATCH, "out"), "children")
_OUTS = [_row(index, "out") for index in (1, 2, "a")]
_ORDER = [
    10,
    "9",
    2,
    -1,
    0.5,
    "1e1",
    "+3",
    "1_0",
    "0x10",
    " 7",
    "",
    "Infinity",
    "a",
    "B",
    "ä",
    "😀",
    "\uffff",
    True,
    False,
]

# name, (outputs, inputs, states), the ids on the page
INSTANCES: list[tuple[str, tuple[list[Output], list[Input], list[State]], list[Any]]] = [
    ("no wildcards", ([_OUT], [Input("a", "value")], [State(_row(1), "value")]), ["a", "out", _row(1)]),
    ("nothing at all", ([], [], []), ["a"]),
    ("MATCH", ([_EACH], [Input(_row(MATCH), "value")], []), _ROWS + _OUTS),
    ("MATCH in layout order of the outputs", ([_EACH], [Input(_row(MATCH), "value")], []), _ROWS + _OUTS[::-1]),
    ("MATCH on an empty page", ([_EACH], [Input(_row(MATCH), "value")], []), []),
    ("MATCH of outputs that are not there", ([_EACH], [Input(_row(MATCH), "value")], []), _ROWS),
    ("an input that is not there has its id", ([_EACH], [Input(_row(MATCH), "value")], []), _OUTS),
    (
        "a state that is not there has its id",
        ([_EACH], [Input("a", "value")], [State(_row(MATCH), "value")]),
        _OUTS[:1],
    ),
    ("1 and its text are two", ([_EACH], [Input(_row(MATCH), "value")], []), [_row(1, "out"), _row("1", "out")]),
    ("1 and true are two", ([_EACH], [Input(_row(MATCH), "value")], []), [_row(1, "out"), _row(True, "out")]),
    ("one prop in and out", ([Output(_row(MATCH), "value")], [Input(_row(MATCH), "value")], []), _ROWS),
    (
        "several outputs",
        ([_EACH, Output(_row(MATCH, "log"), "title")], [Input("a", "n")], []),
        [*_OUTS, _row(7, "log")],
    ),
    ("ALL", ([_OUT], [Input(_row(ALL), "value")], [State(_row(ALL), "label")]), [*_ROWS, "out"]),
    (
        "ALL in layout order",
        ([_OUT], [Input(_row(ALL), "value")], []),
        [_row(2), "out", _row("1"), _row(1), _row(True)],
    ),
    ("ALL of none", ([_OUT], [Input(_row(ALL), "value")], []), ["out", *_OUTS]),
    ("ALL outputs alone", ([Output(_row(ALL), "value")], [Input("a", "n_clicks")], []), [*_ROWS, "a"]),
    ("ALL outputs of none", ([Output(_row(ALL), "value")], [Input("a", "n_clicks")], []), ["a"]),
    ("ALL in and out", ([Output(_row(ALL), "value")], [Input(_row(ALL), "value")], []), _ROWS),
    ("ALL twice in one id", ([_OUT], [Input(_cell(ALL, ALL), "value")], []), _GRID),
    ("two MATCH", ([Output(_cell(MATCH, MATCH), "title")], [Input(_cell(MATCH, MATCH), "value")], []), _GRID),
    ("some of the MATCH keys", ([Output(_cell(MATCH, MATCH), "title")], [Input({"row": MATCH}, "n")], []), _GRID),
    ("ALL beside MATCH in an output", ([Output(_cell(MATCH, ALL), "title")], [Input({"row": MATCH}, "n")], []), _GRID),
    (
        "ALL beside MATCH in an input",
        ([Output({"row": MATCH}, "n")], [Input(_cell(MATCH, ALL), "v")], []),
        [*_GRID, {"row": 1}],
    ),
    (
        "the output with one component tells",
        ([Output(_cell(MATCH, ALL), "x"), Output({"row": MATCH}, "n")], [], []),
        [*_GRID, {"row": 3}, {"row": 2}],
    ),
    (
        "outputs with ALL beside MATCH: the first tells",
        ([Output(_cell(MATCH, ALL), "x"), Output({**_row(ALL), "row": MATCH}, "x")], [], []),
        [*_GRID, {**_row(7), "row": 1}, {**_row(7), "row": 3}],
    ),
    ("a fixed key beside MATCH", ([Output(_cell(1, MATCH), "title")], [Input(_cell(2, MATCH), "value")], []), _GRID),
    ("MATCH inputs with a fixed output", ([_OUT], [Input(_row(MATCH), "n")], [State(_row(MATCH, "out"), "x")]), _ROWS),
    ("MATCH inputs with no output", ([], [Input(_row(MATCH), "n")], []), _ROWS),
    (
        "MATCH inputs with ALL outputs",
        ([Output(_row(ALL, "out"), "x")], [Input(_row(MATCH), "n")], []),
        _ROWS + _OUTS[:2],
    ),
    (
        "MATCH inputs: the one with one component tells",
        ([_OUT], [Input(_cell(MATCH, ALL), "v"), Input({"row": MATCH}, "n")], []),
        [*_GRID, {"row": 2}],
    ),
    ("MATCH inputs: values once", ([_OUT], [Input(_cell(MATCH, ALL), "v")], []), _GRID),
    ("a fixed input beside a MATCH input", ([_OUT], [Input("a", "n"), Input(_row(MATCH), "n")], []), ["a", *_ROWS]),
    (
        "ALLSMALLER",
        ([_EACH], [Input(_row(MATCH), "value"), Input(_row(ALLSMALLER), "value")], []),
        [_row(3), _row(1), *_OUTS, _row(2)],
    ),
    (
        "ALLSMALLER as a state",
        ([_EACH], [Input(_row(MATCH), "value")], [State(_row(ALLSMALLER), "value")]),
        [*_OUTS[1:2], *_ROWS],
    ),
    ("ALLSMALLER of its own prop", ([Output(_row(MATCH), "v")], [Input(_row(ALLSMALLER), "v")], []), _ROWS),
    (
        "ALLSMALLER beside MATCH",
        ([Output(_cell(MATCH, MATCH), "v")], [Input(_cell(MATCH, ALLSMALLER), "v")], []),
        _GRID,
    ),
    (
        "ALLSMALLER beside ALL",
        ([Output({"row": MATCH}, "n")], [Input(_cell(ALLSMALLER, ALL), "v")], []),
        [{"row": 2}, *_GRID],
    ),
    (
        "ALLSMALLER: numbers, truth values, texts",
        ([_EACH], [Input(_row(ALLSMALLER), "v")], []),
        [*map(_row, _ORDER), *(_row(one, "out") for one in _ORDER[::3])],
    ),
    (
        "ids that only look like them",
        ([_OUT], [Input(_row(ALL), "value")], []),
        ["row", "out", {"type": "row"}, {**_row(1), "x": 1}],
    ),
]


def patterns() -> dict[str, list[dict[str, Any]]]:
    return {
        "match": [_matched(name, Input(pattern, "x"), id_text(id)) for name, pattern, id in MATCHES],
        "instances": [_resolved(name, sides, list(map(id_text, ids))) for name, sides, ids in INSTANCES],
    }


def _matched(name: str, pattern: Input, id: str) -> dict[str, Any]:
    parsed = parse_id(id)
    found = None if parsed is None else bind(pattern, parsed)
    return {"name": name, "pattern": pattern.spec[0], "id": id, "bindings": found}


_SIDES = ("outputs", "inputs", "state")


def _resolved(name: str, sides: tuple[Any, Any, Any], ids: list[str]) -> dict[str, Any]:
    spec = {side: [dependency.spec for dependency in given] for side, given in zip(_SIDES, sides, strict=True)}
    found = [dict(zip(_SIDES, instance, strict=True)) for instance in instances(*sides, ids)]
    return {"name": name, "spec": spec, "ids": ids, "instances": found}
