"""What a page could not do with what callbacks wrote: said in the log, with who wrote it and what to do.

A page names the component and the prop. Who writes there is known here, of the last of them: the page that has the
trouble, and the process that hears of it, need not be those of the call.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from time import monotonic

from wscb.callbacks.call import running_call
from wscb.callbacks.declaration import Callback
from wscb.components.base import near_names
from wscb.errors import GetPropFailed, GetPropTimeout, NotOnPage
from wscb.protocol.codec import printable
from wscb.protocol.messages import Problem

logger = logging.getLogger("wscb.page")

WRITERS = 2000
"""Places of which it is known who wrote there."""

SAID = 500
"""Problems of which it is known when they were said."""

QUIET_SECONDS = 60.0
"""A problem that stays is said so seldom: a task may write to the wrong place ten times a second."""


_OPTIONAL = "If the callback can do without it, declare that one with allow_optional=True."
_WHOLE = "It is called when all that it writes is there: of what comes and goes make a callback of its own."


@dataclass(frozen=True, slots=True)
class Explanation:
    """`callback` is where those are declared who wrote it; empty when that is not known."""

    callback: str
    message: str

    def __str__(self) -> str:
        return f"{self.callback}: {self.message}" if self.callback else self.message


class Problems:
    """One per app and process. Its methods may be called from any thread."""

    def __init__(self, callbacks: Mapping[str, Callback], catalog: Collection[str]) -> None:
        self._callbacks = callbacks
        self._laid_out: Collection[str] = catalog
        self._declared = {
            dependency.id_text
            for callback in callbacks.values()
            for dependency in (*callback.outputs, *callback.inputs, *callback.state)
            if not dependency.wildcards
        }
        self._writers: dict[tuple[str, str], tuple[Callback, ...]] = {}
        self._said: dict[Problem, tuple[float, int]] = {}
        self._lock = threading.Lock()

    def laid_out(self, ids: Collection[str]) -> None:
        """The ids of the last layout that was made."""
        self._laid_out = ids

    def wrote(self, component: str, props: Iterable[str]) -> None:
        """The call that runs here writes there."""
        call = running_call()
        if call is None:
            return
        for prop in props:
            known = self._writers.get((component, prop), ())
            if call.callback not in known:
                self._remember((component, prop), (*known[-2:], call.callback))

    def _remember(self, place: tuple[str, str], writers: tuple[Callback, ...]) -> None:
        with self._lock:
            while len(self._writers) >= WRITERS:
                del self._writers[next(iter(self._writers))]
            self._writers[place] = writers

    def near(self, component: str) -> str:
        """` Did you mean 'x'?`, or nothing when no id is near, or it is one itself."""
        found = near_names(component, {*self._laid_out, *self._declared} - {component})
        return f" Did you mean {found}?" if found else ""

    def explain(self, problem: Problem) -> Explanation:
        component, prop = _shown(problem.component), _shown(problem.prop)
        if problem.code == "missing_input":
            return self._not_called(problem)
        writers = " or ".join(one.where for one in self._writers.get((problem.component, problem.prop), ()))
        if problem.code == "not_on_page":
            return Explanation(writers, f"It writes to {component}.{prop}. {self._absent(problem.component)}")
        said = _shown(problem.message)
        if problem.code == "invalid_patch":
            message = (
                f"A Patch for {component}.{prop} does not fit the value that the page has ({said}): nothing is at that "
                f"place, or another kind of value. Assign a whole value first, or send one in place of the Patch."
            )
            return Explanation(writers, message)
        return Explanation(writers, f"{component}.{prop}: {said} ({_shown(problem.code)})")

    def _not_called(self, problem: Problem) -> Explanation:
        callback = self._callbacks.get(problem.message)
        outputs = callback.outputs if callback else ()
        writes = any((one.id_text, one.component_property) == (problem.component, problem.prop) for one in outputs)
        does, hint = ("writes to", _WHOLE) if writes else ("reads", _OPTIONAL)
        place = f"{_shown(problem.component)}.{_shown(problem.prop)}"
        message = f"It {does} {place}. {self._absent(problem.component)} {hint}"
        return Explanation(callback.where if callback else "", message)

    def _absent(self, component: str) -> str:
        if component in self._laid_out:
            return (
                f"{_shown(component)!r} is not on the page now: what replaced the children around it took it away. "
                f"Hide it in place of that, or leave it alone while it is gone."
            )
        near = self.near(component)
        return f"The page has no component {_shown(component)!r}.{near} Correct the id, or insert it first."

    def unanswered(self, error: str, component: str, what: str) -> GetPropFailed:
        """What `get_prop` raises for an error of the page's; `what` is the question."""
        if error == "not_on_page":
            return NotOnPage(f"{what}: {self._absent(component)}")
        if error == "timeout":
            return GetPropTimeout(
                f"{what}: the page did not answer in time. Its line may be lost: give it longer with timeout=, or go "
                f"on without what it has."
            )
        return GetPropFailed(f"{what}: {error}")

    def note(self, problem: Problem, whose: str) -> Explanation:
        """Says it in the log, unless that was done a short while ago."""
        found = self.explain(problem)
        now = monotonic()
        with self._lock:
            since, count = self._said.pop(problem, (-QUIET_SECONDS, 0))
            due = now - since >= QUIET_SECONDS
            self._said[problem] = (now, 0) if due else (since, count + 1)
            while len(self._said) > SAID:
                del self._said[next(iter(self._said))]
        if due:
            more = f" ({count} times more meanwhile)" if count else ""
            logger.warning("%s: problem: %s: %s%s", whose, _shown(problem.code), found, more)
        return found


def _shown(told: str) -> str:
    """What a page has told, on one line."""
    return told[:300] if told.isprintable() else printable(told, 300)
