"""From flat values to arguments, and from what was returned to flat changes."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from typing import Any

import pytest

from wscb.callbacks.declaration import Callback
from wscb.callbacks.dependencies import ALL, MATCH, Input, Output, State
from wscb.callbacks.registry import Registry
from wscb.callbacks.signature import arguments, flatten, no_update
from wscb.errors import DeclarationError, ReturnMismatch

A, B, S = Input("a", "value"), Input("b", "value"), State("s", "data")
X, Y = Output("x", "children"), Output("y", "children")


def declared(*dependencies: Any, function: Callable[..., Any] = lambda *_, **__: None, **options: Any) -> Callback:
    registry = Registry()
    registry.callback(*dependencies, **options)(function)
    return next(iter(registry.callbacks.values()))


@pytest.mark.parametrize(
    ("dependencies", "options", "args", "kwargs"),
    [
        ((X, A, B, S), {}, (1, 2, 3), {}),
        ((X, A, S, B), {}, (1, 3, 2), {}),
        ((X, [A, B], [S]), {}, (1, 2, 3), {}),
        ((), {"inputs": [A, B], "state": S}, (1, 2, 3), {}),
        ((), {"inputs": {"n": A, "rest": (S, B)}}, (), {"n": 1, "rest": (3, 2)}),
        ((), {"inputs": {"n": A, "m": B}, "state": {"s": S}}, (), {"n": 1, "m": 2, "s": 3}),
        ((), {"inputs": [(A, B), S]}, ((1, 2), 3), {}),
    ],
)
def test_arguments(dependencies: Any, options: Any, args: Any, kwargs: Any) -> None:
    assert arguments(declared(*dependencies, **options), [1, 2], [3]) == (args, kwargs)


def test_a_single_input_is_the_one_argument() -> None:
    assert arguments(declared(inputs=A), ["v"], []) == (("v",), {})


def test_a_callback_without_dependencies_is_called_with_nothing() -> None:
    assert arguments(declared(), [], []) == ((), {})


@pytest.mark.parametrize(
    ("output", "returned", "flat"),
    [
        (X, 5, [("x", "children", 5)]),
        (X, None, [("x", "children", None)]),
        (X, [1, 2], [("x", "children", [1, 2])]),
        (X, no_update, []),
        ([X], (5,), [("x", "children", 5)]),
        ([X, Y], (5, None), [("x", "children", 5), ("y", "children", None)]),
        ([X, Y], [no_update, 6], [("y", "children", 6)]),
        ([X, Y], no_update, []),
        ({"x": X, "y": Y}, {"y": 6, "x": no_update}, [("y", "children", 6)]),
        ({"group": (X, Y)}, {"group": [1, 2]}, [("x", "children", 1), ("y", "children", 2)]),
        ({"group": (X, Y)}, {"group": no_update}, []),
        (None, None, []),
        (None, no_update, []),
    ],
)
def test_flatten(output: Any, returned: Any, flat: Any) -> None:
    assert flatten(declared(output=output), returned) == flat


ROW, EVERY, CELLS = Output({"i": MATCH}, "x"), Output({"i": ALL}, "y"), Output({"i": MATCH, "j": ALL}, "z")


@pytest.mark.parametrize(
    ("output", "ids", "returned", "flat"),
    [
        (ROW, ['{"i":1}'], 5, [('{"i":1}', "x", 5)]),
        (EVERY, [["r", "s"]], (5, None), [("r", "y", 5), ("s", "y", None)]),
        (EVERY, [["r", "s"]], [no_update, 6], [("s", "y", 6)]),
        (EVERY, [["r", "s"]], no_update, []),
        (EVERY, [[]], [], []),
        ([X, EVERY], [None, ["r"]], [1, [2]], [("x", "children", 1), ("r", "y", 2)]),
        ({"one": ROW, "all": (CELLS,)}, ["r", ["c"]], {"all": [["v"]], "one": 1}, [("r", "x", 1), ("c", "z", "v")]),
    ],
)
def test_what_is_returned_goes_to_what_the_outputs_stand_for(output: Any, ids: Any, returned: Any, flat: Any) -> None:
    assert flatten(declared(output=output), returned, ids) == flat


@pytest.mark.parametrize(
    ("output", "returned", "says"),
    [
        (EVERY, 5, r'returned one int for the output {"i":\["ALL"\]}.y, which stands for 2 components in this call'),
        (EVERY, None, "returned None for the output"),
        (EVERY, "ab", "returned one str for the output"),
        (
            EVERY,
            [1],
            "returned 1 value for the output .* Return a list of as many values, in the order of",
        ),
        ([EVERY], [[1, 2, 3]], r"returned 3 values at \[0\] for the output"),
    ],
)
def test_a_pattern_with_all_is_returned_as_a_list_of_as_many(output: Any, returned: Any, says: str) -> None:
    with pytest.raises(ReturnMismatch, match=says):
        flatten(declared(output=output), returned, [["r", "s"]])


def test_a_dict_id_is_text_in_what_flatten_gives() -> None:
    callback = declared(Output({"type": "t", "index": 1}, "value"))
    assert flatten(callback, 5) == [('{"index":1,"type":"t"}', "value", 5)]


@pytest.mark.parametrize(
    ("output", "returned", "says"),
    [
        (
            [X, Y],
            (1, 2, 3),
            r"returned 3 values, and it has 2 outputs: x\.children, y\.children\. Return a list or tuple",
        ),
        ([X, Y], 5, "returned one int, and it has 2 outputs"),
        ([X, Y], "ab", "returned one str"),
        ([X, Y], None, "returned None, and it has 2 outputs"),
        (None, 5, "returned one int, and it has no output. Return nothing, or declare an Output"),
        ({"x": X}, 5, "returned one int, and its outputs are a dict with .'x'."),
        ({"x": X}, {"z": 1}, "returned a dict with .'z'., and its outputs are a dict with .'x'."),
        ({"g": {"x": X}}, {"g": {}}, r"returned a dict with \[\] at \['g'\]"),
        ([(X, Y)], [[1]], r"returned 1 value at \[0\]"),
    ],
)
def test_another_shape_than_the_outputs_is_an_error_that_names_the_callback(
    output: Any, returned: Any, says: str
) -> None:
    callback = declared(output=output)
    with pytest.raises(ReturnMismatch, match=says) as raised:
        flatten(callback, returned)
    assert str(raised.value).startswith(callback.where)


def test_there_is_one_no_update() -> None:
    assert repr(no_update) == "no_update"
    assert copy.deepcopy(no_update) is no_update
    assert pickle.loads(pickle.dumps(no_update)) is no_update


def two(a: int, b: int) -> None: ...
def optional(a: int, b: int = 0) -> None: ...
def any_number(*values: int) -> None: ...
def by_name(*, n: int) -> None: ...


@pytest.mark.parametrize(
    ("function", "dependencies", "options"),
    [
        (two, (X, A, S), {}),
        (optional, (X, A), {}),
        (optional, (X, A, B), {}),
        (any_number, (X, A, B, S), {}),
        (by_name, (), {"inputs": {"n": A}}),
        (print, (X, A), {}),
        (dict, (X, A), {}),  # tells no signature
    ],
)
def test_a_function_that_can_be_called_is_accepted(function: Any, dependencies: Any, options: Any) -> None:
    assert declared(*dependencies, function=function, **options).function is function


@pytest.mark.parametrize(
    ("function", "dependencies", "options", "says"),
    [
        (two, (X, A), {}, r"called with 1 argument \(a\.value\): missing a required argument: 'b'"),
        (two, (X, A, B, S), {}, r"called with 3 arguments \(a\.value, b\.value, s\.data\): too many positional"),
        (two, (), {}, r"called with 0 arguments \(no Input or State\)"),
        (by_name, (), {"inputs": {"m": A}}, "'n'"),
    ],
)
def test_a_function_that_cannot_be_called_is_refused(function: Any, dependencies: Any, options: Any, says: str) -> None:
    with pytest.raises(DeclarationError, match=says) as raised:
        declared(*dependencies, function=function, **options)
    assert str(raised.value).startswith(f"{function.__name__} ({__file__}:{function.__code__.co_firstlineno}) has the")


def test_a_decorator_may_add_arguments() -> None:
    import functools

    @functools.wraps(two)
    def with_one_more(a: int) -> None:
        two(a, 2)

    assert declared(X, A, function=with_one_more).name == "two"
