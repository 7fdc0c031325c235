"""What a callback is given, and what `ctx` says of its call: the same over both transports."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.behaviour.conftest import Form
from tests.behaviour.pages import Transport
from wscb import ALL, ALLSMALLER, MATCH, Input, Output, State, ctx, dcc, html, no_update

RUN, TITLE = Input("run", "n_clicks"), State("run", "title")
OUT, LOG = Output("out", "children"), Output("log", "children")


def seen() -> tuple[list[Any], Callable[..., Any]]:
    """A callback that keeps what it was given."""
    calls: list[Any] = []

    def work(*arguments: Any, **named: Any) -> Any:
        calls.append(named or arguments)
        return no_update

    return calls, work


DECLARED: dict[str, tuple[dict[str, Any], Any]] = {
    "flat": ({"inputs": [RUN], "state": [TITLE]}, (1, "t")),
    "one input": ({"inputs": RUN}, (1,)),
    "by name": ({"inputs": {"clicks": RUN, "title": TITLE}}, {"clicks": 1, "title": "t"}),
    "state by name": ({"inputs": {"clicks": RUN}, "state": {"title": TITLE}}, {"clicks": 1, "title": "t"}),
    "a tuple": ({"inputs": (RUN, TITLE)}, (1, "t")),
    "nested": (
        {"inputs": {"a": (RUN, {"b": TITLE}), "c": TITLE}},
        {"a": (1, {"b": "t"}), "c": "t"},
    ),
}


@pytest.mark.parametrize("name", DECLARED)
async def test_arguments(over: Transport, form: Form, name: str) -> None:
    declared, given = DECLARED[name]
    calls, work = seen()
    app = over.app()
    app.callback(output=OUT, **declared)(form(work))
    page = await over.page(app)
    page.props["run", "title"] = "t"
    assert (await page.run()).how == "no_update"
    assert calls == [given]


RETURNED: dict[str, tuple[Any, Any]] = {
    "one": (OUT, "o"),
    "a list": ([OUT, LOG], ["o", "l"]),
    "a list of one": ([OUT], ("o",)),
    "by name": ({"a": OUT, "b": LOG}, {"b": "l", "a": "o"}),
    "nested": ({"a": (OUT, LOG), "b": Output("run", "title")}, {"a": ["o", "l"], "b": "t"}),
}


@pytest.mark.parametrize("name", RETURNED)
async def test_outputs(over: Transport, form: Form, name: str) -> None:
    output, returned = RETURNED[name]
    app = over.app()
    app.callback(output=output, inputs=RUN)(form(lambda clicks: returned))
    page = await over.page(app)
    assert (await page.run()).how == "ok"
    assert page.props["out", "children"] == "o"
    assert page.props.get(("log", "children"), "l") == "l"
    assert page.props.get(("run", "title"), "t") == "t"


async def test_without_an_output(over: Transport, form: Form) -> None:
    calls, _ = seen()
    ended, _page = await over.result(form(lambda clicks: calls.append(clicks)), RUN)
    assert (ended.how, calls) == ("ok", [1])


async def test_without_an_input(over: Transport, form: Form) -> None:
    app = over.app()
    app.callback(OUT, State("run", "n_clicks"))(form(lambda clicks: f"{clicks}, {ctx.triggered_id}"))
    page = await over.page(app)
    page.props["run", "n_clicks"] = 3
    assert (await page.initially()).how == "ok"
    assert page.props["out", "children"] == "3, None"


async def test_with_neither(over: Transport, form: Form) -> None:
    calls: list[Any] = []
    app = over.app()
    app.callback()(form(lambda: calls.append(ctx.triggered)))
    assert (await (await over.page(app)).initially()).how == "ok"
    assert calls == [[{"prop_id": ".", "value": None}]]


# --------------------------------------------------------------------------------------------------------- ctx


TOLD = (
    *("triggered", "triggered_id", "triggered_prop_ids", "inputs", "states"),
    *("inputs_list", "states_list", "outputs_list", "args_grouping", "outputs_grouping"),
    *("using_args_grouping", "using_outputs_grouping"),
)


def told() -> dict[str, Any]:
    return {name: getattr(ctx, name) for name in TOLD}


async def test_ctx_of_plain_ids(over: Transport, form: Form) -> None:
    said: dict[str, Any] = {}
    app = over.app()
    app.callback(OUT, RUN, TITLE)(form(lambda clicks, title: said.update(told())))
    page = await over.page(app)
    page.props["run", "title"] = "t"
    await page.run()
    assert said["triggered"] == [{"prop_id": "run.n_clicks", "value": 1}]
    assert (said["triggered_id"], said["triggered_prop_ids"]) == ("run", {"run.n_clicks": "run"})
    assert (said["inputs"], said["states"]) == ({"run.n_clicks": 1}, {"run.title": "t"})
    assert said["inputs_list"] == [{"id": "run", "property": "n_clicks", "value": 1}]
    assert said["states_list"] == [{"id": "run", "property": "title", "value": "t"}]
    assert said["outputs_list"] == {"id": "out", "property": "children"}
    assert not said["using_args_grouping"]
    assert not said["using_outputs_grouping"]


async def test_groupings(over: Transport, form: Form) -> None:
    said: dict[str, Any] = {}
    app = over.app()
    app.callback(output={"o": OUT}, inputs={"a": (RUN, {"t": TITLE})})(form(lambda a: said.update(told()) or no_update))
    page = await over.page(app)
    await page.run()
    first, second = said["args_grouping"]["a"]
    assert (first.id, first.value, first.triggered) == ("run", 1, True)
    assert (second.t.property, second.t.triggered) == ("title", False)
    assert said["outputs_grouping"] == {"o": {"id": "out", "property": "children"}}
    assert said["using_args_grouping"]


async def test_several_that_trigger_one_call(over: Transport, form: Form) -> None:
    said: dict[str, Any] = {}
    app = over.app()
    app.callback(OUT, RUN, Input("run", "title"))(form(lambda *_: said.update(told())))
    page = await over.page(app)
    page.props["run", "n_clicks"], page.props["run", "title"] = 2, "t"
    (id,) = app.site().definition.callbacks
    await page.ended(await page.user.call(id, "run.title", "run.n_clicks"))
    assert [one["prop_id"] for one in said["triggered"]] == ["run.title", "run.n_clicks"]
    assert said["triggered_id"] == "run"


async def test_the_connection(over: Transport, form: Form) -> None:
    said: dict[str, Any] = {}

    def work(clicks: int) -> None:
        said.update(cookie=ctx.cookies.get("a"), who=ctx.headers.get("X-Who"), socket=ctx.websocket is not None)

    app = over.app()
    app.callback(RUN)(form(work))
    page = await over.page(app, headers={"x-who": "ann"}, cookies={"a": "b"})
    await page.run()
    assert said == {"cookie": "b", "who": "ann", "socket": over.kind == "socket"}


@pytest.mark.parametrize("over", ["http"], indirect=True)
async def test_headers_of_the_answer(over: Transport, form: Form) -> None:
    def work(clicks: int) -> Any:
        ctx.set_cookie("seen", "1", httponly=True)
        ctx.response.set_cookie("other", "2")
        ctx.response.append_header("X-One", "a")
        if clicks > 1:
            raise ValueError
        return no_update

    app = over.app()
    app.callback(OUT, RUN)(form(work))
    page = await over.page(app)
    for clicks, how in ((1, "no_update"), (2, "error")):
        (call,) = await page.change("run", "n_clicks", clicks)
        assert (await page.ended(call)).how == how
        answer = page.user.answers[call]  # type: ignore[attr-defined]
        assert [one.split("=")[0] for one in answer.headers.get_list("set-cookie")] == ["seen", "other"]
        assert answer.headers["x-one"] == "a"


@pytest.mark.parametrize("over", ["socket"], indirect=True)
async def test_over_the_socket_there_are_none(over: Transport, form: Form, caplog: pytest.LogCaptureFixture) -> None:
    ended, _ = await over.result(form(lambda clicks: ctx.set_cookie("a", "b")), RUN)
    assert ended.how == "error"
    assert "add a route of your own to app.server" in caplog.text


# --------------------------------------------------------------------------------------------------- patterns


def row(index: Any) -> dict[str, Any]:
    return {"type": "row", "index": index}


def rows(*indices: Any) -> list[Any]:
    return [
        html.Div([dcc.Input(id=row(index), value=f"v{index}"), html.P(id={**row(index), "type": "p"})])
        for index in indices
    ]


async def test_match_calls_the_one_instance(over: Transport, form: Form) -> None:
    said: dict[str, Any] = {}

    def work(value: Any, state: Any) -> str:
        said.update(told())
        return f"{value} {state}"

    app = over.app(*rows(1, 2))
    app.callback(Output({**row(MATCH), "type": "p"}, "children"), Input(row(MATCH), "value"), State(row(ALL), "value"))(
        form(work)
    )
    page = await over.page(app)
    ended = await page.run('{"index":2,"type":"row"}', "value", "new")
    assert ended.how == "ok"
    assert page.props['{"index":2,"type":"p"}', "children"] == "new ['v1', 'new']"
    assert said["triggered_id"] == row(2)
    assert said["triggered_id"].index == 2
    assert said["outputs_list"] == {"id": {"type": "p", "index": 2}, "property": "children"}
    assert [one["id"]["index"] for one in said["states_list"][0]] == [1, 2]
    assert [one.str_id for one in said["args_grouping"][1]] == ['{"index":1,"type":"row"}', '{"index":2,"type":"row"}']
    assert said["triggered"] == [{"prop_id": '{"index":2,"type":"row"}.value', "value": "new"}]


async def test_all_is_a_list(over: Transport, form: Form) -> None:
    calls, _ = seen()
    app = over.app(*rows("a", 2, True))
    app.callback(OUT, Input(row(ALL), "value"))(form(lambda values: calls.append(values) or ",".join(values)))
    page = await over.page(app)
    await page.run('{"index":true,"type":"row"}', "value", "x")
    assert calls == [["va", "v2", "x"]]
    assert page.props["out", "children"] == "va,v2,x"


async def test_what_is_done_to_a_list_is_not_seen_in_ctx(over: Transport, form: Form) -> None:
    def work(values: list[str]) -> str:
        values.append("more")
        return f"{len(ctx.args_grouping)} {len(ctx.inputs_list[0])}"

    app = over.app(*rows(1, 2))
    app.callback(OUT, Input(row(ALL), "value"))(form(work))
    page = await over.page(app)
    await page.run('{"index":1,"type":"row"}', "value", "x")
    assert page.props["out", "children"] == "2 2"


async def test_all_of_nothing(over: Transport, form: Form) -> None:
    app = over.app()
    app.callback(OUT, RUN, State(row(ALL), "value"), State({"other": ALL}, "value"))(form(lambda *given: repr(given)))
    page = await over.page(app)
    await page.run()
    assert page.props["out", "children"] == "(1, [], [])"


async def test_allsmaller(over: Transport, form: Form) -> None:
    app = over.app(*rows(3, 1, 2))
    output = Output({**row(MATCH), "type": "p"}, "children")
    app.callback(output, RUN, State(row(ALLSMALLER), "value"))(form(lambda clicks, values: ",".join(values)))
    page = await over.page(app)
    for call in await page.change("run", "n_clicks", 1):
        assert (await page.ended(call)).how == "ok"
    texts = {index: page.props[f'{{"index":{index},"type":"p"}}', "children"] for index in (1, 2, 3)}
    assert texts == {1: "", 2: "v1", 3: "v1,v2"}


ALL_P = Output({**row(ALL), "type": "p"}, "children")


@pytest.mark.parametrize(
    ("returned", "how", "written"),
    [
        (["x", "y"], "ok", ["x", "y"]),
        (("x", no_update), "ok", ["x", None]),
        (no_update, "no_update", [None, None]),
        ([no_update, no_update], "no_update", [None, None]),
        (["x"], "error", [None, None]),
        ("xy", "error", [None, None]),
        (None, "error", [None, None]),
    ],
)
async def test_an_output_with_all(
    over: Transport, form: Form, returned: Any, how: str, written: list[Any], caplog: pytest.LogCaptureFixture
) -> None:
    app = over.app(*rows(1, 2))
    app.callback(ALL_P, RUN)(form(lambda clicks: returned))
    page = await over.page(app)
    assert (await page.run()).how == how
    texts = [page.props.get((f'{{"index":{index},"type":"p"}}', "children")) for index in (1, 2)]
    assert texts == written
    assert ("which stands for 2 components in this call" in caplog.text) is (how == "error")


async def test_ids_that_no_page_can_have_do_not_run(over: Transport) -> None:
    ran: list[Any] = []
    app = over.app(*rows(1, 2))
    app.callback(Output({**row(MATCH), "type": "p"}, "children"), Input(row(MATCH), "value"))(ran.append)
    page = await over.page(app)
    (callback,) = app.site().definition.callbacks.values()
    wrong = (['{"index":1,"type":"p"}'], ['{"index":2,"type":"row"}'], [])
    ended = await page.ended(page.user._invoke(callback, (), wrong))
    assert (ended.how, ended.detail.code) == ("rejected", "wrong_arguments")
    assert "MATCH stands for 1 and for 2" in (ended.detail.message or "")
    assert ran == []
