"""Pages of an app in this process, over either transport, with the same verbs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Literal, NamedTuple, Self

import httpx

from tests.server.apps import app_with
from tests.server.asgi_app import delta_of, post
from wscb import App
from wscb.callbacks import Callback
from wscb.callbacks.patterns import Instance
from wscb.protocol import codec
from wscb.protocol.messages import Cancel, Detail, Invoke
from wscb.testing import User
from wscb.testing.user import _keys

Kind = Literal["socket", "http"]


class Ended(NamedTuple):
    """How a call ended, and what its page was told of that."""

    how: str
    detail: Detail


class HttpUser(User):
    """A page whose calls are requests. What came with each answer besides is in `answers`."""

    def __init__(self, app: App, **options: Any) -> None:
        super().__init__(app, **options)
        self.answers: dict[int, httpx.Response] = {}
        self._requests: dict[int, asyncio.Task[None]] = {}

    async def __aenter__(self) -> Self:
        self._lay_out(await self.app.site().definition.layout())
        return self

    async def __aexit__(self, *_: object) -> None:
        """A page that is closed takes its calls back."""
        for request in self._requests.values():
            request.cancel()
        await asyncio.gather(*self._requests.values(), return_exceptions=True)
        running = self.app.site()._invoker._running
        while running:
            await asyncio.wait(running)

    def _say(self, message: Invoke | Cancel) -> None:
        if isinstance(message, Cancel):
            self._requests[message.id].cancel()
        else:
            self._requests[message.id] = asyncio.ensure_future(self._post(message))

    async def _post(self, message: Invoke) -> None:
        try:
            answer = await post(self.app, codec.encode(message), **self._headers, cookie=self._cookie())
            self.answers[message.id] = answer
            delta = delta_of(answer)
            changed = [self._apply(change) for change in delta.changes]
        except asyncio.CancelledError:
            self.outcomes[message.id] = ("cancelled", ())
        except Exception as error:  # which no test waits for
            self.outcomes[message.id] = (f"no answer: {error!r}", ())
        else:
            self.outcomes.update({outcome[0]: (outcome[1], outcome[2:]) for outcome in delta.outcomes})
            for key in changed:
                self._trigger(key)
        async with self._changed:
            self._changed.notify_all()

    def _cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self._cookies.items())

    def _trigger(self, key: str) -> list[int]:
        callbacks = self.app.site().definition.callbacks.values()
        return [
            self._invoke(callback, (key,), instance)
            for callback in callbacks
            for instance in self._instances(callback)
            if key in _keys(callback.inputs, instance and instance[1])
        ]


class Page:
    """What a test does on a page. `props` is what the page shows, by (component id, prop)."""

    def __init__(self, user: User) -> None:
        self.user = user
        self.props = user.props

    async def change(self, component: str, prop: str, value: Any) -> list[int]:
        """Changes a prop as a person would; returns the ids of the calls that it makes."""
        return await self.user.set(component, prop, value)

    async def ended(self, call: int) -> Ended:
        how = await self.user.settled(call)
        more = self.user.outcomes[call][1]
        return Ended(how, more[0] if more and more[0] is not None else Detail())

    async def run(self, component: str = "run", prop: str = "n_clicks", value: Any = 1) -> Ended:
        """Changes a prop, which makes one call; waits for its end."""
        (call,) = await self.change(component, prop, value)
        return await self.ended(call)

    async def initially(self, callback: str | None = None) -> Ended:
        """The initial call of a callback; of the one that there is, if it has no name."""
        found = callback or next(iter(self.user.app.site().definition.callbacks))
        return await self.ended(await self.user.call(found))

    def instances(self, callback: Callback) -> list[Instance | None]:
        return list(self.user._instances(callback))


class Transport:
    """Makes apps whose callbacks run over one transport, and their pages."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self.open: list[User] = []

    def app(self, *components: Any, **options: Any) -> App:
        return app_with(*components, websocket_callbacks=self.kind == "socket", **options)

    async def page(self, app: App, **options: Any) -> Page:
        user = (User if self.kind == "socket" else HttpUser)(app, **options)
        await user.__aenter__()
        self.open.append(user)
        return Page(user)

    async def close(self) -> None:
        for user in self.open:
            with suppress(asyncio.CancelledError):
                await user.__aexit__()

    async def result(self, function: Callable[..., Any], *dependencies: Any, **options: Any) -> tuple[Ended, Page]:
        """Declares one callback in an app of its own, and presses the button that calls it."""
        app = self.app(**options)
        app.callback(*dependencies)(function)
        page = await self.page(app)
        return await page.run(), page
