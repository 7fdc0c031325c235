"""Runs callbacks: coroutines on the loop, plain functions on bounded threads, generators on either.

A run ends in an `Outcome`, whatever the callback did. What an exception said stays here, in the log, under a reference
number; the page gets the number, and the text only in debug.
"""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import functools
import inspect
import logging
import os
import secrets
from collections.abc import Awaitable, Callable, Generator, Iterable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from wscb.callbacks.context import CallState, Channel, activate, current
from wscb.callbacks.declaration import Callback, kind
from wscb.callbacks.signature import arguments, flatten
from wscb.errors import PageGone, PreventUpdate, UsageError
from wscb.server import tracebacks
from wscb.server.injection import Fill, Refusal
from wscb.server.threads import DaemonThreads, OwnThreads
from wscb.session import Change

logger = logging.getLogger("wscb.callbacks")

How = Literal["ok", "no_update", "error", "cancelled", "timeout"]
ErrorHandler = Callable[[Exception], Any]
Update = tuple[str, str, Any]


@dataclass(slots=True)
class Outcome:
    """How a run ended: `how` as in PROTOCOL.md's outcomes, the changes that go with it, and what the page may know.

    `failed`: it raised, and `on_error` has made of it what `how` says.
    """

    how: How
    changes: list[Change] = field(default_factory=list)
    detail: dict[str, Any] | None = None
    failed: bool = False
    error: BaseException | None = None
    """What the outcome `error` is about."""


class RunChannel(Channel, Protocol):
    """A `Channel` as workers need it: it also encodes updates, in the caller's thread."""

    def encode(self, updates: Iterable[Update]) -> list[Change]: ...

    def on_interrupt(self, give_up: Callable[[], object]) -> None:
        """What to do when the call is cancelled while it still waits for a thread."""
        ...

    def yielded(self, updates: Iterable[Update]) -> None:
        """The outputs of one `yield`, to be shown at once."""
        ...


Run = Callable[[CallState, RunChannel], Awaitable[Outcome | Exception]]


def default_threads() -> int:
    """As many as the standard library's own pool takes."""
    return min(32, (os.cpu_count() or 1) + 4)


class Workers:
    """One per app. `threads` bounds how many plain callbacks run at once in this process."""

    def __init__(
        self,
        threads: int | None,
        on_error: ErrorHandler | None,
        debug: bool,
        task_threads: int = 1000,
        fills: Mapping[str, Fill] | None = None,
    ) -> None:
        self._threads = DaemonThreads(threads or default_threads())
        self._task_threads = OwnThreads(task_threads)
        self.stuck: set[RunChannel] = set()
        """Of plain functions that were given up and go on."""
        self._on_error = on_error
        self._debug = debug
        self._fills = fills or {}

    def close(self) -> None:
        self._threads.close()

    def give_up(self, channel: RunChannel, callback: Callback, seconds: float) -> None:
        """Names a run that goes on so long after its cancellation, and counts it if it is on a thread."""
        if callback.is_async:
            logger.warning(
                "%s did not end within %g s of its cancellation; it goes on without effect. Await something in its "
                "loop, and do not swallow CancelledError.",
                callback.where,
                seconds,
            )
        else:
            self.stuck.add(channel)
            logger.warning(
                "%s did not end within %g s of its cancellation. A thread cannot be killed: it goes on without effect, "
                "as %d of this process do now. Wait with ctx.sleep in its loop, or ask ctx.cancelled.",
                callback.where,
                seconds,
                len(self.stuck),
            )

    async def execute(
        self,
        state: CallState,
        channel: RunChannel,
        fill: Fill | None = None,
        handles: Callable[[Exception], bool] = lambda _: False,
    ) -> Outcome:
        """Runs the callback of `state` to its end. Raises only `CancelledError`.

        `fill` is in place of what fills its parameters otherwise. What it refuses a program, and what has no `on_error`
        and the host `handles`, is the outcome's error without a detail: nothing was said of it yet.
        """
        run = self._on_loop if state.callback.is_async else self._off_loop
        fill = fill or self._fills.get(state.callback.id)
        outcome = await (self._filled(fill, run, state, channel) if fill else run(state, channel))
        if isinstance(outcome, Outcome):
            return outcome
        if isinstance(outcome, Refusal) and channel.kind == "endpoint":
            return Outcome("error", error=outcome.cause)
        if (state.callback.on_error or self._on_error) is None and handles(outcome):
            return Outcome("error", error=outcome)
        with activate(state):
            return await self._settle(state.callback, channel, outcome)

    async def _filled(self, fill: Fill, run: Run, state: CallState, channel: RunChannel) -> Outcome | Exception:
        """Runs with what fills its parameters open around it. That sees how the run ends, and changes nothing of it."""
        outcome: Outcome | Exception | None = None
        opening, task = True, asyncio.current_task()

        def stop() -> None:
            if opening and task is not None:
                task.cancel()

        if not state.callback.is_async:  # of these the task is not cancelled; while it opens it can be
            channel.on_interrupt(stop)
        try:
            with activate(state):
                async with fill(state.request) as state.injected:
                    opening = False
                    outcome = await run(state, channel)
                    if isinstance(outcome, Exception):
                        raise outcome
                    if outcome.how == "cancelled":
                        raise asyncio.CancelledError
        except asyncio.CancelledError:
            if outcome is None:
                raise
        except (GeneratorExit, KeyboardInterrupt):
            raise
        except PreventUpdate:
            return Outcome("no_update")
        except PageGone:
            return Outcome("cancelled")
        except Exception as error:
            return error
        except BaseException as error:  # as of a callback
            return self._failed(state.callback, error)
        finally:
            opening = False
        return outcome or Outcome("cancelled")

    async def _off_loop(self, state: CallState, channel: RunChannel) -> Outcome | Exception:
        callback = state.callback
        context = contextvars.copy_context()
        function = functools.partial(context.run, self._on_thread, callback, state, channel)
        if callback.persistent:
            started = self._task_threads.start(function, f"wscb-task-{callback.name}")
            if started is None:
                return self._no_thread(callback)
            future = started
        else:
            future = self._threads.submit(function)
            channel.on_interrupt(future.cancel)  # does nothing once a thread has begun with it
        return await asyncio.wrap_future(future)

    async def _on_loop(self, state: CallState, channel: RunChannel) -> Outcome | Exception:
        callback = state.callback
        try:
            with activate(state):
                args, kwargs = arguments(callback, state.inputs, state.state, state.injected)
                if not callback.is_generator:
                    return _ended(callback, channel, await callback.function(*args, **kwargs))
                async with aclosing(callback.function(*args, **kwargs)) as updates:
                    async for value in updates:
                        channel.yielded(_flat(callback, value))
                return Outcome("ok")
        except PreventUpdate:
            return Outcome("no_update")
        except PageGone:
            return Outcome("cancelled")  # nobody is there to see a fault, and it is none
        except Exception as error:
            return error
        except (asyncio.CancelledError, GeneratorExit, KeyboardInterrupt):
            raise
        except BaseException as error:  # sys.exit() of a library that thinks it is a command: it ends the call alone
            return self._failed(callback, error)

    def _on_thread(self, callback: Callback, state: CallState, channel: RunChannel) -> Outcome | Exception:
        """What it raised is returned: an exception that a future holds cannot be a StopIteration."""
        if channel.is_shutdown:
            return Outcome("cancelled")  # before it came to a thread
        with activate(state):
            try:
                args, kwargs = arguments(callback, state.inputs, state.state, state.injected)
                if not callback.is_generator:
                    return _ended(callback, channel, callback.function(*args, **kwargs))
                updates = callback.function(*args, **kwargs)
                returned = _drive(updates, lambda value: channel.yielded(_flat(callback, value)))
                last = [] if returned is None else _flat(callback, returned)
                return Outcome("ok", channel.encode(last))
            except PreventUpdate:
                return Outcome("no_update")
            except (asyncio.CancelledError, PageGone):
                return Outcome("cancelled")
            except Exception as error:
                return error
            except BaseException as error:
                return self._failed(callback, error)

    def _no_thread(self, callback: Callback) -> Outcome:
        message = (
            f"{self._task_threads.limit} persistent callbacks are plain functions that run, each on a thread of its "
            f"own, and no more may. Write it with async def, or raise Limits(task_threads=...)."
        )
        logger.warning("%s was not started: %s", callback.where, message)
        return Outcome(
            "error", detail={"code": "too_many_tasks", "callback": public_name(callback), "message": message}
        )

    async def _settle(self, callback: Callback, channel: RunChannel, error: Exception) -> Outcome:
        """Asks `on_error`, where it belongs: a coroutine function here, a plain one on a thread."""
        handler = callback.on_error or self._on_error
        if handler is None:
            return self._failed(callback, error)
        raised = error.cause if isinstance(error, Refusal) else error
        try:
            if kind(handler)[0]:
                returned = await handler(raised)
            else:
                call = functools.partial(contextvars.copy_context().run, _kept, handler, raised)
                returned, second = await asyncio.wrap_future(self._threads.submit(call))
                if second is not None:
                    raise second
                if inspect.isawaitable(returned):
                    returned = await returned
            return self._recovered(callback, channel, raised, returned)
        except PreventUpdate:
            return Outcome("no_update", failed=True)
        except PageGone:
            return Outcome("cancelled")
        except (asyncio.CancelledError, GeneratorExit, KeyboardInterrupt):
            raise
        except BaseException as second:
            if second is raised:
                return self._failed(callback, error)
            second.__context__ = second.__context__ or raised
            return self._failed(callback, second)

    def _recovered(self, callback: Callback, channel: RunChannel, error: Exception, returned: Any) -> Outcome:
        """`on_error` has dealt with it: what it returned are the outputs, and None leaves them as they are."""
        info = tracebacks.logged(error)
        logger.warning("%s raised %s; on_error handled it", callback.where, type(error).__name__, exc_info=info)
        outcome = Outcome("no_update") if returned is None else _ended(callback, channel, returned)
        outcome.failed = True
        return outcome

    def _failed(self, callback: Callback, error: BaseException) -> Outcome:
        if isinstance(error, Refusal):
            logger.info("a dependency of %s refused the call with %s", callback.where, error)
            said = {"code": error.code, "callback": public_name(callback), "message": error.message}
            return Outcome("error", detail=said, error=error)
        ref = secrets.token_hex(4)
        info = tracebacks.logged(error)
        logger.error("%s raised %s [ref %s]", callback.where, type(error).__name__, ref, exc_info=info)
        detail: dict[str, Any] = {"ref": ref, "callback": public_name(callback)}
        if self._debug:
            detail["callback"] = callback.where
            detail["message"] = f"{type(error).__name__}: {error}"
            trace = tracebacks.text(error)
            if trace:
                detail["traceback"] = trace
        return Outcome("error", detail=detail, error=error)


def _kept(handler: ErrorHandler, error: Exception) -> tuple[Any, BaseException | None]:
    """What it returned, or what it raised."""
    try:
        return handler(error), None
    except BaseException as second:
        return None, second


def _drive(generator: Generator[Any, Any, Any], show: Callable[[Any], None]) -> Any:
    """Shows each value, and returns what the generator does.

    What the showing raises, a cancellation above all, is raised in the generator, where it yielded.
    """
    with contextlib.closing(generator):
        try:
            value = next(generator)
            while True:
                try:
                    show(value)
                except BaseException as error:
                    value = generator.throw(error)
                else:
                    value = next(generator)
        except StopIteration as end:
            return end.value


def _ended(callback: Callback, channel: RunChannel, returned: Any) -> Outcome:
    if inspect.iscoroutine(returned):
        returned.close()
        raise UsageError(f"{callback.where} {_unawaited(callback, returned.__name__)}")
    changes = channel.encode(_flat(callback, returned))
    return Outcome("ok" if changes or not callback.outputs else "no_update", changes)


def _unawaited(callback: Callback, name: str) -> str:
    """What is wrong with a callback that returned the coroutine of the function with this name."""
    if callback.is_async:
        return f"returned {name}(...) without awaiting it. Write: return await {name}(...)."
    if name == "get_prop":
        return "is a plain function, where get_prop cannot be awaited. Write get_prop_sync(...) in it."
    return (
        f"is a plain function that returned a coroutine, of {name}, which nobody awaits. Declare it with async def; a "
        "decorator around it must be async as well."
    )


def _flat(callback: Callback, returned: Any) -> list[Update]:
    ids = current().ids
    return flatten(callback, returned, ids and ids[0])


def public_name(callback: Callback) -> str:
    """How a page in production calls it: by what it writes, else by what it waits for. The page knows both already."""
    known = (*callback.outputs, *callback.inputs)
    return str(known[0]) if known else callback.id
