"""Apps whose calls are written down while a real page makes them.

    def test_a_chain(behave):
        app = behave.app()
        app.layout = [dcc.Input(id="a", value="x"), html.P(id="b")]

        @app.on(Output("b", "children"), Input("a", "value"))
        def first(a): return f"b({a})"

        page = app.open()
        page.called("first('x')")
        page.fill("a", "y")
        page.called("first('y') by a.value")
        page.shows(b="b(y)")

`called` takes all calls since it was last asked, in their order; those in a list may come in any order. It waits until
nothing runs any more, neither here nor in the page, so a call too many is found too. All apps of a run are served by
one server in this process: what a callback waits for is in the test's own hands (`hold`, `release`).
"""

from __future__ import annotations

import difflib
import functools
import inspect
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import aclosing, contextmanager
from pprint import pformat
from typing import Any

import uvicorn
from playwright.sync_api import Page
from serving import HOST, free_port

from wscb import App, ctx, dcc, html

WITHIN = 10.0
BUSY = "calls are running"
ERRORS = "[...document.querySelectorAll('.wscb-error')]"
INITIALLY = [{"prop_id": ".", "value": None}]

Sought = str | list[str]

LATER = {"prevent_initial_call": True}


def dom(id: str | dict[str, Any]) -> str:
    """The DOM id of a component."""
    return id if isinstance(id, str) else json.dumps(id, sort_keys=True, separators=(",", ":"))


def at(id: str | dict[str, Any]) -> str:
    return f"[id={json.dumps(dom(id))}]"


def paragraphs(ids: str) -> list[Any]:
    """One for each letter, its text the letter and a nought."""
    return [html.P(f"{id}0", id=id) for id in ids]


def buttons(*names: str) -> list[Any]:
    return [html.Button(name, id=name) for name in names]


def its(i: Any) -> dict[str, Any]:
    """The id of an item."""
    return {"t": "in", "i": i}


def item(i: Any) -> Any:
    return dcc.Input(id=its(i), value=f"v{i}")


def by(*ids: dict[str, Any], prop: str = "value") -> str:
    """What is told of a call that these components triggered."""
    return " by " + " ".join(f"{dom(id)}.{prop}" for id in ids)


class Trace:
    """What was called, and how many of the calls still run."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._calls: list[str] = []
        self._taken = 0
        self._running = 0
        self._released: set[str] = set()

    @contextmanager
    def call(self, text: str) -> Iterator[None]:
        with self._changed:
            self._calls.append(text)
            self._running += 1
            self._changed.notify_all()
        try:
            yield
        finally:
            with self._changed:
                self._running -= 1
                self._changed.notify_all()

    def hold(self, name: str) -> None:
        deadline = time.monotonic() + WITHIN
        with self._changed:
            # Nobody notifies of a cancellation.
            while name not in self._released and not ctx.cancelled:
                self._changed.wait(0.05)
                assert time.monotonic() < deadline, f"{name} was never released"

    def release(self, name: str) -> None:
        with self._changed:
            self._released.add(name)
            self._changed.notify_all()

    def begun(self, count: int) -> bool:
        """Whether there are as many calls as this, running ones among them, that were not taken yet."""
        with self._changed:
            return len(self._calls) - self._taken >= count

    def still(self, count: int) -> bool:
        with self._changed:
            return not self._running and len(self._calls) - self._taken >= count

    def take(self) -> list[str]:
        with self._changed:
            new = self._calls[self._taken :]
            self._taken = len(self._calls)
            return new


def story(name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
    """A call in one line; and that what `ctx` says of it is of one piece."""
    values = [repr(value) for value in args] + [f"{key}={value!r}" for key, value in kwargs.items()]
    said = f"{name}({', '.join(values)})"
    keys = [entry["prop_id"] for entry in ctx.triggered]
    if not ctx.triggered:
        assert (ctx.triggered, ctx.triggered_id, ctx.triggered_prop_ids) == (INITIALLY, None, {})
        return said
    ids = [key.rpartition(".")[0] for key in keys]
    assert dom(ctx.triggered_id) == ids[0]
    assert [dom(id) for id in ctx.triggered_prop_ids.values()] == ids
    assert ctx.triggered == [{"prop_id": key, "value": ctx.inputs[key]} for key in keys]
    return f"{said} by {' '.join(keys)}"


class Recorded:
    """An app, and the trace of it."""

    def __init__(self, app: App, url: str, page: Page) -> None:
        self.app = app
        self.url = url
        self.trace = Trace()
        self._page = page

    @property
    def layout(self) -> Any:
        return self.app.layout

    @layout.setter
    def layout(self, layout: Any) -> None:
        self.app.layout = layout

    def on(
        self, *declared: Any, quiet: bool = False, **more: Any
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """`app.callback`, with each call in the trace unless it is `quiet`."""

        def declare(function: Callable[..., Any]) -> Callable[..., Any]:
            made: Callable[..., Any] = self.app.callback(*declared, **more)(
                function if quiet else self._recorded(function)
            )
            return made

        return declare

    def _recorded(self, function: Callable[..., Any]) -> Callable[..., Any]:
        name = function.__name__
        if inspect.isasyncgenfunction(function):

            @functools.wraps(function)
            async def yielding(*args: Any, **kwargs: Any) -> Any:
                with self._noted(name, args, kwargs):
                    async with aclosing(function(*args, **kwargs)) as values:
                        async for value in values:
                            yield value

            return yielding

        if inspect.isgeneratorfunction(function):

            @functools.wraps(function)
            def giving(*args: Any, **kwargs: Any) -> Any:
                with self._noted(name, args, kwargs):
                    yield from function(*args, **kwargs)

            return giving

        if inspect.iscoroutinefunction(function):

            @functools.wraps(function)
            async def waiting(*args: Any, **kwargs: Any) -> Any:
                with self._noted(name, args, kwargs):
                    return await function(*args, **kwargs)

            return waiting

        @functools.wraps(function)
        def plain(*args: Any, **kwargs: Any) -> Any:
            with self._noted(name, args, kwargs):
                return function(*args, **kwargs)

        return plain

    def _noted(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        try:
            text = story(name, args, kwargs)
        except AssertionError as error:
            text = f"{name}: ctx contradicts itself: {error}"
        return self.trace.call(text)

    def note(self, text: str) -> None:
        """In a callback: one more line in the trace."""
        with self.trace.call(text):
            pass

    def hold(self, name: str) -> None:
        """In a callback: waits for the test's `release(name)`, or to be cancelled."""
        self.trace.hold(name)

    def release(self, name: str) -> None:
        self.trace.release(name)

    def open(self) -> Acting:
        self.app.build()
        self._page.goto(self.url)
        return Acting(self._page, self.trace)


class Acting:
    """The page of an app: what a person does in it, and what is to be seen."""

    def __init__(self, page: Page, trace: Trace) -> None:
        self.page = page
        self._trace = trace

    def click(self, *ids: str | dict[str, Any]) -> None:
        for id in ids:
            self.page.locator(at(id)).click()

    def fill(self, id: str | dict[str, Any], text: str) -> None:
        self.page.locator(at(id)).fill(text)

    def release(self, name: str) -> None:
        self._trace.release(name)

    def called(self, *expected: Sought, errors: int = 0) -> list[str]:
        """All calls since it was last asked, once nothing runs any more. `errors`: how many the page shows; they are
        sent away, and their texts returned."""
        count = sum(1 if isinstance(one, str) else len(one) for one in expected)
        self._wait(lambda: self._trace.still(count))
        self._idle()
        self._compare(expected)
        self._wait(lambda: self.page.evaluate(f"{ERRORS}.length") >= errors)
        texts: list[str] = self.page.evaluate(f"{ERRORS}.map(error => (error.remove(), error.textContent))")
        assert len(texts) == errors, f"the page shows {len(texts)} errors:\n" + "\n".join(texts)
        return texts

    def calling(self, *expected: Sought) -> None:
        """The calls that have begun since it was last asked, of which some may run; these must be all."""
        count = sum(1 if isinstance(one, str) else len(one) for one in expected)
        self._wait(lambda: self._trace.begun(count))
        self._compare(expected)

    def _compare(self, expected: tuple[Sought, ...]) -> None:
        found: list[Sought] = []
        rest = self._trace.take()
        for one in expected:
            size = 1 if isinstance(one, str) else len(one)
            found += rest[:1] if isinstance(one, str) else [sorted(rest[:size])]
            rest = rest[size:]
        wanted = [one if isinstance(one, str) else sorted(one) for one in expected]
        differs = difflib.ndiff(pformat(wanted).splitlines(), pformat([*found, *rest]).splitlines())
        assert [*found, *rest] == wanted, "called (-expected, +in fact):\n" + "\n".join(differs)

    def _wait(self, holds: Callable[[], bool]) -> None:
        """Until it is so, or too late: then what is compared next says what is wrong."""
        deadline = time.monotonic() + WITHIN
        while not holds() and time.monotonic() < deadline:
            self.page.wait_for_timeout(5)

    def _idle(self) -> None:
        """The title says so when no call runs; what it does at the same time is done by the next task."""
        self._wait(lambda: self.page.evaluate("document.title") != BUSY)
        assert self.page.title() != BUSY, "calls still run in the page"
        self.page.evaluate("new Promise(done => setTimeout(done))")

    def shows(self, **expected: str) -> None:
        """The texts of components."""
        self.reads(expected)

    def reads(self, expected: dict[str, str]) -> None:
        """The same by DOM id."""
        found = "ids => Object.fromEntries(ids.map(id => [id, document.getElementById(id)?.textContent]))"
        ids = list(expected)
        self._wait(lambda: self.page.evaluate(found, ids) == expected)
        shown = self.page.evaluate(found, ids)
        assert shown == expected, f"the page shows {shown}"

    def gone(self, id: str | dict[str, Any]) -> None:
        self.page.locator(at(id)).wait_for(state="detached")

    def error(self) -> str:
        """The text of the one error that the page shows, which is sent away."""
        errors = self.page.locator(".wscb-error")
        self._wait(lambda: errors.count() > 0)
        text: str = errors.first.inner_text()
        self.page.evaluate("document.querySelector('.wscb-error').remove()")
        return text


class Behave:
    """Makes apps for one test, all over HTTP or all over the socket."""

    def __init__(self, host: Host, page: Page, socket: bool) -> None:
        self.host = host
        self._page = page
        self.socket = socket

    def app(self, **arguments: Any) -> Recorded:
        base = f"/{len(self.host.apps)}/"
        arguments.setdefault("suppress_callback_exceptions", True)
        app = App(
            "__behaviour__",
            url_base_pathname=base,
            websocket_callbacks=self.socket,
            update_title=BUSY,
            **arguments,
        )
        app.debug = True
        self.host.apps.append(app)
        return Recorded(app, self.host.url + base, self._page)


class Host:
    """One server, in a thread, for all the apps, each below a number of its own."""

    def __init__(self) -> None:
        self.apps: list[App] = []
        port = free_port()
        self.url = f"http://{HOST}:{port}"
        config = uvicorn.Config(
            self._serve,
            host=HOST,
            port=port,
            interface="asgi3",
            ws="websockets-sansio",
            lifespan="off",
            log_level="warning",
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run)
        self._thread.start()
        while not self._server.started:
            assert self._thread.is_alive(), "the server did not start"
            time.sleep(0.005)

    async def _serve(self, scope: Any, receive: Any, send: Any) -> None:
        number = scope["path"].split("/")[1]
        await self.apps[int(number)].server(scope, receive, send)

    def end(self) -> None:
        self._server.should_exit = True
        self._thread.join(10)
