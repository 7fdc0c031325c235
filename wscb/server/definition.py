"""What the server needs to know of an app, once its callback table is complete. It does not change after that."""

from __future__ import annotations

import difflib
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from wscb.callbacks.declaration import Callback
from wscb.errors import DuplicateId, UnknownProp
from wscb.protocol.limits import Limits
from wscb.server.admission import Origins
from wscb.server.endpoints import Endpoint
from wscb.server.index import Theme
from wscb.server.injection import Fill
from wscb.server.problems import Problems
from wscb.session import Change, Rule, changes_of
from wscb.session.changes import check_sizes

Catalog = Mapping[str, frozenset[str] | None]
"""The component ids that a static layout has, with the props each may have (None: any)."""


@dataclass(frozen=True, slots=True)
class Look:
    """What the index page says about itself."""

    title: str
    update_title: str | None
    meta_tags: tuple[Mapping[str, str], ...]
    external_scripts: tuple[str | Mapping[str, str], ...]
    external_stylesheets: tuple[str | Mapping[str, str], ...]
    assets: Path | None
    theme: Theme
    index: Callable[[Mapping[str, str]], str]
    """The HTML out of its parts, as in `wscb.server.index`."""


@dataclass(frozen=True, slots=True)
class Definition:
    """An app as the server sees it."""

    callbacks: Mapping[str, Callback]
    specs: list[dict[str, Any]]
    rules: Mapping[str, Rule]
    tasks: tuple[str, ...]
    sources: Mapping[str, str]
    """The functions of the page that were given as JavaScript, by name."""
    build: str
    layout: Callable[[], Awaitable[Any]]
    mismatches: Callable[[Catalog], list[str]]
    """What the callbacks name and a layout does not have, said about a layout that is made for each page."""
    catalog: Catalog
    limits: Limits
    origins: Origins
    look: Look
    base: str
    debug: bool
    fills: Mapping[str, Fill] = field(default_factory=dict)
    """What fills the parameters that no Input does, by callback."""
    endpoints: Mapping[str, Endpoint] = field(default_factory=dict)
    """The callbacks that programs call too, by the path below `base`, with a slash before it."""
    health: str | None = None
    """The path below `base` that says that the process is alive."""
    sockets: bool = True
    """Whether the backend has WebSockets."""
    open: bool = False
    """Whether callbacks may name components that the layout does not have, and that come later."""
    problems: Problems = field(init=False)
    """What its pages could not do. It learns."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "problems", Problems(self.callbacks, self.catalog))

    def encode(self, component: str, props: Mapping[str, Any]) -> list[Change]:
        """The changes that set props of one component, packed in the caller's thread.

        Raises UnknownProp, CannotEncode, ValueTooLarge.
        """
        self.check_props(component, props)
        self.problems.wrote(component, props)
        changes = changes_of(component, props)
        for change in changes:
            _check_kids(change)
        check_sizes(changes, self.limits)
        return changes

    def check_props(self, component: str, props: Iterable[str]) -> None:
        """Raises `UnknownProp` when the layout has the component and it is known not to have one of the props."""
        if "id" in props:
            raise UnknownProp(
                f"The id of {component!r} cannot be set: it is what callbacks know the component by. "
                "Set the children of its parent to a component with another id."
            )
        allowed = self.catalog.get(component)
        if allowed is None:
            return
        for prop in props:
            if prop not in allowed and not prop.startswith(("data-", "aria-")):
                raise UnknownProp(
                    f"{component!r} has no prop {prop!r}{did_you_mean(prop, allowed)} "
                    f"It has: {', '.join(sorted(allowed))}."
                )


def _check_kids(change: Change) -> None:
    """Raises `DuplicateId` when two components of one value have one id, or one has that of the component it is for.

    Callbacks could not tell them apart, and the second would be within itself.
    """
    if not change.kids:
        return
    ids = [id for id, _ in change.kids]
    if change.component in ids:
        raise DuplicateId(
            f"{change.component}.{change.prop} gets a component with the id {change.component!r}, and so would be "
            "within itself. Give the inner one another id."
        )
    if len(set(ids)) < len(ids):
        twice = next(id for id in ids if ids.count(id) > 1)
        raise DuplicateId(
            f"{change.component}.{change.prop} gets two components with the id {twice!r}. An id names one component."
        )


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A sentence end: `: did you mean 'x'?`, or a full stop when nothing is near."""
    near = difflib.get_close_matches(name, list(known), n=3)
    return f": did you mean {' or '.join(repr(n) for n in near)}?" if near else "."
