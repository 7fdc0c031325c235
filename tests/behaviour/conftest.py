from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from tests.behaviour.pages import Kind, Transport

Form = Callable[[Callable[..., Any]], Callable[..., Any]]


@pytest.fixture(params=["socket", "http"])
async def over(request: pytest.FixtureRequest, clean_loop: None) -> AsyncIterator[Transport]:
    kind: Kind = request.param
    transport = Transport(kind)
    yield transport
    await transport.close()


@pytest.fixture(params=["def", "async def"])
def form(request: pytest.FixtureRequest) -> Form:
    """Makes of a plain function one of the form that is tested."""

    def made(function: Callable[..., Any]) -> Callable[..., Any]:
        async def as_coroutine(*arguments: Any, **named: Any) -> Any:
            return function(*arguments, **named)

        return function if request.param == "def" else as_coroutine

    return made
