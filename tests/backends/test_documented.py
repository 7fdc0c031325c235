"""The backend that docs/backends.md shows is short, complete, and takes servers of its kind."""

from __future__ import annotations

from starlette.applications import Starlette

from tests.backends.documented import CODE, TEXT, StarletteBackend
from wscb import App
from wscb.server import Backend
from wscb.server.backends import _CLASSES, WITH_SOCKETS


def test_it_has_less_than_a_hundred_lines() -> None:
    assert 10 < len(CODE.splitlines()) < 100


def test_it_is_an_argument_of_app() -> None:
    assert issubclass(StarletteBackend, Backend)
    server = Starlette()
    assert App(__name__, backend=StarletteBackend, server=server).server is server
    assert isinstance(App(__name__, backend=StarletteBackend).server, Starlette)


def test_what_errors_say_of_sockets_is_so() -> None:
    from wscb.server.backends import _load

    assert tuple(name for name in _CLASSES if _load(name).sockets) == WITH_SOCKETS


def test_each_server_that_is_named_is_tried() -> None:
    from tests.backends.test_servers import SERVERS

    tried = " ".join(command for _, command in SERVERS.values())
    commands = TEXT.partition("## Serving\n\n```\n")[2].partition("```")[0].splitlines()
    assert len(commands) == 7
    for command in commands:
        words = command.partition("#")[0].split()
        kind = [word for word in words if word in ("asgi", "wsgi", "run", "uvicorn.workers.UvicornWorker")]
        assert words[0] in tried, command
        assert all(word in tried for word in kind), command
