"""Where the page is: `Location` and `Link`, and the parts of a page: `Tabs`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal, Unpack

from wscb.components import checks
from wscb.components.base import Children, Component, Id, Style
from wscb.components.dcc.control import Common, Control, Kept, Nothing


class Location(Control):
    """The address of the page, as props: `href`, and its parts `pathname`, `search` (with "?") and `hash` (with "#").

    They are read from the address before the first callback runs, and follow it: links, the back button, callbacks.
    A callback that sets one goes there: by loading that page (`refresh=True`, the default), or by changing the address
    alone (`False` or `"callback-nav"`, which are one here: every Location of the page follows). One that the layout
    sets is gone to when the page opens. An address of another site is always loaded, one with a script is refused.
    """

    __slots__ = ()
    _seen = False

    def __init__(
        self,
        id: Id | None = None,
        pathname: str | None = None,
        search: str | None = None,
        hash: str | None = None,
        href: str | None = None,
        refresh: bool | Literal["callback-nav"] | None = None,
        **others: Unpack[Nothing],
    ) -> None:
        self._take(locals())
        checks.flag_or("Location", "refresh", refresh, "callback-nav")


class Link(Control):
    """A link within the app: a click changes the address without loading the page, and each Location follows.

    It is a link in every other way: it opens in a new tab with Ctrl or by `target`, and `refresh=True` loads the page.
    """

    __slots__ = ()

    def __init__(
        self,
        children: Children = None,
        href: str | None = None,
        target: str | None = None,
        refresh: bool | None = None,
        title: str | None = None,
        **others: Unpack[Common],
    ) -> None:
        self._take(locals())
        checks.texts("Link", href=href, target=target, title=title)


class Tabs(Control):
    """A row of tabs with the content of the chosen one below; `vertical` has them on the side. `children` are `Tab`s.

    The user's doing sets `value`, the value of the chosen Tab; at first it is the first one. Arrow keys, Home and End
    go from tab to tab. All contents are in the page, and those that are not chosen are hidden. `className` and `style`
    are for the row of tabs, `parent_className` and `parent_style` for the whole, `content_className` and
    `content_style` for the contents. `colors` is a dict with `border`, `primary` and `background`.
    """

    __slots__ = ()
    _kept = ("value",)
    _unseen: ClassVar[Mapping[str, str]] = {
        "mobile_breakpoint": "a row of tabs that is too long is scrolled, at any width"
    }

    def __init__(
        self,
        children: Children = None,
        value: str | None = None,
        content_className: str | None = None,
        parent_className: str | None = None,
        *,
        parent_style: Style | None = None,
        content_style: Style | None = None,
        vertical: bool | None = None,
        colors: Mapping[str, str] | None = None,
        **others: Unpack[Kept],
    ) -> None:
        if value is None:
            value = _first(children)
        self._take(locals())
        checks.tabs("Tabs", children)
        checks.colors("Tabs", colors)
        checks.styles("Tabs", parent_style=parent_style, content_style=content_style)


class Tab(Control):
    """One of `Tabs`: a `label`, which is text, and its content as `children`. `value` is by default "tab-1", "tab-2"...

    `className` and `style` are for the tab itself, with those that begin with `selected_` and `disabled_` on top of
    them while it is that. `width` is a number of pixels or a length, as "40%"; of its own accord a tab is as wide as
    its label.
    """

    __slots__ = ()

    def __init__(
        self,
        children: Children = None,
        label: str | None = None,
        value: str | None = None,
        disabled: bool | None = None,
        disabled_style: Style | None = None,
        disabled_className: str | None = None,
        *,
        selected_className: str | None = None,
        selected_style: Style | None = None,
        width: str | int | float | None = None,
        **others: Unpack[Common],
    ) -> None:
        self._take(locals())
        checks.texts("Tab", label=label, value=value)
        checks.styles("Tab", disabled_style=disabled_style, selected_style=selected_style)


def _first(children: Any) -> str | None:
    """The value of the first Tab, which is chosen where nothing else is said."""
    tabs = children if isinstance(children, list | tuple) else [children]
    first = next((tab for tab in tabs if isinstance(tab, Component)), None)
    return None if first is None else (getattr(first, "value", None) or "tab-1")
