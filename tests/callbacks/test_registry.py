"""The table of callbacks: what goes in, what the page and the server read out."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from wscb.callbacks.dependencies import ALL, MATCH, Input, Output, State
from wscb.callbacks.registry import GLOBAL, Callback, Registry, callback
from wscb.errors import DeclarationError, UnknownId

A, S = Input("a", "value"), State("s", "data")
X, Y = Output("x", "children"), Output("y", "children")


def anything(*_: Any) -> None: ...
def other(*_: Any) -> None: ...


@pytest.fixture
def registry() -> Registry:
    return Registry()


def test_the_decorated_function_stays_what_it_is(registry: Registry) -> None:
    assert registry.callback(X, A)(anything) is anything
    assert [found.function for found in registry.callbacks.values()] == [anything]


def test_callbacks_stand_by_id_and_cannot_be_written_to(registry: Registry) -> None:
    registry.callback(X, A)(anything)
    view = registry.callbacks
    assert list(view) == ["x.children|a.value"]
    assert view["x.children|a.value"].id == "x.children|a.value"
    with pytest.raises(TypeError):
        view["x"] = view["x.children|a.value"]  # type: ignore[index]


def test_the_decorator_needs_parentheses(registry: Registry) -> None:
    with pytest.raises(DeclarationError, match=rf"anything \({__file__}:\d+\): @callback needs parentheses"):
        registry.callback(anything)


def test_equal_ids_are_told_apart(registry: Registry) -> None:
    for _ in range(3):
        registry.callback(A)(anything)
    registry.callback(A)(other)
    base = f"|a.value#{__name__}"
    assert list(registry.callbacks) == [f"{base}.anything", f"{base}.anything~2", f"{base}.anything~3", f"{base}.other"]
    assert [found.id for found in registry.callbacks.values()] == list(registry.callbacks)


def test_an_app_takes_over_what_the_module_level_decorator_registered(registry: Registry) -> None:
    assert callback.__self__ is GLOBAL  # type: ignore[attr-defined]
    registry.callback(A)(anything)
    source = Registry()
    source.callback(A)(anything)
    source.callback(X, A)(other)
    registry.absorb(source)
    assert not source.callbacks
    assert [found.function for found in registry.callbacks.values()] == [anything, anything, other]
    assert len({found.id for found in registry.callbacks.values()}) == 3


def test_nothing_is_registered_after_it_is_complete(registry: Registry) -> None:
    registry.complete(None)
    with pytest.raises(DeclarationError, match=r"anything .* is registered after the app was built"):
        registry.callback(A)(anything)
    assert not registry.callbacks


def test_completing_checks_against_the_layout(registry: Registry) -> None:
    registry.callback(X, A)(anything)
    with pytest.raises(UnknownId):
        registry.complete({})
    registry.callback(Y, A)(other)  # a refused table stays open
    registry.complete({}, suppress=True)
    registry.complete(None)
    registry.complete({"x": None, "y": None, "a": None})


def test_the_apps_defaults_reach_what_did_not_choose(registry: Registry) -> None:
    registry.callback(X, A)(anything)
    registry.callback(Y, A, prevent_initial_call=False)(anything)
    view = registry.callbacks
    registry.complete(None, every_socket=True, prevent_initial=True)
    assert [found.socket for found in view.values()] == [True, True]
    assert [found.prevent_initial_call for found in view.values()] == [True, False]
    assert [spec["initial"] for spec in registry.specs()] == [False, True]


def test_every_socket_lets_plain_callbacks_yield(registry: Registry) -> None:
    @registry.callback(X, A)
    def yields(_: Any) -> Iterator[int]:
        yield 1

    with pytest.raises(DeclarationError, match="yields, which needs the page's socket"):
        registry.complete(None)
    registry.complete(None, every_socket=True)


def test_the_spec_of_a_plain_callback(registry: Registry) -> None:
    registry.callback(X, A, S)(anything)
    registry.complete(None)
    assert registry.specs() == [
        {
            "id": "x.children|a.value|s.data",
            "outputs": [["x", "children"]],
            "inputs": [["a", "value"]],
            "state": [["s", "data"]],
            "initial": True,
            "socket": False,
        }
    ]


def test_the_spec_of_a_callback_with_all_options(registry: Registry) -> None:
    registry.callback(
        [X, Y],
        Input({"type": "t", "index": 1}, "n_clicks"),
        websocket=True,
        prevent_initial_call=True,
        cancel=[Input("stop", "n_clicks")],
        running=[(Output("run", "disabled"), True, False)],
        on_repeat="ignore",
        retry=True,
    )(anything)
    assert registry.specs() == [
        {
            "id": 'x.children,y.children|{"index":1,"type":"t"}.n_clicks',
            "outputs": [["x", "children"], ["y", "children"]],
            "inputs": [['{"index":1,"type":"t"}', "n_clicks"]],
            "state": [],
            "initial": False,
            "socket": True,
            "cancel": [["stop", "n_clicks"]],
            "running": [["run", "disabled", True, False]],
            "on_repeat": "ignore",
            "retry": True,
        }
    ]


def test_the_spec_of_a_callback_with_patterns(registry: Registry) -> None:
    each, every = {"type": "t", "i": MATCH}, {"type": "t", "i": ALL}
    registry.callback(
        Output(each, "children"),
        Input(every, "value"),
        State(each, "data"),
        cancel=Input(each, "n_clicks"),
        running=[(Output(every, "disabled"), True, False)],
    )(anything)
    (spec,) = registry.specs()
    assert (
        spec["id"]
        == '{"i":["MATCH"],"type":"t"}.children|{"i":["ALL"],"type":"t"}.value|{"i":["MATCH"],"type":"t"}.data'
    )
    assert spec["outputs"] == [[{"i": ["MATCH"], "type": "t"}, "children"]]
    assert spec["inputs"] == [[{"i": ["ALL"], "type": "t"}, "value"]]
    assert spec["state"] == [[{"i": ["MATCH"], "type": "t"}, "data"]]
    assert spec["cancel"] == [[{"i": ["MATCH"], "type": "t"}, "n_clicks"]]
    assert spec["running"] == [[{"i": ["ALL"], "type": "t"}, "disabled", True, False]]
    assert spec["patterns"] is True
    registry.complete({})


@pytest.mark.parametrize(
    "options",
    [{"cancel": [Input({"i": ALL}, "n_clicks")]}, {"running": [(Output({"i": ALL}, "disabled"), True, False)]}],
)
def test_the_page_is_told_of_patterns_wherever_they_are(registry: Registry, options: Any) -> None:
    registry.callback(X, A, **options)(anything)
    assert registry.specs()[0]["patterns"] is True
    assert not next(iter(registry.callbacks.values())).patterns


def test_the_page_is_told_what_may_be_missing(registry: Registry) -> None:
    registry.callback(X, A, S, optional=True)(anything)
    registry.callback(Y, A, Input("b", "value", allow_optional=True), State("s", "data", True))(anything)
    first, second = registry.specs()
    assert (first["optional"], first["inputs"], first["state"]) == (True, [["a", "value"]], [["s", "data"]])
    assert "optional" not in second
    assert second["inputs"] == [["a", "value"], ["b", "value", True]]
    assert second["state"] == [["s", "data", True]]


def test_the_spec_of_a_persistent_task(registry: Registry) -> None:
    registry.callback(persistent=True)(anything)
    (spec,) = registry.specs()
    assert spec["persistent"] is True
    assert spec["socket"] is True
    assert spec["initial"] is False
    assert spec["outputs"] == spec["inputs"] == spec["state"] == []


def test_a_task_with_inputs_starts_with_their_values_unless_told_otherwise(registry: Registry) -> None:
    registry.callback(X, A, persistent=True)(anything)
    registry.callback(Y, A, persistent=True, prevent_initial_call=True)(anything)
    assert [(spec["persistent"], spec["initial"]) for spec in registry.specs()] == [(True, True), (True, False)]


def test_a_shared_output_may_ask_for_its_initial_call(registry: Registry) -> None:
    registry.callback(Output("x", "children", True), A, prevent_initial_call="initial_duplicate")(anything)
    registry.complete(None)
    assert registry.specs()[0]["initial"] is True


def build(*declared: tuple[Any, dict[str, Any]], extra: str = "1.0") -> str:
    registry = Registry()
    for dependencies, options in declared:
        registry.callback(*dependencies, **options)(anything)
    registry.complete(None)
    return registry.build_hash(extra)


def test_the_build_is_the_same_in_any_order_of_declaration() -> None:
    one, two = ((X, A), {}), ((Y, A), {})
    assert build(one, two) == build(two, one)
    assert len(build(one)) == 16
    assert int(build(one), 16) >= 0


@pytest.mark.parametrize(
    "changed",
    [
        ((Y, A), {}),
        ((X, Input("a", "n")), {}),
        ((X, A, S), {}),
        (([X, Y], A), {}),
        ((X, A), {"websocket": True}),
        ((X, A), {"prevent_initial_call": True}),
        ((X, A), {"on_repeat": "queue", "websocket": True}),
        ((X, A), {"retry": True}),
        ((X, A), {"cancel": Input("stop", "n_clicks")}),
        ((X, A), {"running": [(Y, True, False)]}),
    ],
)
def test_the_build_changes_with_any_declaration(changed: Any) -> None:
    assert build(changed) != build(((X, A), {}))


def test_the_build_changes_with_the_versions() -> None:
    assert build(((X, A), {})) != build(((X, A), {}), extra="1.1")


def test_the_values_of_running_are_not_in_the_build() -> None:
    assert build(((X, A), {"running": [(Y, object(), 0)]})) == build(((X, A), {"running": [(Y, 2, 3)]}))


def test_the_build_is_the_same_in_another_process() -> None:
    code = """
from wscb.callbacks import Input, Output, Registry
registry = Registry()
registry.callback(Output("x", "children"), Input({"b": 1, "a": 2}, "value"), websocket=True)(lambda _: None)
print(registry.build_hash("1.0"))
"""
    runs = [
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1] != ""


def test_who_has_a_check_takes_over_all_or_none() -> None:
    seen: list[str] = []

    def check(callback: Callback) -> None:
        seen.append(callback.id)
        if callback.websocket:
            raise DeclarationError("not here")

    theirs, ours = Registry(), Registry(check)
    theirs.callback(Output("a", "children"), Input("x", "value"))(lambda value: value)
    theirs.callback(Output("b", "children"), Input("x", "value"), websocket=True)(lambda value: value)
    with pytest.raises(DeclarationError, match="not here"):
        ours.absorb(theirs)
    assert (len(ours.callbacks), len(theirs.callbacks), len(seen)) == (0, 2, 2)
    with pytest.raises(DeclarationError, match="not here"):
        ours.callback(Output("b", "children"), Input("x", "value"), persistent=True, websocket=True)(
            lambda value: value
        )


@pytest.mark.parametrize(
    ("arguments", "advice"),
    [
        (
            {"background": True, "manager": None},
            r"background=, manager=, .*\. A callback over the socket .*websocket=True\.$",
        ),
        ({"progress": [X]}, r"progress=, which it does not take\. What it shows meanwhile is set_props"),
        ({"on_repeats": "queue"}, r"on_repeats=, which it does not take\. Did you mean on_repeat=\?$"),
        ({"quux": 1}, r"Leave out quux\.$"),
    ],
)
def test_an_argument_that_it_does_not_take_says_what_to_write_instead(
    registry: Registry, arguments: dict[str, Any], advice: str
) -> None:
    with pytest.raises(DeclarationError, match=rf"^The callback at {__file__}:\d+ has .*{advice}"):
        registry.callback(X, A, **arguments)


@pytest.mark.parametrize(
    ("arguments", "advice"),
    [({"websocket": True}, "websocket=.*The page calls it itself"), ({"output_": X}, "Did you mean output=")],
)
def test_nor_does_a_function_of_the_page(registry: Registry, arguments: dict[str, Any], advice: str) -> None:
    with pytest.raises(DeclarationError, match=rf"^The clientside callback at {__file__}:\d+ has .*{advice}"):
        registry.clientside_callback("(a) => a", X, A, **arguments)
