"""Small apps for the tests of the server."""

from __future__ import annotations

from typing import Any

from wscb import App, html


def app_with(*components: Any, **options: Any) -> App:
    """An app whose layout has these components, a button `run` and an output `out`."""
    app = App(__name__, **options)
    app.layout = html.Div([html.Button("Run", id="run"), html.Output(id="out"), html.Div(id="log"), *components])
    return app
