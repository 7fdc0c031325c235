"""The page that shows a developer what is wrong, in debug, and that comes back when it is mended.

It follows the strictest policy: its style and its script are files, and nothing comes from elsewhere.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import linecache
import re
from html import escape
from pathlib import Path

from wscb.errors import WscbError
from wscb.server import running, tracebacks
from wscb.server.http import HttpResponse, text

AREA = "error/"
"""Below `_wscb/`."""

BEFORE, AFTER = 1, 5
"""Lines shown around the one that is named: a callback begins with its decorator."""

_HERE = Path(__file__).parent
_FILES = {
    "page.css": (_HERE / "page.css", "text/css; charset=utf-8"),
    "page.js": (_HERE / "page.js", "text/javascript; charset=utf-8"),
    "icon.svg": (_HERE.parent.parent / "static" / "favicon.svg", "image/svg+xml"),
}
_PLACE = re.compile(r"\(([^()\n]+):(\d+)\)|((?:/|[A-Za-z]:\\)\S+?):(\d+)\b")
"""As a callback's `where` has it, or an absolute path in a sentence."""


async def show(error: Exception, title: str, base: str, said: str) -> HttpResponse:
    """The error with the lines of the files that it names. `said` is what `answer` says as the status now."""
    return await asyncio.to_thread(_shown, error, title, base, said)


def _shown(error: Exception, title: str, base: str, said: str) -> HttpResponse:
    below = f"{base}_wscb/{AREA}"
    shown = escape(said)
    body = (
        f'<!doctype html>\n<html lang="en" data-status="{escape(below)}status" data-shown="{shown}">\n<head>\n'
        '<meta charset="utf-8">\n<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n"
        f'<link rel="icon" href="{escape(below)}icon.svg">\n<link rel="stylesheet" href="{escape(below)}page.css">\n'
        f'<script type="module" src="{escape(below)}page.js"></script>\n</head>\n<body>\n<main>\n'
        f"<h1>{escape(title)}</h1>\n<p><code>{escape(_kind(error))}</code></p>\n{_articles(error)}"
        "<footer>This is shown because <code>debug</code> is on; without it there is a reference number alone. "
        "The page comes back by itself when the server has started again with the mended file.</footer>\n"
        "</main>\n</body>\n</html>\n"
    )
    return HttpResponse(500, "text/html; charset=utf-8", body.encode(), {"cache-control": "no-store"})


async def answer(path: str, said: str) -> HttpResponse:
    """What the page asks for: its files, and whether the server is still the one that had the error."""
    if path == "status":
        return HttpResponse(200, "application/json", said.encode(), {"cache-control": "no-store"})
    if path not in _FILES:
        return text(404, "There is no such file.")
    file, kind = _FILES[path]
    headers = {"cache-control": "no-cache", "x-content-type-options": "nosniff"}
    return HttpResponse(200, kind, await asyncio.to_thread(file.read_bytes), headers)


def status(error: Exception) -> str:
    """What the status of a server is that has this error alone to serve."""
    digest = hashlib.sha256(f"{running.child()} {error!r}".encode()).hexdigest()[:16]
    return json.dumps({"ready": False, "build": digest})


def _kind(error: Exception) -> str:
    code = f" ({error.code})" if isinstance(error, WscbError) else ""
    return f"{type(error).__name__}{code}"


def _articles(error: Exception) -> str:
    """One for each mistake that the error names, which are its lines; then where it came from."""
    mistakes = str(error).splitlines() if isinstance(error, WscbError) else [f"{type(error).__name__}: {error}"]
    found = "".join(f"<article>\n<p>{_marked(one)}</p>\n{_excerpts(one)}</article>\n" for one in mistakes)
    trace = escape(tracebacks.text(error))
    return found + (f'<article>\n<pre tabindex="0"><span>{trace}</span></pre>\n</article>\n' if trace else "")


def _marked(message: str) -> str:
    """As HTML, with its files as code."""
    out, done = "", 0
    for found in _PLACE.finditer(message):
        out += f"{escape(message[done : found.start()])}<code>{escape(found[0])}</code>"
        done = found.end()
    return out + escape(message[done:])


def _excerpts(message: str) -> str:
    places = dict.fromkeys((found[1] or found[3], int(found[2] or found[4])) for found in _PLACE.finditer(message))
    return "".join(_excerpt(file, line) for file, line in places)


def _excerpt(file: str, line: int) -> str:
    linecache.checkcache(file)
    lines = linecache.getlines(file)
    if not 0 < line <= len(lines):
        return ""
    first = max(1, line - BEFORE)
    shown = []
    for number, content in enumerate(lines[first - 1 : line + AFTER], first):
        tag = "mark" if number == line else "span"
        shown.append(f"<{tag}><i>{number}</i>{escape(content.rstrip())}\n</{tag}>")
    name = f"{escape(file)}:{line}"
    return f'<figure>\n<figcaption>{name}</figcaption>\n<pre tabindex="0">{"".join(shown)}</pre>\n</figure>\n'
