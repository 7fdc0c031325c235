"""What nginx stands before: the app of the faults, and another below its prefix whose callback is called over HTTP."""

from __future__ import annotations

import os

from tests.faults.app import journal, server
from wscb import App, Input, Output, html

app = App(__name__, server=server, url_base_pathname=os.environ["WSCB_BASE"] + "posting/")
app.layout = html.Div([html.Button(id="post"), html.Div(id="posted")])


@app.callback(Output("posted", "children"), Input("post", "n_clicks"))
def post(key: str) -> str:
    journal(key)
    return key
