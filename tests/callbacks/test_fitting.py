"""Which calls a page can make, and which no page makes."""

from __future__ import annotations

import time
from typing import Any

import pytest

from wscb.callbacks.declaration import Callback
from wscb.callbacks.dependencies import ALL, ALLSMALLER, MATCH, Dependency, Input, Output, State
from wscb.callbacks.fitting import mismatch
from wscb.callbacks.patterns import instances
from wscb.callbacks.registry import Registry
from wscb.components.base import id_text


def declared(*dependencies: Dependency) -> Callback:
    registry = Registry()
    registry.callback(*dependencies)(lambda *_: None)
    return next(iter(registry.callbacks.values()))


ROWS = declared(
    Output({"out": 1, "row": MATCH}, "x"),
    Input({"row": MATCH}, "x"),
    Input("a", "x"),
    State({"row": ALLSMALLER}, "x"),
    State({"any": ALL}, "x"),
)
OUTS, INS, STATES = ['{"out":1,"row":3}'], ['{"row":3}', None], [['{"row":1}', '{"row":"2"}'], []]
VALUES: tuple[list[Any], list[Any]] = ([0, 0], [[1, 2], []])


def test_a_call_that_a_page_can_make() -> None:
    assert mismatch(ROWS, (OUTS, INS, STATES), *VALUES) is None
    assert mismatch(ROWS, (OUTS, INS, [[], ['{"any":1}']]), [0, 0], [[], [None]]) is None


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({0: []}, "not one id, and one value, for each of 1"),
        ({1: INS[:1]}, "not one id, and one value, for each of 2"),
        ({3: [0]}, "not one id, and one value, for each of 2"),
        ({0: [None]}, '{"out":1,"row":["MATCH"]}.x: a list of ids instead of one, or the other way round'),
        ({0: [OUTS]}, '{"out":1,"row":["MATCH"]}.x: a list of ids instead of one, or the other way round'),
        ({2: ['{"row":1}', []]}, '{"row":["ALLSMALLER"]}.x: a list of ids instead of one, or the other way round'),
        ({2: [None, []]}, '{"row":["ALLSMALLER"]}.x: a list of ids instead of one, or the other way round'),
        ({1: ['{"row":3}', "a"]}, "a.x: an id for what has a fixed one"),
        ({0: ["out"]}, '{"out":1,"row":["MATCH"]}.x: out: another id'),
        ({0: ['{"out":1, "row":3}']}, '{"out":1,"row":["MATCH"]}.x: {"out":1, "row":3}: another id'),
        ({0: ['{"row":3}']}, '{"out":1,"row":["MATCH"]}.x: {"row":3}: another id'),
        ({1: ['{"row":4}', None]}, '{"row":["MATCH"]}.x: {"row":4}: MATCH stands for 3 and for 4 at \'row\''),
        ({2: [['{"row":3}'], []], 4: [[1], []]}, '{"row":["ALLSMALLER"]}.x: {"row":3}: 3 at \'row\' is not smaller'),
        ({2: [['{"row":1}'] * 2, []]}, '{"row":["ALLSMALLER"]}.x: an id twice'),
        ({4: [[1], []]}, '{"row":["ALLSMALLER"]}.x: not one value for each id'),
        ({4: ["ab", []]}, '{"row":["ALLSMALLER"]}.x: not one value for each id'),
    ],
)
def test_a_call_that_no_page_makes(changed: dict[int, Any], says: str) -> None:
    said = {**dict(enumerate([OUTS, INS, STATES, *VALUES])), **changed}
    assert mismatch(ROWS, (said[0], said[1], said[2]), said[3], said[4]) == says


def test_ids_are_said_of_callbacks_with_patterns_alone() -> None:
    plain = declared(Output("a", "x"), Input("b", "x"))
    assert mismatch(plain, None, [1], []) is None
    assert mismatch(plain, ([None], [None], []), [1], []) == "ids belong to callbacks with patterns"
    assert mismatch(ROWS, None, *VALUES) == "ids belong to callbacks with patterns"


def test_match_in_a_list_of_outputs_binds_one_value() -> None:
    grid = declared(Output({"row": MATCH, "column": ALL}, "x"), Input("a", "x"))
    cells = ['{"column":1,"row":1}', '{"column":2,"row":1}']
    assert mismatch(grid, ([cells], [None], []), [0], []) is None
    why = mismatch(grid, ([[*cells, '{"column":1,"row":2}']], [None], []), [0], [])
    assert why is not None
    assert why.endswith("MATCH stands for 1 and for 2 at 'row'")


def test_what_is_smaller_than_nothing() -> None:
    """An output list without an id binds nothing, so that nothing is smaller."""
    grid = declared(Output({"row": MATCH, "column": ALL}, "x"), Input({"row": ALLSMALLER}, "x"))
    assert mismatch(grid, ([[]], [[]], []), [[]], []) is None
    assert mismatch(grid, ([[]], [['{"row":1}']], []), [[1]], []) is not None


@pytest.mark.parametrize(
    "value", ["", "a b", 'qu"o\\te', "new\nline\x01\t", "ä😀\x7f", 0, -1, 12, 0.5, -1e-7, 1e300, 10**25, True, False]
)
def test_any_value_that_an_id_can_have(value: Any) -> None:
    each = declared(Output({"k.e'y": MATCH, "n": value}, "x"), Input({"k.e'y": MATCH}, "x"), State({"any": ALL}, "x"))
    ids = [id_text({"k.e'y": value, "n": value})], [id_text({"k.e'y": value})], [[id_text({"any": value})]]
    assert mismatch(each, ids, [0], [[0]]) is None
    other = id_text({"k.e'y": "other"})
    assert mismatch(each, (ids[0], [other], ids[2]), [0], [[0]]) is not None


@pytest.mark.parametrize(
    "written", ["null", "[1]", "{}", "01", "+1", "1.", ".5", '"a', "'a'", '"\\x"', '"\n"', "True", "NaN", "", "1,2"]
)
def test_what_no_id_has_as_a_value(written: str) -> None:
    every = declared(Output("a", "x"), Input({"i": ALL}, "x"))
    assert mismatch(every, ([None], [[f'{{"i":{written}}}']], []), [[0]], []) is not None


def test_each_instance_of_a_page_is_a_call_that_it_can_make() -> None:
    page = [id_text({"type": type, "i": i}) for type in ("out", "row", "log") for i in (1, 2.5, "1", "a", True)]
    page += [id_text({"row": row, "column": column}) for row in (1, "x") for column in (1, 2)]
    for callback in (
        ROWS,
        declared(Output({"type": "out", "i": MATCH}, "x"), Input({"type": "row", "i": ALLSMALLER}, "x")),
        declared(Output("a", "x"), Input({"type": "row", "i": MATCH}, "x"), State({"type": "log", "i": ALL}, "x")),
        declared(Output({"row": MATCH, "column": ALL}, "x"), Input({"row": MATCH, "column": 1}, "x")),
        declared(Output({"type": ALL, "i": ALL}, "x"), Input({"type": "row", "i": ALL}, "x")),
    ):
        for ids in instances(callback.outputs, callback.inputs, callback.state, page):
            inputs, state = ([[0] * len(one) if isinstance(one, list) else 0 for one in side] for side in ids[1:])
            assert mismatch(callback, ids, inputs, state) is None


def test_many_ids_take_a_moment() -> None:
    every = declared(Output("a", "x"), Input({"type": "row", "i": ALL}, "x"))
    ids = [f'{{"i":"{i}","type":"row"}}' for i in range(20_000)]
    began = time.process_time()
    assert mismatch(every, ([None], [ids], []), [[0] * len(ids)], []) is None
    assert mismatch(every, ([None], [[*ids[1:], '"' + "\\" * 1000]], []), [[0] * len(ids)], []) is not None
    assert time.process_time() - began < 1
