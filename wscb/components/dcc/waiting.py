"""What stands over the page for a moment: `Loading`, `ConfirmDialog`, `Tooltip`; and `Clipboard`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal, Unpack

from wscb.components import checks
from wscb.components.base import Children, Id, Number, Style, id_text
from wscb.components.dcc.control import Common, Control, Nothing

_SPINNERS = ("default", "circle", "dot", "graph", "cube")


class Loading(Control):
    """Shows a spinner over its children while calls run whose outputs are in them.

    `delay_show` is how long (ms) a call has to take for it to show, `delay_hide` how long it stays at the least.
    `target_components` says which components count, and which props of them:
    `{"table": "children", "graph": ["figure", "config"], "log": "*"}`. `display` "show" and "hide" take it out of the
    calls' hands. The children keep their place and are dimmed; `overlay_style` styles them meanwhile. `type` is the
    look: "default", "circle", "dot", "graph" or "cube", in `color`. `fullscreen` covers the page. `className` and
    `style` are the spinner's, `parent_className` and `parent_style` are for the whole.
    """

    __slots__ = ()
    _unseen: ClassVar[Mapping[str, str]] = {
        "custom_spinner": "its look is type, color, className and style",
        "debug": "the attribute data-wscb-loading of what waits has the names of its props",
    }

    def __init__(
        self,
        children: Children = None,
        type: Literal["default", "circle", "dot", "graph", "cube"] | None = None,
        fullscreen: bool | None = None,
        *,
        parent_className: str | None = None,
        parent_style: Style | None = None,
        overlay_style: Style | None = None,
        color: str | None = None,
        display: Literal["auto", "show", "hide"] | None = None,
        delay_hide: Number | None = None,
        delay_show: Number | None = None,
        show_initially: Literal[False] | None = None,
        target_components: Mapping[str, str | Sequence[str]] | None = None,
        **others: Unpack[Common],
    ) -> None:
        self._take(locals())
        checks.one_of("Loading", "type", type, _SPINNERS)
        checks.one_of("Loading", "display", display, ("auto", "show", "hide"))
        checks.numbers("Loading", delay_hide=delay_hide, delay_show=delay_show)
        checks.never("Loading", "show_initially", show_initially, "it shows when the first call runs, and not before")
        checks.styles("Loading", parent_style=parent_style, overlay_style=overlay_style)
        checks.targets("Loading", target_components)


class ConfirmDialog(Control):
    """A question over the page, with OK and Cancel, when `displayed` is True: the text of `message`.

    The answer sets `submit_n_clicks` or `cancel_n_clicks` (Escape cancels), their timestamps (ms), and `displayed` to
    False.
    """

    __slots__ = ()
    _seen = False

    def __init__(
        self,
        id: Id | None = None,
        message: str | None = None,
        submit_n_clicks: int | None = None,
        submit_n_clicks_timestamp: int | None = None,
        cancel_n_clicks: int | None = None,
        cancel_n_clicks_timestamp: int | None = None,
        displayed: bool | None = None,
        **others: Unpack[Nothing],
    ) -> None:
        self._take(locals())
        checks.texts("ConfirmDialog", message=message)


class ConfirmDialogProvider(Control):
    """Its children, a click on which asks the question of a `ConfirmDialog`; the props are the same."""

    __slots__ = ()
    _seen = False

    def __init__(
        self,
        children: Children = None,
        id: Id | None = None,
        message: str | None = None,
        submit_n_clicks: int | None = None,
        submit_n_clicks_timestamp: int | None = None,
        cancel_n_clicks: int | None = None,
        cancel_n_clicks_timestamp: int | None = None,
        displayed: bool | None = None,
        **others: Unpack[Nothing],
    ) -> None:
        self._take(locals())
        checks.texts("ConfirmDialogProvider", message=message)


class Clipboard(Control):
    """A button that copies: the text or the value of the component `target_id`, else `content` (and `html_content`).

    A click sets `n_clicks`; a callback that answers it with a new `content` is waited for. The button shows `children`,
    by default an icon, and for a second after it has copied `copied_children`, which is text, by default a check mark.
    """

    __slots__ = ()

    def __init__(
        self,
        children: Children = None,
        *,
        copied_children: str | None = None,
        target_id: Id | None = None,
        content: str | None = None,
        n_clicks: int | None = None,
        html_content: str | None = None,
        title: str | None = None,
        **others: Unpack[Common],
    ) -> None:
        if target_id is not None:
            target_id = id_text(target_id)
        self._take(locals())
        checks.texts("Clipboard", copied_children=copied_children, content=content, html_content=html_content)


class Tooltip(Control):
    """A bubble beside a place in its parent element: `bbox`, as the points of a Graph's `hoverData` have it.

    `bbox` is `{"x0", "y0", "x1", "y1"}`, in pixels from the corner of the parent. It is shown while it has one, unless
    `show` is False, on the side `direction` (default "right"), or on the other side where there is no room. It shows
    `loading_text` while a call for its children runs. Clicks go through it, unless it is `targetable`.
    """

    __slots__ = ()
    _unseen: ClassVar[Mapping[str, str]] = {"zindex": "it stands above all else in the page"}

    def __init__(
        self,
        children: Children = None,
        *,
        bbox: Mapping[str, Any] | None = None,
        show: bool | None = None,
        direction: Literal["top", "right", "bottom", "left"] | None = None,
        border_color: str | None = None,
        background_color: str | None = None,
        loading_text: str | None = None,
        targetable: bool | None = None,
        **others: Unpack[Common],
    ) -> None:
        self._take(locals())
        checks.box("Tooltip", bbox)
        checks.one_of("Tooltip", "direction", direction, ("top", "right", "bottom", "left"))
