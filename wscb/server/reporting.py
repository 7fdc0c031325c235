"""Problems that a page tells over HTTP: in debug to hear what to show, in production when it has no socket."""

from __future__ import annotations

import json
from time import monotonic

from pydantic import ValidationError

from wscb.protocol.messages import Problem
from wscb.server.definition import Definition
from wscb.server.http import HttpRequest, HttpResponse, text

MOST_A_SECOND = 10
"""Are logged, since anybody can tell them."""

LONGEST = 8 * 1024
"""Bytes that are read of one."""


class Reporting:
    """`POST _wscb/problem`: a map with the fields of the socket's `problem`, as JSON."""

    def __init__(self, definition: Definition) -> None:
        self._definition = definition
        self._since, self._count = 0.0, 0

    def answer(self, request: HttpRequest) -> HttpResponse:
        """In debug 200 with `message` and, where they are known, the `callback`s that are behind it; else 202."""
        if request.method != "POST":
            return text(405, "Problems are told with POST.")
        # A form or a script of another site cannot send this type without asking first, and would be refused then.
        if request.handshake.content_type != "application/json":
            return text(415, "A problem's content type is application/json.")
        if not self._definition.origins.allow(request.handshake):
            return text(403, "This origin is not allowed.")
        try:
            problem = Problem(**json.loads(request.body[:LONGEST]))
        except (ValueError, TypeError, RecursionError, ValidationError):
            return text(400, "Not a problem.")
        problems = self._definition.problems
        found = problems.note(problem, "a page") if self._is_moderate() else problems.explain(problem)
        if not self._definition.debug:
            return text(202, "")
        said = {"message": found.message} | ({"callback": found.callback} if found.callback else {})
        return HttpResponse(200, "application/json", json.dumps(said).encode(), {"cache-control": "no-store"})

    def _is_moderate(self) -> bool:
        now = monotonic()
        if now - self._since >= 1:
            self._since, self._count = now, 0
        self._count += 1
        return self._count <= MOST_A_SECOND
