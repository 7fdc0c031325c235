"""A run for each viewer."""

from servers.with_streams import app

server = app(shared=False).server
