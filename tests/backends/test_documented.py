"""The backend that docs/backends.md shows is short, complete, and takes servers of its kind."""

from __future__ import annotations

from starlette.applications import Starlette

from tests.backends.documented import CODE, StarletteBackend
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


def test_each_server_that_people_run_is_documented_and_so_tried() -> None:
    from tests.backends.test_servers import documented

    programs = [(line.split()[0], backend) for line, (backend, _) in documented().items()]
    assert {name for name, backend in programs if backend != "flask"} == {"uvicorn", "hypercorn", "granian", "gunicorn"}
    assert {name for name, backend in programs if backend == "flask"} == {"gunicorn", "granian", "flask"}
