"""Callbacks that run in the page."""

from __future__ import annotations

from typing import Any

import pytest

from wscb.callbacks.clientside import ClientsideFunction
from wscb.callbacks.declaration import Callback
from wscb.callbacks.dependencies import ALL, MATCH, Input, Output, State
from wscb.callbacks.registry import GLOBAL, Registry, clientside_callback
from wscb.errors import DeclarationError, DuplicateOutput, UsageError

A, B, S = Input("a", "value"), Input("b", "value"), State("s", "data")
X, Y = Output("x", "children"), Output("y", "children")
SHOW = ClientsideFunction("shop", "show")
SOURCE = "(a) => a + 1"


def declared(*arguments: Any, **options: Any) -> Callback:
    registry = Registry()
    registry.clientside_callback(*arguments, **options)
    return next(iter(registry.callbacks.values()))


def refusal(*arguments: Any, **options: Any) -> str:
    with pytest.raises(DeclarationError) as raised:
        declared(*arguments, **options)
    return str(raised.value)


def test_a_function_of_a_file() -> None:
    registry = Registry()
    registry.clientside_callback(SHOW, X, A, S, prevent_initial_call=True)
    registry.complete(None, every_socket=True)
    assert registry.specs() == [
        {
            "id": "x.children|a.value|s.data",
            "outputs": [["x", "children"]],
            "inputs": [["a", "value"]],
            "state": [["s", "data"]],
            "initial": False,
            "socket": False,
            "clientside": {"namespace": "shop", "name": "show"},
        }
    ]
    assert registry.clientside_sources == {}


def test_a_function_whose_source_is_given() -> None:
    registry = Registry()
    registry.clientside_callback(SOURCE, [X], [A], optional=True)
    registry.clientside_callback(SHOW, Y, A)
    first, second = registry.specs()
    name = first["clientside"]["name"]
    assert first["clientside"] == {"namespace": "_inline", "name": name, "multi": True}
    assert first["optional"] is True
    assert registry.clientside_sources == {name: SOURCE}
    assert len(name) == 16
    assert "multi" not in second["clientside"]
    assert declared("other", X, A).clientside != declared(SOURCE, X, A).clientside == declared(SOURCE, Y, A).clientside


@pytest.mark.parametrize("dependencies", [(A,), (), (X,), ([X, Y], A), (X, A, True)])
def test_shapes(dependencies: Any) -> None:
    callback = declared(SHOW, *dependencies)
    assert callback.clientside is SHOW
    assert callback.inputs == ((A,) if A in dependencies else ())
    assert callback.prevent_initial_call is (True if True in dependencies else None)


def test_patterns() -> None:
    assert declared(SHOW, Output({"i": MATCH}, "x"), Input({"i": MATCH}, "y"), State({"j": ALL}, "z")).patterns
    assert "has MATCH at 'i'" in refusal(SHOW, X, A, State({"i": MATCH}, "z"))


def test_two_of_one_output_are_told_apart_by_their_functions() -> None:
    shared = Output("x", "children", allow_duplicate=True)
    assert declared(SHOW, shared, A).id == "x.children|a.value#wscb.callbacks.clientside.shop.show"


def test_messages_name_the_line_of_the_declaration() -> None:
    callback = declared(SHOW, X, A)
    assert callback.where.startswith(f"shop.show ({__file__}:")
    assert declared(SOURCE, X, A).where.startswith(f"clientside function ({__file__}:")


def test_no_server_calls_it() -> None:
    with pytest.raises(UsageError, match="runs in the page"):
        declared(SHOW, X, A).function(1)


def test_it_is_checked_with_all_others() -> None:
    registry = Registry()
    registry.clientside_callback(SHOW, X, A)
    registry.callback(X, B)(lambda _: None)
    with pytest.raises(DuplicateOutput, match=r"shop\.show \(.*\) and .*both have the output x\.children"):
        registry.complete(None)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((None, X, A), "clientside_callback takes first a ClientsideFunction(namespace, name) or the source of a"),
        (("  ", X, A), "and was given '  '"),
        ((SHOW, X, {"a": A}), "takes its values by position, Inputs first, and in no group"),
        ((SHOW, X, [[A, B], S]), "takes its values by position"),
        ((SHOW, X, S, A), "takes its values by position, Inputs first"),
        ((SHOW, {"x": X}, A), "returns one value, or a list of one for each Output"),
        ((SHOW, [[X, Y], Output("z", "x")], A), "returns one value, or a list"),
        ((SHOW, X, "a"), "expected Output or Input or State, and found 'a'"),
    ],
)
def test_what_a_function_in_the_page_cannot_have(arguments: Any, says: str) -> None:
    text = refusal(*arguments)
    assert says in text
    assert f"{__file__}:" in text


@pytest.mark.parametrize(
    ("namespace", "name", "says"),
    [
        ("", "f", "are names, strings that are not empty"),
        ("n", "", "are names"),
        (3, "f", "are names"),
        ("no_update", "f", "that namespace is taken"),
        ("_inline", "f", "that namespace is taken"),
    ],
)
def test_names_in_the_page(namespace: Any, name: str, says: str) -> None:
    with pytest.raises(DeclarationError, match=says):
        ClientsideFunction(namespace, name)


def test_the_module_has_its_own() -> None:
    assert clientside_callback.__self__ is GLOBAL  # type: ignore[attr-defined]
