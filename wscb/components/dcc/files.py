"""`Upload`, and the data for `Download`."""

from __future__ import annotations

import base64
import io
import mimetypes
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Unpack

from wscb.components import checks
from wscb.components.base import Children, Number, Style
from wscb.components.dcc.control import Common, Control
from wscb.errors import DeclarationError

_TEXT_WRITERS = {"to_csv", "to_json", "to_html", "to_latex", "to_markdown", "to_string", "to_xml"}
_BYTE_WRITERS = {"to_excel", "to_feather", "to_parquet", "to_stata", "to_pickle", "to_orc"}


class Upload(Control):
    """A place to drop a file on, or to click, or to reach with Tab and press; `children` say so.

    Its files set `contents` (a data URL: "data:text/csv;base64,..."), `filename` and `last_modified` (seconds since
    1970); with `multiple` each is a list. Files that are not of `accept`, or not between `min_size` and `max_size`
    bytes (-1, the default: any), are not taken, and the component looks for a while as `className_reject` and
    `style_reject` say. `className_active` and `style_active` are for while a file is held over it,
    `className_disabled` and `style_disabled` for while it is `disabled`. `disable_click` leaves the drop alone. With
    `multiple`, `enable_folder_selection` chooses a folder by click; a folder that is dropped is not taken.
    Contents travel as one message, whose limit is `Limits(message_bytes=...)` (1 MiB by default).
    """

    __slots__ = ()

    def __init__(
        self,
        children: Children = None,
        *,
        contents: str | Sequence[str] | None = None,
        filename: str | Sequence[str] | None = None,
        last_modified: Number | Sequence[Number] | None = None,
        accept: str | None = None,
        disabled: bool | None = None,
        disable_click: bool | None = None,
        max_size: int | None = None,
        min_size: int | None = None,
        multiple: bool | None = None,
        enable_folder_selection: bool | None = None,
        className_active: str | None = None,
        className_reject: str | None = None,
        className_disabled: str | None = None,
        style_active: Style | None = None,
        style_reject: Style | None = None,
        style_disabled: Style | None = None,
        **others: Unpack[Common],
    ) -> None:
        self._take(locals())
        checks.texts("Upload", accept=accept)
        checks.numbers("Upload", max_size=max_size, min_size=min_size)
        checks.styles("Upload", style_active=style_active, style_reject=style_reject, style_disabled=style_disabled)


def send_string(
    src: str | Callable[..., Any], filename: str, type: str | None = None, **options: Any
) -> dict[str, Any]:
    """Data for `Download`: a text, or what a function writes into the text file that it is called with."""
    if not isinstance(src, str):
        file = io.StringIO()
        src(file, **options)
        src = file.getvalue()
    return {"content": src, "filename": filename, "type": type, "base64": False}


def send_bytes(
    src: bytes | Callable[..., Any], filename: str, type: str | None = None, **options: Any
) -> dict[str, Any]:
    """Data for `Download`: bytes, or what a function writes into the binary file that it is called with."""
    if callable(src):
        file = _Kept()
        src(file, **options)
        src = file.getvalue()
    return {"content": base64.b64encode(src).decode(), "filename": filename, "type": type, "base64": True}


def send_file(path: str | Path, filename: str | None = None, type: str | None = None) -> dict[str, Any]:
    """Data for `Download`: a file of the server's disk, under its own name unless another one is given."""
    file = Path(path)
    return send_bytes(file.read_bytes(), filename or file.name, type or mimetypes.guess_type(file.name)[0])


def send_data_frame(
    writer: Callable[..., Any], filename: str, type: str | None = None, **options: Any
) -> dict[str, Any]:
    """Data for `Download`: what a method of a data frame writes, as in `send_data_frame(df.to_csv, "x.csv")`."""
    name = getattr(writer, "__name__", "")
    if name in _TEXT_WRITERS:
        return send_string(writer, filename, type, **options)
    if name in _BYTE_WRITERS:
        return send_bytes(writer, filename, type, **options)
    known = ", ".join(sorted(_TEXT_WRITERS | _BYTE_WRITERS))
    raise DeclarationError(
        f"send_data_frame: {name or writer!r} is not a writer that is known ({known}). "
        "Use send_string or send_bytes with a function that writes into a file."
    )


class _Kept(io.BytesIO):
    """A file whose content is there after it was closed, which some writers do."""

    def __init__(self) -> None:
        super().__init__()
        self._content = b""

    def close(self) -> None:
        self._content = super().getvalue()
        super().close()

    def getvalue(self) -> bytes:
        return self._content if self.closed else super().getvalue()
