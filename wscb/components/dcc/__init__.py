"""Controls, charts and what a page needs besides: components that the page itself builds.

Names and meanings are those of Dash's dcc. What a constructor can see to be wrong is a DeclarationError, an unknown
prop is UnknownProp; a prop of Dash that is not here says why.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from wscb.components.base import near_names
from wscb.components.dcc.choices import Checklist, Dropdown, RadioItems
from wscb.components.dcc.dates import DatePickerRange, DatePickerSingle
from wscb.components.dcc.fields import Input, Textarea
from wscb.components.dcc.figures import Chart, Graph
from wscb.components.dcc.files import Upload, send_bytes, send_data_frame, send_file, send_string
from wscb.components.dcc.navigation import Link, Location, Tab, Tabs
from wscb.components.dcc.sliders import RangeSlider, Slider
from wscb.components.dcc.texts import Markdown
from wscb.components.dcc.unseen import Download, Interval, Store
from wscb.components.dcc.waiting import Clipboard, ConfirmDialog, ConfirmDialogProvider, Loading, Tooltip
from wscb.version import VERSION

__version__ = VERSION

_ELSEWHERE = {"Geolocation": "The browser's own API can be reached through wscb.Element, a custom element of yours."}

if not TYPE_CHECKING:  # a type checker is to know the names that exist, and no others

    def __getattr__(name: str) -> NoReturn:
        near = near_names(name, __all__)
        hint = _ELSEWHERE.get(name) or (f"Did you mean {near}?" if near else f"It has: {', '.join(__all__)}.")
        raise AttributeError(f"wscb.dcc has no {name}. {hint}", name=name)


__all__ = [
    "Chart",
    "Checklist",
    "Clipboard",
    "ConfirmDialog",
    "ConfirmDialogProvider",
    "DatePickerRange",
    "DatePickerSingle",
    "Download",
    "Dropdown",
    "Graph",
    "Input",
    "Interval",
    "Link",
    "Loading",
    "Location",
    "Markdown",
    "RadioItems",
    "RangeSlider",
    "Slider",
    "Store",
    "Tab",
    "Tabs",
    "Textarea",
    "Tooltip",
    "Upload",
    "send_bytes",
    "send_data_frame",
    "send_file",
    "send_string",
]
