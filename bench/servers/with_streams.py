"""Twenty updates a second, and a callback to call meanwhile; `with_shared` and `with_copies` serve it."""

import asyncio

from wscb import App, Input, Limits, Output, html, set_props

HZ = 20


def app(shared: bool) -> App:
    made = App(__name__, limits=Limits(messages_per_second=1_000_000))
    made.layout = html.Div([html.Div(id=name) for name in ("in", "out", "shown")])

    @made.callback(Output("out", "children"), Input("in", "children"), websocket=True, prevent_initial_call=True)
    async def call(value: int) -> int:
        return value

    @made.callback(persistent=True, shared=shared)
    async def stream() -> None:
        loop = asyncio.get_running_loop()
        due = loop.time()
        number = 0
        while True:
            number += 1
            set_props("shown", {"data-row": {"n": number, **{f"column{i}": number / (i + 1) for i in range(10)}}})
            due += 1 / HZ
            await asyncio.sleep(max(0.0, due - loop.time()))

    return made
