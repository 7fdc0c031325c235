"""From the arguments of @callback to a Callback."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from wscb.callbacks.declaration import Callback
from wscb.callbacks.dependencies import Input, Output, State
from wscb.callbacks.registry import Registry
from wscb.callbacks.signature import arguments
from wscb.errors import DeclarationError

A, B, S = Input("a", "value"), Input("b", "value"), State("s", "data")
X, Y = Output("x", "children"), Output("y", "children")


def anything(*args: Any, **kwargs: Any) -> None: ...


WHERE = f"anything ({__file__}:{anything.__code__.co_firstlineno})"


def declared(*dependencies: Any, function: Callable[..., Any] = anything, **options: Any) -> Callback:
    registry = Registry()
    registry.callback(*dependencies, **options)(function)
    return next(iter(registry.callbacks.values()))


def shape(callback: Callback) -> tuple[Any, ...]:
    return callback.outputs, callback.inputs, callback.state, callback.multi


@pytest.mark.parametrize(
    ("dependencies", "options", "found"),
    [
        ((X, A), {}, ((X,), (A,), (), False)),
        (([X], A), {}, ((X,), (A,), (), True)),
        ((X, Y, A, B, S), {}, ((X, Y), (A, B), (S,), True)),
        (([X, Y], [A, B], [S]), {}, ((X, Y), (A, B), (S,), True)),
        (((X, Y), (A,), (S,)), {}, ((X, Y), (A,), (S,), True)),
        ((X, S, A), {}, ((X,), (A,), (S,), False)),
        ((A,), {}, ((), (A,), (), True)),
        ((), {}, ((), (), (), True)),
        ((X,), {"inputs": [A]}, ((X,), (A,), (), False)),
        ((X, [A]), {"state": [S]}, ((X,), (A,), (S,), False)),
        ((A,), {"output": [X]}, ((X,), (A,), (), True)),
        ((), {"output": X, "inputs": A, "state": S}, ((X,), (A,), (S,), False)),
        ((), {"output": {"x": X, "y": Y}, "inputs": {"a": A}}, ((X, Y), (A,), (), True)),
        ((), {"inputs": [A], "state": [S]}, ((), (A,), (S,), True)),
        ((), {"state": {"s": S}}, ((), (), (S,), True)),
        ((), {"inputs": {"a": A}, "state": {"s": S}}, ((), (A,), (S,), True)),
        (({"x": X, "y": [Y]}, {"a": A}), {}, ((X, Y), (A,), (), True)),
        ((X, [[A, B], S]), {}, ((X,), (A, B), (S,), False)),
        ((X, {}), {}, ((X,), (), (), False)),
    ],
)
def test_the_forms_in_which_dependencies_are_given(dependencies: Any, options: Any, found: Any) -> None:
    assert shape(declared(*dependencies, **options)) == found


@pytest.mark.parametrize(
    ("dependencies", "options", "found"),
    [
        ((X, A), {}, (("a",), {})),
        ((X, [A]), {}, (("a",), {})),
        ((X, A, S), {}, (("a", "s"), {})),
        ((X, [A], [S]), {}, (("a", "s"), {})),
        ((X, S, A), {}, (("s", "a"), {})),
        ((X, {"one": A, "two": [B, S]}), {}, ((), {"one": "a", "two": ("b", "s")})),
        ((X, {"one": A}, S), {}, (({"one": "a"}, "s"), {})),
        ((X, [[A, B], S]), {}, ((("a", "b"), "s"), {})),
        ((X, [[A, B]]), {}, (("a", "b"), {})),
        ((), {"inputs": A}, (("a",), {})),
        ((), {"inputs": [A, (B, {"s": S})]}, (("a", ("b", {"s": "s"})), {})),
        ((), {"inputs": {"deep": {"er": [A, B]}}, "state": {"s": S}}, ((), {"deep": {"er": ("a", "b")}, "s": "s"})),
    ],
)
def test_what_the_function_is_called_with(dependencies: Any, options: Any, found: Any) -> None:
    callback = declared(*dependencies, **options)
    values = {"a.value": "a", "b.value": "b", "s.data": "s"}
    inputs = [values[str(input)] for input in callback.inputs]
    assert arguments(callback, inputs, ["s"] * len(callback.state)) == found


def test_a_last_argument_prevents_the_initial_call() -> None:
    assert declared(X, A, True).prevent_initial_call is True
    assert declared(X, A, False).prevent_initial_call is False
    assert declared(X, A).prevent_initial_call is None


def test_a_single_triple_of_running_needs_no_list() -> None:
    assert declared(A, running=(X, True, False)).running == ((X, True, False),)


def test_it_knows_the_common_call_from_the_others() -> None:
    assert declared(X, A, S).plain
    assert declared(inputs=[A, B], state=S).plain
    assert not declared(X, S, A).plain
    assert not declared(X, inputs={"a": A}).plain


@pytest.mark.parametrize(
    ("dependencies", "options", "says"),
    [
        ((X, A, Y), {}, "has an Output after an Input or State. Put all Outputs first"),
        ((X, "a"), {}, r"found 'a'. Write Output\(\"a\", \"children\"\), or what it is to be"),
        ((X, "a.value"), {}, r'Write Output\("a", "value"\), or what it is to be'),
        ((X, Input), {}, r'found <class .*Input.>. Write Input\("my-id", "children"\)'),
        ((X, len), {}, "found <built-in function len>. A function of the page is given to clientside_callback"),
        ((X, 3), {}, r"expected Output or Input or State, and found 3\.$"),
        ((X,), {"output": Y}, r"has output= and, by position, Output\('x', 'children'\). Say it in one"),
        ((A, S), {"inputs": B}, r"has inputs= and, by position, Input\('a', 'value'\), State\('s', 'data'\)"),
        ((), {"output": A}, r"expected Output, and found Input\('a', 'value'\)"),
        ((), {"inputs": [X]}, "expected Input or State, and found Output"),
        ((), {"state": {"a": A}}, "expected State, and found Input"),
        ((), {"inputs": {1: A}}, r"the keys of the dict inputs= are names, and \[1\] are not"),
        ((), {"inputs": {"a": A}, "state": {"a": S}}, r"inputs= and state= both have \['a'\]"),
        ((), {"inputs": {"a": A}, "state": [S]}, "one is a dict. Make both dicts, or neither"),
        ((), {"inputs": [A], "state": {"s": S}}, "one is a dict. Make both dicts, or neither"),
        ((A,), {"cancel": "stop"}, "cancel= takes Inputs, and found 'stop'"),
        ((A,), {"cancel": [B, X]}, "cancel= takes Inputs, and found Output"),
        ((A,), {"running": [(X, True)]}, r"running= takes a list of triples .* and found \(Output"),
        ((A,), {"running": (X, True)}, r"running= takes a list of triples .* and found Output"),
        ((X, {"a": A}), {"state": [S]}, "one is a dict. Make both dicts, or neither"),
        ((X, {1: A}), {}, r"the keys of the dict are names, and \[1\] are not"),
        (([X, A], Y), {}, "has an Output after an Input or State"),
        (({"x": X, "a": A},), {}, "has an Output after an Input or State"),
        ((A,), {"running": [(A, 1, 0)]}, "running= takes a list of triples"),
        ((A,), {"running": X}, "running= takes a list of triples .* and found Output"),
    ],
)
def test_a_wrong_declaration_names_the_function_its_file_and_line(dependencies: Any, options: Any, says: str) -> None:
    with pytest.raises(DeclarationError, match=says) as raised:
        declared(*dependencies, **options)
    assert str(raised.value).startswith(WHERE)


def test_only_a_function_can_be_decorated() -> None:
    with pytest.raises(DeclarationError, match="decorates a function, and was given 5"):
        Registry().callback(A)(5)  # type: ignore[type-var]


def test_options_stand_in_the_callback() -> None:
    callback = declared(
        X,
        A,
        websocket=True,
        prevent_initial_call=True,
        cancel=[B],
        running=[(Output("run", "disabled"), True, False)],
        on_error=print,
        on_repeat="queue",
        retry=True,
    )
    assert callback.websocket
    assert callback.prevent_initial_call is True
    assert callback.cancel == (B,)
    assert [(r.output, r.on, r.off) for r in callback.running] == [(Output("run", "disabled"), True, False)]
    assert callback.on_error is print
    assert callback.on_repeat == "queue"
    assert callback.retry


@pytest.mark.parametrize("choice", [None, True, False, "initial_duplicate"])
def test_the_initial_call_is_the_authors_choice(choice: Any) -> None:
    assert declared(X, A, prevent_initial_call=choice).prevent_initial_call == choice


def test_the_parameters_of_the_function_are_checked() -> None:
    with pytest.raises(DeclarationError, match="missing a required argument"):
        declared(X, A, function=lambda a, b: None)


def test_one_input_can_cancel_without_a_list() -> None:
    assert declared(A, cancel=B).cancel == (B,)


def test_a_persistent_task_without_inputs_may_have_outputs() -> None:
    callback = declared(X, persistent=True)
    assert callback.persistent
    assert callback.outputs == (X,)


def test_ids_derive_from_outputs_inputs_and_states() -> None:
    assert declared(X, A).id == "x.children|a.value"
    assert declared(X, Y, A, B, S).id == "x.children,y.children|a.value,b.value|s.data"


def test_where_dependencies_need_not_be_unique_the_function_is_in_the_id() -> None:
    assert declared(A).id == f"|a.value#{__name__}.anything"
    assert declared(persistent=True).id == f"|#{__name__}.anything"
    assert declared(Output("x", "children", allow_duplicate=True), A).id == f"x.children|a.value#{__name__}.anything"


def test_a_callable_object_has_an_id_too() -> None:
    class Job:
        def __call__(self) -> None: ...

    assert declared(function=Job(), persistent=True).id.endswith("Job")


def test_a_long_id_is_shortened_and_still_its_own() -> None:
    many = [Input(f"component-{i}", "value") for i in range(100)]
    one, other = declared(X, *many).id, declared(X, *many[:-1]).id
    assert one != other
    assert len(one) == len(other) < 300
    assert one.startswith("x.children|component-0.value,component-1.value")
    assert declared(X, *many).id == one
