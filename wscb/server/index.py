"""The HTML around a page: a text with places in it, named as in Dash, and what stands in them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Literal, cast, get_args

from wscb.errors import DeclarationError

INDEX = """<!doctype html>
<html lang="en">
<head>
{%metas%}
<title>{%title%}</title>
{%favicon%}
{%css%}
{%scripts%}
</head>
<body>
{%app_entry%}
{%config%}
{%renderer%}
</body>
</html>
"""
PLACES = ("metas", "title", "favicon", "css", "scripts", "app_entry", "config", "renderer")
"""`app_entry` is where the layout goes, `config` the page's data, `scripts` all scripts; `renderer` is empty."""

Theme = Literal["auto", "light", "dark"]
"""`auto`: as the browser of who looks prefers."""

ROOT = "wscb-root"
DATA = "wscb-page"
CLIENT = "wscb.js"
_NEEDED = {"app_entry": f'id="{ROOT}"', "config": f'id="{DATA}"', "scripts": CLIENT}
_PLACE = re.compile(r"\{%\s*(\w+)\s*%\}")


def check_theme(theme: object) -> Theme:
    """Raises ValueError for what is none."""
    for known in get_args(Theme):
        if theme == known:
            return cast(Theme, known)
    raise ValueError(f"theme={theme!r}: it is one of {', '.join(map(repr, get_args(Theme)))}.")


def check_string(template: object) -> None:
    """Raises DeclarationError for a text that lacks a place which the page cannot be without, or has an unknown one."""
    if not isinstance(template, str):
        raise DeclarationError(f"index_string is a {type(template).__name__}, but it has to be text, an HTML document.")
    places = _PLACE.findall(template)
    for place in places:
        if place not in PLACES:
            near = get_close_matches(place, PLACES, 1)
            hint = f"Did you mean {{%{near[0]}%}}?" if near else f"There are: {', '.join(PLACES)}."
            raise DeclarationError(f"index_string has {{%{place}%}}, which stands for nothing. {hint}")
    missing = [f"{{%{place}%}}" for place in _NEEDED if place not in places]
    if missing:
        raise DeclarationError(f"index_string lacks {', '.join(missing)}, without which there is no page. Add it.")


def fill(template: str, parts: Mapping[str, str]) -> str:
    """The text with all its places filled. What a part says is not looked at again."""
    return _PLACE.sub(lambda place: parts[place[1]], template)


def check_html(html: object) -> None:
    """Raises DeclarationError for what `interpolate_index` returned, if it is no page."""
    if not isinstance(html, str):
        raise DeclarationError(f"interpolate_index returned a {type(html).__name__}, but it has to return the HTML.")
    missing = [part for part, mark in _NEEDED.items() if mark not in html]
    if missing:
        raise DeclarationError(
            f"What interpolate_index returned lacks {', '.join(missing)}, without which there is no page. "
            "Put the arguments of these names into it as they are."
        )
