"""Charts: `Chart`, fed live, and `Graph`, plotly's figures."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from typing import Any, Literal, Unpack

from wscb.components import checks
from wscb.components.base import Id, Number
from wscb.components.dcc.control import Common, Control, Looks
from wscb.errors import DeclarationError


class Chart(Control):
    """Lines over time, drawn by uPlot; thousands of points a second are fine.

    `data` is a dict of columns (lists or one-dimensional arrays of one length). The column "x" is the x axis, in
    seconds since 1970 while `time` is True (the default), else any number. A live chart is fed by `Patch`:
    `patch["cpu"].extend(values, maxlen=600)`, and for "x" too.
    `series` is what to draw, a list of `{"key", "label", "color", "scale", "fill", "width", "dash"}`; by default each
    column. `fill` is a colour below the line, or True for a tint of the line's.
    `scales` is a dict of name to `{"label", "unit", "range", "side"}`; a series without `scale` is on "y". Units such
    as "%", "bytes/s" and "s" are scaled to what is readable.
    `window` is the seconds shown, `live` lets the axis follow the clock. `height` is in pixels (default 240), the
    width is what there is. `legend` defaults to True.
    """

    __slots__ = ()

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        series: Sequence[Mapping[str, Any]] | None = None,
        scales: Mapping[str, Mapping[str, Any]] | None = None,
        *,
        time: bool | None = None,
        window: Number | None = None,
        live: bool | None = None,
        height: Number | None = None,
        title: str | None = None,
        legend: bool | None = None,
        **others: Unpack[Common],
    ) -> None:
        self._take(locals())
        checks.columns("Chart", data)
        checks.scales("Chart", scales)
        checks.series("Chart", series, data, scales)
        checks.positive("Chart", "window", window)
        checks.positive("Chart", "height", height)


class Graph(Control):
    """A figure of plotly: a `plotly.graph_objects.Figure`, or the dict that it stands for. Needs `wscb[plotly]`.

    The user's doing sets `clickData`, `hoverData` (None when the pointer leaves, with `clear_on_unhover`),
    `selectedData`, `relayoutData`, `restyleData` and `clickAnnotationData`.
    `extendData` and `prependData` add to traces that are there: `[{"x": [[1]], "y": [[2]]}, [0], 100]`, that is what is
    added for each trace, the traces (default: all), and how many points are kept (default: all); or the first alone.
    `config` are plotly.js's settings. `responsive`: "auto" (the default) follows the size of the element where the
    figure has no size of its own, True always, False never. `animate` moves from figure to figure, as
    `animation_options` say.
    `theme`: "page" (the default) shows plotly's own template in the colours of the page, light or dark; any other
    template, and all that the figure says itself, is kept. "figure" keeps that one too.

    Under a policy of `default-src 'self'` lines, bars, points, pies, tables, contours and 3D are drawn. Heatmaps and
    images need `img-src 'self' data:`, traces of WebGL (`scattergl`) `script-src 'self' 'unsafe-eval'`, and maps
    `connect-src` with the server of their tiles or shapes.
    """

    __slots__ = ()

    def __init__(
        self,
        id: Id | None = None,
        responsive: bool | Literal["auto"] | None = None,
        clickData: Mapping[str, Any] | None = None,
        clickAnnotationData: Mapping[str, Any] | None = None,
        hoverData: Mapping[str, Any] | None = None,
        clear_on_unhover: bool | None = None,
        selectedData: Mapping[str, Any] | None = None,
        relayoutData: Mapping[str, Any] | None = None,
        extendData: Sequence[Any] | Mapping[str, Any] | None = None,
        prependData: Sequence[Any] | Mapping[str, Any] | None = None,
        restyleData: Sequence[Any] | None = None,
        figure: Any = None,
        *,
        mathjax: Literal[False] | None = None,
        animate: bool | None = None,
        animation_options: Mapping[str, Any] | None = None,
        config: Mapping[str, Any] | None = None,
        theme: Literal["page", "figure"] | None = None,
        **others: Unpack[Looks],
    ) -> None:
        self._take(locals())
        if find_spec("plotly") is None:
            raise DeclarationError(
                "Graph: plotly.js comes with the package plotly, which is not installed: pip install 'wscb[plotly]'. "
                "For live data there is dcc.Chart, which needs nothing."
            )
        checks.figure("Graph", figure)
        checks.flag_or("Graph", "responsive", responsive, "auto")
        checks.never("Graph", "mathjax", mathjax, "formulas are not typeset here")
        checks.one_of("Graph", "theme", theme, ("page", "figure"))
        checks.extension("Graph", "extendData", extendData)
        checks.extension("Graph", "prependData", prependData)


def prepare_templates() -> None:
    """Has plotly build the parts of its template that plotly.express reads, if the app has imported that.

    They are built when they are first read, and of two threads that read them at once one fails with "Invalid value".
    The first calls of a page, each on a thread of its own, would do so.
    """
    if "plotly.express" not in sys.modules:
        return
    templates = sys.modules["plotly.io"].templates
    if templates.default not in templates:  # several, joined by "+": each figure has a copy of its own
        return
    template = templates[templates.default]
    for kind in template.data:
        for trace in template.data[kind]:
            for part in ("marker", "line"):
                getattr(getattr(trace, part, None), "color", None)
    for part in ("colorway", "colorscale", "coloraxis"):
        getattr(template.layout, part, None)
