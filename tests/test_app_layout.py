"""What a layout may be, and when it is made."""

from __future__ import annotations

import threading
from typing import Any

import httpx
import pytest

from wscb import App, Element, Input, Output, html
from wscb.errors import DeclarationError, DuplicateId


def echo(value: Any) -> Any:
    return value


def test_an_app_has_a_layout() -> None:
    with pytest.raises(DeclarationError, match=r"Set app.layout"):
        App(__name__).build()


async def test_a_layout_may_be_a_list() -> None:
    app = App(__name__)
    app.layout = [html.Div(id="a"), html.Div(id="b")]
    definition = app.build()
    assert set(definition.catalog) == {"a", "b"}
    assert await definition.layout() is app.layout


async def test_a_function_is_called_for_each_load_and_off_the_loop() -> None:
    app = App(__name__)
    threads: list[int] = []

    def layout() -> html.Div:
        threads.append(threading.get_ident())
        return html.Div(f"load {len(threads)}")

    app.layout = layout
    definition = app.build()
    assert threads == []
    assert [(await definition.layout()).children for _ in range(2)] == ["load 1", "load 2"]
    assert threading.get_ident() not in threads


async def test_a_coroutine_function_is_called_on_it() -> None:
    app = App(__name__)

    async def layout() -> html.Div:
        return html.Div(str(threading.get_ident()))

    app.layout = layout
    assert (await app.build().layout()).children == str(threading.get_ident())


async def test_an_object_whose_call_is_async_is_one_too() -> None:
    class Layout:
        async def __call__(self) -> html.Div:
            return html.Div("called")

    app = App(__name__)
    app.layout = Layout()
    assert (await app.build().layout()).children == "called"


def test_the_ids_of_a_function_are_not_known() -> None:
    app = App(__name__)
    app.layout = lambda: html.Div()
    app.callback(Output("later", "children"), Input("later", "n_clicks_of_mine"))(echo)
    assert app.build().catalog == {}


@pytest.mark.parametrize(
    ("layout", "said"),
    [
        (html.Div, r"test_app_layout.py:\d+ is <class .*>. That is the class and not a component: call it, as in Div"),
        ({"a": 1}, "A dict is not a child"),
        ([html.Div(), [html.Div()]], "A list inside of the list"),
    ],
)
def test_a_layout_that_is_none(layout: Any, said: str) -> None:
    app = App(__name__)
    app.layout = layout
    with pytest.raises(DeclarationError, match=said):
        app.build()


@pytest.mark.parametrize("layout", [Element("x-own"), [Element("x-own"), "text", 3, None], "text"])
def test_a_layout_that_is_one(layout: Any) -> None:
    app = App(__name__)
    app.layout = layout
    app.build()


@pytest.mark.parametrize("returned", [None, html.Div, {"a": 1}])
async def test_a_function_that_makes_none(returned: Any) -> None:
    async def made() -> Any:
        return returned

    for layout in (lambda: returned, made):
        app = App(__name__)
        app.layout = layout
        with pytest.raises(DeclarationError, match=r"test_app_layout.py:\d+\), which makes the layout, returned "):
            await app.build().layout()


def test_two_components_with_one_id() -> None:
    app = App(__name__)
    app.layout = [html.Div(id="same"), html.Div(html.Div(id="same"))]
    with pytest.raises(DuplicateId, match="same"):
        app.build()


@pytest.mark.parametrize("suppress", [False, True])
async def test_a_wrong_id_in_a_layout_function_is_said_once(suppress: bool, caplog: pytest.LogCaptureFixture) -> None:
    app = App(__name__, suppress_callback_exceptions=suppress)
    app.layout = lambda: html.Div([html.P(id="city"), html.P(id="out")])

    @app.callback(Output("out", "children"), Input("citty", "children"))
    def show(city: str) -> str:
        return city

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app.server), base_url="http://test") as client:
        for _ in range(2):
            assert (await client.get("/")).status_code == 200
    said = [record.getMessage() for record in caplog.records if "citty" in record.getMessage()]
    assert len(said) == (0 if suppress else 1)
    assert suppress or "Did you mean 'city'?" in said[0]


async def test_a_layout_that_fails_shows_a_reference(caplog: pytest.LogCaptureFixture) -> None:
    app = App(__name__)

    def layout() -> html.Div:
        raise ValueError("the password is 1234")

    app.layout = layout
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app.server), base_url="http://test") as client:
        answer = await client.get("/")
    assert answer.status_code == 500
    assert "1234" not in answer.text
    assert answer.text.rstrip(".").split()[-1] in caplog.text
    assert "1234" in caplog.text
