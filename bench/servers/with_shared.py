"""One run for all viewers."""

from servers.with_streams import app

server = app(shared=True).server
