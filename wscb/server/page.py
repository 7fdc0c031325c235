"""The index page, the client's bundle, the app's assets: what a browser gets before the socket."""

from __future__ import annotations

import asyncio
import base64
import gzip
import hashlib
import json
import logging
import mimetypes
from collections.abc import Iterable, Mapping
from functools import cached_property
from html import escape
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any
from urllib.parse import quote

from wscb.components.dcc.control import keeps_anything
from wscb.components.tree import find
from wscb.protocol import codec
from wscb.server import index, running
from wscb.server.definition import Catalog, Definition, Look
from wscb.server.http import HttpRequest, HttpResponse, text

logger = logging.getLogger("wscb.callbacks")

STATIC = Path(__file__).resolve().parent.parent / "static"
# `private`, since what the host sets on each of its answers, as the cookie of a session, stands on these too, and a
# cache that many share would hand it on. Who may have them is the host's affair too.
FOREVER = "private, max-age=31536000, immutable"
ALWAYS_ASK = "private, no-cache"
_COMPRESSIBLE = ("text/", "application/javascript", "application/json", "image/svg+xml")
# Not the machine's own table for these: some say text/plain for .js, which a module script refuses, and video for .ts.
_KINDS = {
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".map": "application/json",
    ".ts": "text/plain",
}
_SMALL = 1024
_INLINE = "((functions) => { functions[%s] = (\n%s\n); })((window.dash_clientside ??= {})._inline ??= {});\n"


class Page:
    """Serves one app's page. Files are named by a hash of their content, so that browsers may keep them for ever.

    What reads the disk or packs a layout runs on a thread: no page of the process waits for it.
    """

    def __init__(self, definition: Definition) -> None:
        self._definition = definition
        self._warned: set[str] = set()

    @cached_property
    def _client(self) -> Files:
        return Files(STATIC, _plotly())

    async def index(self, request: HttpRequest) -> HttpResponse:
        """The HTML with the page's data in it. There is no inline script or style, so a strict policy can hold."""
        layout = await self._definition.layout()
        return await asyncio.to_thread(self._index, request, layout)

    def _warn(self, catalog: Catalog) -> None:
        """Says each mistake once, not for each page."""
        self._definition.problems.laid_out(catalog)
        for message in self._definition.mismatches(catalog):
            if message not in self._warned:
                self._warned.add(message)
                logger.warning("%s", message)

    async def static(self, request: HttpRequest, path: str) -> HttpResponse:
        """`<hash>/<file>` of the client's bundle."""
        return await asyncio.to_thread(self._static, request, path)

    async def inline(self, request: HttpRequest, path: str) -> HttpResponse:
        """A function of the page that was given as source: a file of its own, as a strict policy wants, and so that a
        mistake in one does not keep the others from being there. Its name is a digest of it."""
        name = path.removesuffix(".js")
        source = self._definition.sources.get(name)
        if source is None or name == path:
            return text(404, "There is no such function.")
        body = _INLINE % (json.dumps(name), source.strip().rstrip(";"))
        headers = {"cache-control": FOREVER, "x-content-type-options": "nosniff"}
        return compressed(request, HttpResponse(200, "text/javascript; charset=utf-8", body.encode(), headers))

    async def asset(self, request: HttpRequest, path: str) -> HttpResponse:
        """A file of the assets folder, as it is on disk now; never one outside of it."""
        return await asyncio.to_thread(self._asset, request, path)

    def _index(self, request: HttpRequest, layout: Any) -> HttpResponse:
        self._warn({id: found.props for id, found in find(layout).items()})
        base = request.root_path + self._definition.base
        html = self._html(base, codec.pack(self._data(base, layout)))
        response = HttpResponse(content_type="text/html; charset=utf-8", body=html.encode())
        # It holds this moment's layout and this server's build; no-store would bar the back-forward cache.
        response.headers["cache-control"] = ALWAYS_ASK
        return compressed(request, response)

    def _static(self, request: HttpRequest, path: str) -> HttpResponse:
        version, _, name = path.partition("/")
        file = self._client.get(name)
        if file is None:
            return text(404, "There is no such file.")
        return _file(request, file, FOREVER if version == self._client.version else ALWAYS_ASK)

    def _asset(self, request: HttpRequest, path: str) -> HttpResponse:
        target = _within(self._definition.look.assets, path)
        if target is None:
            return text(404, "There is no such file.")
        return _file(request, File(target), FOREVER if "v=" in request.handshake.query else ALWAYS_ASK)

    def _data(self, base: str, layout: Any) -> dict[str, Any]:
        definition = self._definition
        limits = definition.limits
        return {
            "build": definition.build,
            "base": base,
            "title": definition.look.title,
            "update_title": definition.look.update_title or None,
            "debug": definition.debug,
            "socket": any(spec["socket"] for spec in definition.specs),
            "banner": True,
            "limits": {
                "message": limits.message_bytes,
                "calls": limits.calls_in_flight,
                "rate": limits.messages_per_second,
            },
            "layout": layout,
            "callbacks": definition.specs,
        }

    def _html(self, base: str, data: bytes) -> str:
        look = self._definition.look
        static = f"{base}_wscb/static/{self._client.version}/"
        scripts = self._assets(base, ".js", ".mjs")
        modules = self._modules(bool(scripts or look.external_scripts))
        viewport = {"name": "viewport", "content": "width=device-width, initial-scale=1"}
        own = any(meta.get("name") == viewport["name"] for meta in look.meta_tags)
        metas = [{"charset": "utf-8"}, *([] if own else [viewport]), *look.meta_tags]
        css = [
            _stylesheet({"href": f"{static}wscb.css"}),
            *(_stylesheet(_attributes(sheet, "href")) for sheet in look.external_stylesheets),
            *(_stylesheet({"href": url}) for url in self._assets(base, ".css")),
        ]
        all_scripts = [
            *(_script(_attributes(script, "src")) for script in look.external_scripts),
            *(_script({"src": url, **_when(url)}) for url in scripts),
            *(_script({"src": f"{base}_wscb/inline/{name}.js", "defer": ""}) for name in self._definition.sources),
            *(_script({"src": static + module, "type": "module"}) for module in (*modules, index.CLIENT)),
            _tag("link", {"rel": "modulepreload", "href": f"{static}late.js"}),
        ]
        return look.index(
            {
                "metas": "\n".join(_tag("meta", meta) for meta in metas),
                "title": escape(look.title),
                "favicon": self._icon(base, static),
                "css": "\n".join(css),
                "scripts": "\n".join(all_scripts),
                "app_entry": f'<div id="{index.ROOT}" data-wscb-state="connecting"{_theme(look)}></div>\n'
                "<noscript>This page needs JavaScript.</noscript>",
                "config": f'<script type="application/octet-stream" id="{index.DATA}">'
                f"{base64.b64encode(data).decode()}</script>",
                "renderer": "",
            }
        )

    def _modules(self, scripts: bool) -> list[str]:
        """What the page does without, unless its callbacks need it, or scripts of its own. They stand before ours."""
        specs = self._definition.specs
        needed = {name for name in ("patterns", "clientside") if any(name in spec for spec in specs)}
        if "patterns" in needed or self._definition.open or keeps_anything() or any(map(_searches, specs)):
            needed.add("arrivals")
        named = [f"{name}.js" for name in sorted(needed | ({"clientside"} if scripts else set()), reverse=True)]
        if running.child():
            ask = "" if any(spec["socket"] for spec in specs) else "&ask"
            named.append(f"debug.js?{self._definition.build}{ask}")
        return named

    def _icon(self, base: str, static: str) -> str:
        own = next((url for url in self._assets(base, ".ico", ".svg") if "/favicon." in url), None)
        return _tag("link", {"rel": "icon", "href": own or f"{static}favicon.svg"})

    def _assets(self, base: str, *endings: str) -> list[str]:
        """The URLs of the app's own files with one of these endings, in the order of their paths, as in Dash."""
        folder = self._definition.look.assets
        if folder is None or not folder.is_dir():
            return []
        files = sorted(path for path in folder.rglob("*") if path.suffix in endings and _is_public(path, folder))
        return [f"{base}assets/{quote(path.relative_to(folder).as_posix())}?v={File(path).digest}" for path in files]


def _searches(spec: Mapping[str, Any]) -> bool:
    """Whether a callback reads what is typed into a Dropdown."""
    return any(ref[1] == "search_value" for ref in (*spec["inputs"], *spec["state"]))


def _is_public(path: Path, folder: Path) -> bool:
    """Whether it is a file of the folder that is meant for browsers: none that is hidden, as .env is."""
    if not path.is_relative_to(folder) or not path.is_file():
        return False
    return not any(part.startswith(".") for part in path.relative_to(folder).parts)


class File:
    """One file's content, its type and its hash."""

    def __init__(self, path: Path) -> None:
        self.name = path.name
        self.body = path.read_bytes()

    @cached_property
    def digest(self) -> str:
        return hashlib.sha256(self.body).hexdigest()[:12]

    @cached_property
    def gzipped(self) -> bytes:
        return gzip.compress(self.body, mtime=0)

    @property
    def content_type(self) -> str:
        kind = _KINDS.get(Path(self.name).suffix) or mimetypes.guess_type(self.name)[0] or "application/octet-stream"
        return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind


class Files:
    """The files of a folder, read once. `version` changes with any of them, and with `others`.

    Those are files of elsewhere, each with what its content goes by; it is read when it is first asked for.
    """

    def __init__(self, folder: Path, others: Mapping[Path, str]) -> None:
        self._files = {path.name: File(path) for path in sorted(folder.iterdir()) if path.is_file()}
        self._others = {path.name: path for path in others}
        contents = [*(file.digest for file in self._files.values()), *others.values()]
        self.version = hashlib.sha256("".join(contents).encode()).hexdigest()[:12]

    def get(self, name: str) -> File | None:
        if name in self._others and name not in self._files:
            self._files[name] = File(self._others[name])
        return self._files.get(name)


def _plotly() -> dict[Path, str]:
    """plotly.js as the package plotly has it, where that is installed, with its version. It is not imported for it."""
    try:
        found = distribution("plotly")
    except PackageNotFoundError:
        return {}
    file = Path(str(found.locate_file("plotly"))) / "package_data" / "plotly.min.js"
    return {file: found.version} if file.is_file() else {}


def _within(folder: Path | None, path: str) -> Path | None:
    """The file of the folder that has this path; None when it has none, or when the path or a link leads out of it."""
    if folder is None:
        return None
    try:
        target = (folder / path).resolve()
        return target if _is_public(target, folder.resolve()) else None
    except (OSError, ValueError):  # no name that a file can have
        return None


def _file(request: HttpRequest, file: File, cache: str) -> HttpResponse:
    tag = f'"{file.digest}"'
    # Weak, since it stands for the plain and the compressed body.
    headers = {"cache-control": cache, "etag": f"W/{tag}", "x-content-type-options": "nosniff"}
    known = request.handshake.header("if-none-match") or ""
    if tag in known or known == "*":
        return HttpResponse(status=304, headers=headers)
    return compressed(request, HttpResponse(content_type=file.content_type, body=file.body, headers=headers), file)


def compressed(request: HttpRequest, response: HttpResponse, file: File | None = None) -> HttpResponse:
    """The response as gzip where that pays and the browser takes it."""
    if len(response.body) < _SMALL or not response.content_type.startswith(_COMPRESSIBLE):
        return response
    headers = {**response.headers, "vary": "accept-encoding"}
    body = response.body
    if _takes_gzip(request.handshake.header("accept-encoding") or ""):
        headers["content-encoding"] = "gzip"
        body = file.gzipped if file is not None else gzip.compress(body, 5, mtime=0)
    return HttpResponse(response.status, response.content_type, body, headers)


def _takes_gzip(accepted: str) -> bool:
    """`accepted` is a list of codings, each with a weight perhaps; a weight of 0 refuses it."""
    for coding in accepted.lower().split(","):
        name, _, weight = coding.replace(" ", "").partition(";q=")
        if name == "gzip":
            return weight.strip("0.") != "" or weight == ""
    return False


def _attributes(given: str | Mapping[str, str], name: str) -> Mapping[str, str]:
    return {name: given} if isinstance(given, str) else given


def _theme(look: Look) -> str:
    """On the root, which every page has, whatever its HTML is."""
    return "" if look.theme == "auto" else f' data-theme="{look.theme}"'


def _stylesheet(attributes: Mapping[str, str]) -> str:
    return _tag("link", {"rel": "stylesheet", **attributes})


def _script(attributes: Mapping[str, str]) -> str:
    return _tag("script", attributes) + "</script>"


def _when(url: str) -> dict[str, str]:
    """An asset's script runs in its place, before those of the page: modules wait for that as deferred ones do."""
    return {"type": "module"} if ".mjs?" in url else {"defer": ""}


def _tag(name: str, attributes: Mapping[str, str]) -> str:
    def pairs() -> Iterable[str]:
        for key, value in attributes.items():
            yield f' {key}="{escape(str(value))}"' if value != "" else f" {key}"

    return f"<{name}{''.join(pairs())}>"
