"""What proxies stand before: the app of the faults, and another below its prefix that is called over HTTP."""

from __future__ import annotations

import os
from typing import Any

from tests.faults.app import journal, server
from wscb import App, Input, Output, ctx, html

app = App(__name__, server=server, url_base_pathname=os.environ["WSCB_BASE"] + "posting/")
app.layout = html.Div([html.Button(id="post"), html.Div(id="posted"), html.Div(id="seen")])


@app.callback(Output("posted", "children"), Input("post", "n_clicks"))
def post(key: str) -> str:
    journal(key)
    return key


@app.callback(Output("seen", "children"), Input("post", "n_clicks"))
def seen(key: str) -> list[Any]:
    return [os.getpid(), ctx.remote_addr]
