"""`Markdown`: text with marks in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal, Unpack

from wscb.components import checks
from wscb.components.dcc.control import Common, Control


class Markdown(Control):
    """Text in GitHub's Markdown: `children` is a string, or a list of them, which are joined by an empty line.

    Headings, emphasis, lists and task lists, tables, quotes, code, links and images. HTML in it is shown as the text
    that it is; a link with a script in it is shown without its address. `link_target` is for all links, as "_blank".
    `dedent` (default True) takes off the indentation that all lines have.
    """

    __slots__ = ()
    _unseen: ClassVar[Mapping[str, str]] = {"highlight_config": "code is shown in one colour"}

    def __init__(
        self,
        children: str | Sequence[str] | None = None,
        *,
        dangerously_allow_html: Literal[False] | None = None,
        mathjax: Literal[False] | None = None,
        link_target: str | None = None,
        dedent: bool | None = None,
        **others: Unpack[Common],
    ) -> None:
        self._take(locals())
        checks.markdown("Markdown", children)
        checks.never("Markdown", "dangerously_allow_html", dangerously_allow_html, "build the page of wscb.html")
        checks.never("Markdown", "mathjax", mathjax, "formulas are not typeset here")
