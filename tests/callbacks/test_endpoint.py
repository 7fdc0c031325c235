"""What programs call the inputs and states of a callback, and what its function says of them."""

from __future__ import annotations

import functools
from collections.abc import AsyncIterator, Callable, Generator
from typing import Any

import pytest

from tests.callbacks.calls import Recorder
from wscb.callbacks import ALL, MATCH, Callback, Input, Output, Registry, State, activate, ctx, get_prop
from wscb.callbacks.call import CallState
from wscb.callbacks.endpoint import NOTHING, Argument, arguments_of, returned_by
from wscb.callbacks.request import Request
from wscb.errors import DeclarationError, NeedsSocket

OUT, A, B = Output("out", "children"), Input("a", "value"), State("b", "value")


class Marker:
    """What `Depends(...)` is to us."""

    use_cache = True

    @staticmethod
    def dependency() -> None: ...


def declared(function: Callable[..., Any], *dependencies: Any, **options: Any) -> Callback:
    registry = Registry()
    registry.callback(*dependencies, api_endpoint="/x", **options)(function)
    (found,) = registry.callbacks.values()
    return found


def names(function: Callable[..., Any], *dependencies: Any, **options: Any) -> list[str]:
    return [one.name for one in arguments_of(declared(function, *dependencies, **options))]


def test_they_are_those_of_the_parameters() -> None:
    def work(first: int, second: list[str] = [], /) -> None: ...  # noqa: B006 - a default like another

    assert arguments_of(declared(work, OUT, A, B)) == [
        Argument("first", A, int, NOTHING),
        Argument("second", B, list[str], []),
    ]


def test_what_the_backend_fills_is_none_of_them() -> None:
    def work(user: Any = Marker(), first: int = 1, *, db: Any = Marker()) -> None: ...  # noqa: B008 - as Depends

    assert names(work, OUT, A) == ["first"]


def test_a_dict_has_its_keys_in_the_order_of_the_declaration() -> None:
    def work(last: int, first: Any, **rest: str) -> None: ...

    found = arguments_of(declared(work, OUT, inputs={"first": (A, B), "more": A}, state={"last": B}))
    assert found == [
        Argument("first", (A, B), Any, NOTHING),
        Argument("more", A, str),
        Argument("last", B, int, NOTHING),
    ]


def test_without_parameters_of_their_own_they_are_called_by_what_they_are() -> None:
    def work(first: Any, *rest: int) -> None: ...

    assert names(work, OUT, A, B, State("c", "title")) == ["first", "b.value", "c.title"]
    assert names(max, OUT, A, B) == ["a.value", "b.value"]
    assert names(lambda *rest: None, OUT, inputs=[{"k": A, "l": B}, A]) == ["a.value,b.value", "a.value"]
    assert arguments_of(declared(lambda *rest: None, OUT, A)) == [Argument("a.value", A)]


def test_a_decorator_that_keeps_the_parameters_hides_no_name() -> None:
    def plain(function: Callable[..., Any]) -> Callable[..., Any]:
        return functools.wraps(function)(lambda *args, **kwargs: function(*args, **kwargs))

    def with_user(function: Callable[..., Any]) -> Callable[..., Any]:
        return functools.wraps(function)(lambda *args, **kwargs: function("ada", *args, **kwargs))

    def work(first: int) -> str:
        return ""

    def work_of(user: str, first: int) -> str:
        return user

    assert names(plain(work), OUT, A) == ["first"]
    assert names(with_user(work_of), OUT, A) == ["a.value"]
    assert names(with_user(work_of), OUT, inputs={"first": A}) == ["first"]
    assert names(functools.partial(work_of, "ada"), OUT, A) == ["first"]


def test_what_it_returns_is_what_it_says() -> None:
    def said() -> list[int]:
        return []

    def unsaid():  # type: ignore[no-untyped-def]
        ...

    def nowhere() -> NotThere:  # type: ignore[name-defined]  # noqa: F821
        ...

    async def steps() -> AsyncIterator[int]:
        yield 1

    def parts() -> Generator[str, None, None]:
        yield ""

    def loose() -> Any:
        yield ""

    found = [returned_by(declared(one, OUT)) for one in (said, unsaid, nowhere, steps, parts, loose)]
    assert found == [list[int], NOTHING, NOTHING, int, str, NOTHING]
    assert returned_by(declared(max, OUT, A, B)) is NOTHING


@pytest.mark.parametrize("path", ["x", "", "/", "/x/", "/x//y", "/{x}", "/<x>", "/a b", "/..", "/x?y", 3, "/é"])
def test_a_path_is_one(path: Any) -> None:
    with pytest.raises(DeclarationError, match=r"test_a_path_is_one.* is no path\. It begins with a slash"):
        Registry().callback(OUT, A, api_endpoint=path)(lambda a: a)


@pytest.mark.parametrize("path", ["/_wscb", "/_wscb/x", "/assets", "/assets/x"])
def test_it_is_none_of_ours(path: str) -> None:
    with pytest.raises(
        DeclarationError, match=r"where wscb has its own routes: _wscb and assets\. Choose another path"
    ):
        Registry().callback(OUT, A, api_endpoint=path)(lambda a: a)


def test_a_task_has_none() -> None:
    with pytest.raises(DeclarationError, match="is persistent and has api_endpoint="):
        Registry().callback(OUT, persistent=True, api_endpoint="/x")(lambda: None)


@pytest.mark.parametrize("path", ["/x", "/api/x", "/api/v1.2/a-b_c~d", "/assets_of/x"])
def test_any_other_is_right(path: str) -> None:
    registry = Registry()
    registry.callback(OUT, A, api_endpoint=path)(lambda a: a)
    assert [one.api_endpoint for one in registry.callbacks.values()] == [path]


async def test_a_call_of_a_program_has_no_page() -> None:
    row, rows = {"type": "row", "index": MATCH}, {"type": "row", "index": ALL}
    callback = declared(lambda one, all: None, Output(row, "children"), Input(row, "n"), State(rows, "n"))
    recorder = Recorder("endpoint")
    with activate(CallState(callback, [1], [[2]], (), Request(), recorder)):
        assert ctx.inputs_list == [{"id": row, "property": "n", "value": 1}]
        assert ctx.states_list == [{"id": rows, "property": "n", "value": [2]}]
        assert ctx.outputs_list == {"id": row, "property": "children"}
        assert ctx.websocket is None
        assert not ctx.triggered
        ctx.response.set_header("x", "y")
        with pytest.raises(NeedsSocket, match=r"get_prop in .*: this call came to its api_endpoint"):
            await get_prop("a", "value")
    assert recorder.asked == []
