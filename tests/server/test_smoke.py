from wscb import App, Input, Output, get_prop, html, set_props
from wscb.testing import User


def make() -> App:
    app = App(__name__)
    app.layout = html.Div([html.Button("Run", id="run"), html.Output(id="out"), html.Span(id="clock", children="12")])

    @app.callback(Output("out", "children"), Input("run", "n_clicks"), websocket=True, prevent_initial_call=True)
    async def work(n_clicks):
        set_props("clock", {"children": "13"})
        return f"run {n_clicks} at {await get_prop('clock', 'children')}"

    return app


async def test_call():
    async with User(make()) as user:
        (call,) = await user.set("run", "n_clicks", 3)
        assert await user.settled(call) == "ok"
        assert user.props["out", "children"] == "run 3 at 13"
