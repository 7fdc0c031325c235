"""Components: what a layout is made of, and what can be found in one."""

from wscb.components import dcc, html
from wscb.components.base import Component, allowed_props, id_text, near_names
from wscb.components.element import Element
from wscb.components.tree import Found, check_ids, find, id_of, walk

__all__ = [
    "Component",
    "Element",
    "Found",
    "allowed_props",
    "check_ids",
    "dcc",
    "find",
    "html",
    "id_of",
    "id_text",
    "near_names",
    "walk",
]
