"""Floor 4: effects become I/O. What a backend of one's own needs is here by name; docs/backends.md shows one."""

from wscb.server.asgi import AsgiSite
from wscb.server.backend import Backend, Mount, Route
from wscb.server.endpoints import Endpoint
from wscb.server.http import HttpRequest, HttpResponse
from wscb.server.site import Site
from wscb.server.socket import Disconnected, Handshake, Socket

__all__ = [
    "AsgiSite",
    "Backend",
    "Disconnected",
    "Endpoint",
    "Handshake",
    "HttpRequest",
    "HttpResponse",
    "Mount",
    "Route",
    "Site",
    "Socket",
]
