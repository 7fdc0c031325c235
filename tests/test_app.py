"""`App`: its arguments, and what building it finds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI

from tests.server.apps import app_with
from wscb import App, Dash, Input, Limits, Output, callback, html
from wscb.callbacks.registry import GLOBAL
from wscb.errors import CircularCallbacks, DeclarationError, DuplicateOutput, UnknownId, UnknownProp
from wscb.server import Backend, Mount
from wscb.server.http import HttpRequest
from wscb.server.socket import Handshake
from wscb.testing import User

RUN = Input("run", "n_clicks")
OUT = Output("out", "children")


def echo(value: Any) -> Any:
    return value


# ------------------------------------------------------------------------------------------------- arguments


@pytest.mark.parametrize(
    ("app", "theme"),
    [
        (App(), ""),
        (App(theme="dark"), ' data-theme="dark"'),
        (Dash(), ' data-theme="light"'),  # which style sheets that are written for Dash take for granted
        (Dash(theme="auto"), ""),
    ],
)
async def test_a_page_may_be_light_or_dark_for_all(app: App, theme: str) -> None:
    app.layout = html.Div()
    app.index_string = "<html><body>{%app_entry%}{%config%}{%scripts%}</body></html>"
    request = HttpRequest("GET", "", Handshake())
    assert (
        f'<div id="wscb-root" data-wscb-state="connecting"{theme}></div>'
        in (await app.site().respond(request)).body.decode()
    )


def test_a_theme_that_there_is_not() -> None:
    with pytest.raises(ValueError, match="theme='blue': it is one of 'auto', 'light', 'dark'"):
        App(theme="blue")  # type: ignore[arg-type]


@pytest.mark.parametrize("prefix", ["", "dash", "dash/", "/dash"])
def test_a_prefix_begins_and_ends_with_a_slash(prefix: str) -> None:
    with pytest.raises(ValueError, match="begins and ends with a slash"):
        App(url_base_pathname=prefix)


@pytest.mark.parametrize("name", ["django", "FastAPI", ""])
def test_an_unknown_backend_lists_those_known(name: str) -> None:
    with pytest.raises(ValueError, match=f"backend='{name}' is not known. Known ones: 'fastapi'"):
        App(backend=name)


def test_a_backend_that_contradicts_the_server() -> None:
    with pytest.raises(ValueError, match="backend='quart' contradicts server=, which is a FastAPI app"):
        App(backend="quart", server=FastAPI())


@pytest.mark.parametrize("server", [object(), "fastapi", type("FastAPI", (), {})(), FastAPI])
def test_a_server_of_another_kind(server: Any) -> None:
    with pytest.raises(ValueError, match="not an app that wscb can be mounted in") as raised:
        App(server=server)
    assert "fastapi" in str(raised.value)


def test_a_server_may_be_of_a_class_of_the_users_own() -> None:
    class Mine(FastAPI):
        pass

    server = Mine()
    assert App(server=server, backend="fastapi").server is server


def test_a_backend_may_be_a_class() -> None:
    mounted: list[str] = []

    class Own(Backend):
        name = "own"

        def mount(self, mount: Mount) -> None:
            mounted.append(mount.prefix)

    app = App(backend=Own, server="mine", url_base_pathname="/x/")
    assert (app.server, mounted) == ("mine", ["/x/"])


@pytest.mark.parametrize("path", ["", "/", "_wscb/x", "assets", "{id}", "<id>"])
def test_a_health_endpoint_is_a_fixed_path_of_its_own(path: str) -> None:
    with pytest.raises(ValueError, match="health_endpoint"):
        App(health_endpoint=path)


@pytest.mark.parametrize("path", ["health", "/health", "a/b"])
def test_it_is_below_the_prefix(path: str) -> None:
    assert app_with(health_endpoint=path).build().health == path.lstrip("/")


def test_times_are_milliseconds_as_in_dash() -> None:
    app = app_with(websocket_inactivity_timeout=1500, websocket_heartbeat_interval=2500, websocket_max_workers=3)
    limits = app.build().limits
    assert (limits.inactivity_seconds, limits.heartbeat_seconds, limits.workers) == (1.5, 2.5, 3)


def test_they_stand_beside_other_limits() -> None:
    limits = app_with(limits=Limits(sessions=5), websocket_max_workers=3).build().limits
    assert (limits.sessions, limits.workers, limits.inactivity_seconds) == (5, 3, None)


@pytest.mark.parametrize(
    "wrong",
    [{"websocket_inactivity_timeout": 0}, {"websocket_heartbeat_interval": -1}, {"websocket_max_workers": 0}],
)
def test_numbers_that_make_no_sense(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="above 0"):
        App(**wrong)


def test_origins_that_are_none() -> None:
    with pytest.raises(DeclarationError):
        App(websocket_allowed_origins="http://a.example")


def test_assets_lie_beside_the_module() -> None:
    assert App(__name__)._look.assets is not None
    assert str(App(__name__)._look.assets) == __file__.replace("test_app.py", "assets")


def test_without_a_module_they_lie_in_the_working_directory(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert App("no.such.module")._look.assets == tmp_path / "assets"


def test_the_title_may_be_set_later() -> None:
    app = app_with(title="First")
    app.title = "Second"
    assert app.build().look.title == "Second"


# ------------------------------------------------------------------------------------------------- callbacks


@pytest.fixture
def clean_global() -> Iterator[None]:
    yield
    GLOBAL._callbacks.clear()


@pytest.mark.usefixtures("clean_global")
async def test_global_callbacks_are_those_of_the_app() -> None:
    app = app_with()

    @callback(OUT, RUN, websocket=True)
    async def work(clicks: int) -> int:
        return clicks

    async with User(app) as user:  # over the socket, before any request
        (call,) = await user.set("run", "n_clicks", 4)
        assert await user.settled(call) == "ok"
        assert user.props["out", "children"] == 4
    assert not GLOBAL.callbacks


def test_the_table_is_closed_when_it_is_built() -> None:
    app = app_with()
    app.build()
    with pytest.raises(DeclarationError, match="registered after the app was built"):
        app.callback(OUT, RUN)(echo)


def test_it_can_be_built_again() -> None:
    app = app_with()
    app.callback(OUT, RUN)(echo)
    assert app.build().build == app.build().build


def test_every_callback_may_use_the_socket() -> None:
    app = app_with(websocket_callbacks=True)
    app.callback(OUT, RUN)(echo)
    assert [spec["socket"] for spec in app.build().specs] == [True]


def test_initial_calls_may_be_prevented_for_all() -> None:
    app = app_with(prevent_initial_callbacks=True)
    app.callback(OUT, RUN)(echo)
    app.callback(Output("log", "children"), RUN, prevent_initial_call=False)(echo)
    assert [spec["initial"] for spec in app.build().specs] == [False, True]


def test_tasks_without_inputs_are_started_by_the_server() -> None:
    app = app_with()

    @app.callback(persistent=True)
    async def stream() -> None: ...

    app.callback(OUT, RUN)(echo)
    definition = app.build()
    (task,) = definition.tasks
    assert definition.rules[task].task
    assert [rule.task for id, rule in definition.rules.items() if id != task] == [False]


def test_a_rule_says_how_many_values_and_what_a_repeat_does() -> None:
    app = app_with()
    app.callback(OUT, [RUN, Input("log", "n_clicks")], on_repeat="queue", websocket=True)(lambda a, b: a)
    ((_, rule),) = app.build().rules.items()
    assert (rule.inputs, rule.state, rule.on_repeat) == (2, 0, "queue")


def test_an_unknown_id_names_one_that_is_near() -> None:
    app = app_with()
    app.callback(Output("outt", "children"), RUN)(echo)
    with pytest.raises(UnknownId, match="Did you mean 'out'") as raised:
        app.build()
    assert f"echo ({__file__}:" in str(raised.value)


def test_an_unknown_prop_names_one_that_is_near() -> None:
    app = app_with()
    app.callback(Output("out", "childern"), RUN)(echo)
    with pytest.raises(UnknownProp, match="'children'"):
        app.build()


def test_what_comes_later_may_be_unknown() -> None:
    app = app_with(suppress_callback_exceptions=True)
    app.callback(Output("later", "children"), RUN)(echo)
    assert app.build().specs


def test_two_callbacks_for_one_output_are_both_named() -> None:
    app = app_with()

    @app.callback(OUT, RUN)
    def first(clicks: int) -> int:
        return clicks

    @app.callback(OUT, Input("log", "n_clicks"))
    def second(clicks: int) -> int:
        return clicks

    with pytest.raises(DuplicateOutput, match=r"out\.children") as raised:
        app.build()
    assert "first" in str(raised.value)
    assert "second" in str(raised.value)


def test_a_circle_is_drawn() -> None:
    app = app_with()
    app.callback(Output("out", "children"), Input("log", "children"))(echo)
    app.callback(Output("log", "children"), Input("out", "children"))(echo)
    with pytest.raises(CircularCallbacks, match=r"(out|log)\.children → (out|log)\.children"):
        app.build()


async def test_a_site_is_made_anew_on_another_loop() -> None:
    import asyncio

    app = app_with()
    here = app.site()

    def elsewhere() -> object:
        async def get() -> object:
            return app.site()

        return asyncio.run(get())

    assert await asyncio.to_thread(elsewhere) is not here


def test_a_prefix_is_a_fixed_path() -> None:
    with pytest.raises(ValueError, match="fixed path"):
        App(__name__, url_base_pathname="/{name}/")


def test_debug_is_left_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[bool] = []
    app = App(__name__)
    app.layout = html.Div()
    monkeypatch.setattr("wscb.server.running.child", lambda: "a child")
    monkeypatch.setattr("wscb.server.running.serve", lambda *_: served.append(app.debug))
    app.debug = True
    app.run()
    app.run(debug=False)
    assert served == [True, False]


def test_what_runs_in_the_page_is_told_to_it_and_not_run_here() -> None:
    app = App(__name__)
    app.layout = [html.Button(id="a"), html.Div(id="x")]
    app.clientside_callback("(n) => n", Output("x", "children"), Input("a", "n_clicks"))
    definition = app.build()
    assert [spec["clientside"]["namespace"] for spec in definition.specs] == ["_inline"]
    assert definition.callbacks == definition.rules == {}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"use_pages": True}, "dcc.Location"),
        ({"background_callback_manager": object(), "long_callback_manager": None}, "websocket=True"),
        ({"titel": "x"}, "Did you mean title=?"),
    ],
)
def test_an_argument_that_it_does_not_take_says_what_to_write_instead(arguments: dict[str, Any], says: str) -> None:
    with pytest.raises(DeclarationError) as raised:
        App(__name__, **arguments)
    assert says in str(raised.value)
    assert __file__ in str(raised.value)
    assert all(f"{name}=" in str(raised.value) for name in arguments)
