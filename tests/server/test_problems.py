"""What a page could not do: who wrote it, what is near, what to do; and that it is said once."""

from __future__ import annotations

import pytest

from tests.server import troubles
from tests.server.apps import app_with
from tests.server.asgi_app import browser, call, post
from tests.server.troubles import problem, ran, writing
from wscb import App, Input, Output, State, dcc, html, set_props
from wscb.errors import GetPropFailed, GetPropTimeout, NotOnPage
from wscb.server import problems as module
from wscb.server.definition import Definition
from wscb.server.problems import SAID, WRITERS, Problems

BY_HTTP = "out.children|run.n_clicks"


def explained(app: App, **changes: str) -> str:
    return str(app.site().definition.problems.explain(problem(**changes)))


async def test_a_component_that_is_nowhere_names_who_wrote_and_what_is_near() -> None:
    app = writing()
    await ran(app)
    said = explained(app)
    assert said.startswith(f"writing.by_http ({troubles.__file__}:")
    assert "It writes to nmae.value. The page has no component 'nmae'. Did you mean 'name'?" in said
    assert "insert it first" in said


async def test_one_that_was_there_is_no_typing_error() -> None:
    said = explained(writing(), component="name")
    assert said.startswith("It writes to name.value. 'name' is not on the page now")
    assert "Did you mean" not in said


async def test_a_patch_that_does_not_fit_names_who_sent_it() -> None:
    app = writing()
    await ran(app)
    said = explained(app, code="invalid_patch", component="name", message='append at ["a"]')
    assert said.startswith(f"writing.by_socket ({troubles.__file__}:")
    assert 'A Patch for name.value does not fit the value that the page has (append at ["a"])' in said
    assert "Assign a whole value first" in said


async def test_what_a_callback_reads_and_is_not_there() -> None:
    app = writing()
    said = explained(app, code="missing_input", message=BY_HTTP)
    assert said.startswith(f"writing.by_http ({troubles.__file__}:")
    assert "It reads nmae.value. The page has no component 'nmae'. Did you mean 'name'?" in said
    assert "allow_optional=True" in said
    assert explained(app, code="missing_input", message="gone").startswith("It reads")


async def test_one_of_several_that_a_callback_writes_and_is_not_there() -> None:
    said = explained(writing(), code="missing_input", component="out", prop="children", message=BY_HTTP)
    assert "It writes to out.children. 'out' is not on the page now" in said
    assert "make a callback of its own" in said


async def test_of_anything_else_the_pages_words_are_kept() -> None:
    said = explained(app_with(), code="refused_prop", prop="src", message="javascript: is refused")
    assert said == "nmae.src: javascript: is refused (refused_prop)"


async def test_several_may_write_there() -> None:
    app = app_with(suppress_callback_exceptions=True)
    for _ in range(5):
        app.callback(
            Output("nmae", "value", allow_duplicate=True), Input("run", "n_clicks"), prevent_initial_call=True
        )(lambda clicks: clicks)
    for id in app.build().callbacks:
        await post(app, call(id, [1]))
    assert explained(app).count(__file__) == 3


async def test_ids_of_a_layout_that_is_a_function_are_those_of_the_last_page() -> None:
    app = App(__name__)
    app.layout = lambda: html.Div(dcc.Input(id="name"))
    assert "Did you mean" not in explained(app)
    async with browser(app.server) as client:
        await client.get("/")
    assert "Did you mean 'name'?" in explained(app)
    assert "is not on the page now" in explained(app, component="name")


async def test_ids_that_callbacks_name_are_near_too() -> None:
    app = app_with(suppress_callback_exceptions=True)
    app.callback(Output("out", "children"), Input("run", "n_clicks"), State("later", "value"))(lambda a, b: a)
    assert "Did you mean 'later'?" in explained(app, component="latter")


def test_writes_outside_of_a_callback_have_no_writer() -> None:
    definition = app_with().build()
    definition.encode("nmae", {"value": 1})
    assert definition.problems.explain(problem()).callback == ""


async def test_no_more_places_are_kept_than_a_bound() -> None:
    app = app_with()

    @app.callback(Input("run", "n_clicks"))
    def work(clicks: int) -> None:
        for number in range(WRITERS + 10):
            set_props(f"made-{number}", {"children": 1})

    await post(app, call(next(iter(app.build().callbacks)), [1]))
    known = app.site().definition.problems
    assert len(known._writers) == WRITERS
    assert "work" in str(known.explain(problem(component=f"made-{WRITERS}", prop="children")))
    assert "work" not in str(known.explain(problem(component="made-0", prop="children")))


def test_what_stays_is_said_once_a_minute(
    definition: Definition, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    now = [100.0]
    monkeypatch.setattr(module, "monotonic", lambda: now[0])
    for at in (100, 101, 159, 161, 162):
        now[0] = at
        definition.problems.note(problem(), "session abc")
    definition.problems.note(problem(prop="other"), "session abc")
    first, again, other = [record.getMessage() for record in caplog.records]
    assert first.startswith("session abc: problem: not_on_page: It writes to nmae.value.")
    assert again == f"{first} (2 times more meanwhile)"
    assert "nmae.other" in other


def test_no_more_is_remembered_than_a_bound(definition: Definition) -> None:
    for number in range(SAID + 10):
        definition.problems.note(problem(prop=f"p{number}"), "x")
    assert len(definition.problems._said) == SAID


@pytest.fixture
def definition() -> Definition:
    return app_with().build()


def test_what_a_page_tells_stays_on_its_line(definition: Definition, caplog: pytest.LogCaptureFixture) -> None:
    hostile = "x\nERROR forged"
    for code in ("not_on_page", "missing_input", "invalid_patch", hostile):
        definition.problems.note(problem(code=code, component=hostile, prop=hostile, message=hostile), "a page")
    assert len(caplog.records) == 4
    assert all(record.getMessage().isprintable() for record in caplog.records)
    assert "Größe" in str(definition.problems.explain(problem(component="Größe")))


@pytest.mark.parametrize(
    ("error", "kind", "said"),
    [
        ("not_on_page", NotOnPage, "the question: The page has no component 'lgo'. Did you mean 'log'?"),
        ("timeout", GetPropTimeout, "the question: the page did not answer in time"),
        ("odd", GetPropFailed, "the question: odd"),
    ],
)
def test_what_get_prop_raises(definition: Definition, error: str, kind: type[Exception], said: str) -> None:
    raised = definition.problems.unanswered(error, "lgo", "the question")
    assert type(raised) is kind
    assert str(raised).startswith(said)


def test_without_callbacks_and_a_layout_there_is_nothing_near() -> None:
    assert Problems({}, ()).near("x") == ""
