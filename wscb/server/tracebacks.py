"""Tracebacks for those who write apps: their own frames and those of their libraries, none of what ran them."""

from __future__ import annotations

import sysconfig
from pathlib import Path
from traceback import StackSummary, TracebackException
from types import TracebackType

from wscb.errors import WscbError

_PACKAGE = Path(__file__).resolve().parent.parent
_ROOMS = ("server", "session", "callbacks", "components", "protocol")
_OURS = (str(_PACKAGE / "app.py"), *(f"{_PACKAGE / room}/" for room in _ROOMS))
_LIBRARIES = ("<frozen ", *(f"{sysconfig.get_path(name)}/" for name in ("stdlib", "platstdlib", "purelib", "platlib")))


def text(error: BaseException) -> str:
    """The traceback as Python writes it; empty when it has no frame that helps, and the error's own words say all."""
    whole = TracebackException.from_exception(error)
    _trim(whole, error)
    return "".join(whole.format()) if whole.stack else ""


def logged(error: BaseException) -> tuple[type[BaseException], BaseException, TracebackType | None]:
    """What a logger takes as `exc_info`."""
    found: TracebackType | None = None
    for one in reversed(_helpful(error)):
        found = TracebackType(found, one.tb_frame, one.tb_lasti, one.tb_lineno)
    return type(error), error, found


def _trim(whole: TracebackException, error: BaseException) -> None:
    """In what it comes from too."""
    kept = {(one.tb_frame.f_code.co_filename, one.tb_lineno) for one in _helpful(error)}
    whole.stack = StackSummary.from_list([one for one in whole.stack if (one.filename, one.lineno) in kept])
    for inner, behind in ((whole.__cause__, error.__cause__), (whole.__context__, error.__context__)):
        if inner is not None and behind is not None:
            _trim(inner, behind)


def _helpful(error: BaseException) -> list[TracebackType]:
    """From the first frame of the author's on, else of a library's.

    What an error of wscb's own passed on its way up there is cut as well: its message says all. A fault of wscb's keeps
    what tells where it is.
    """
    frames: list[TracebackType] = []
    frame = error.__traceback__
    while frame is not None:
        frames.append(frame)
        frame = frame.tb_next
    begin = next((i for i, one in enumerate(frames) if not _is_in(one, _OURS + _LIBRARIES)), None)
    if begin is None:
        begin = next((i for i, one in enumerate(frames) if not _is_in(one, _OURS)), None)
    kept = [] if begin is None else frames[begin:]
    if not isinstance(error, WscbError):
        return kept or frames
    while kept and _is_in(kept[-1], _OURS):
        kept.pop()
    return kept


def _is_in(frame: TracebackType, places: tuple[str, ...]) -> bool:
    return frame.tb_frame.f_code.co_filename.startswith(places)
