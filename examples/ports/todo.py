"""A to-do list: rows that come and go, and callbacks that find them by patterns."""

from wscb import ALL, MATCH, Dash, Input, Output, Patch, State, ctx, dcc, html, no_update

app = Dash(__name__, title="To do")
server = app.server


def row(number, text):
    return html.Li(
        [
            dcc.Checklist(
                [{"label": text, "value": "done"}], [], id={"type": "done", "index": number}, style={"flex": "1"}
            ),
            html.Button("Remove", id={"type": "remove", "index": number}, title=f"Remove {text}"),
        ],
        id={"type": "row", "index": number},
        style={"display": "flex", "gap": "1em"},
    )


app.layout = html.Main(
    [
        html.H1("To do"),
        dcc.Input(id="text", value="", placeholder="What is to be done?"),
        html.Button("Add", id="add"),
        html.Ul([row(0, "Water the plants")], id="rows"),
        html.P(id="left"),
        html.Button("Remove what is done", id="clear"),
        dcc.Store(id="next", data=1),
    ],
    style={"maxWidth": "30em", "margin": "2em auto"},
)


@app.callback(
    Output("rows", "children"),
    Output("text", "value"),
    Output("next", "data"),
    Input("add", "n_clicks"),
    Input("text", "n_submit"),
    State("text", "value"),
    State("next", "data"),
    prevent_initial_call=True,
)
def add(n_clicks, n_submit, text, number):
    if not text or not text.strip():
        return no_update
    rows = Patch()
    rows.append(row(number, text.strip()))
    return rows, "", number + 1


@app.callback(
    Output("rows", "children", allow_duplicate=True),
    Input({"type": "remove", "index": ALL}, "n_clicks"),
    Input("clear", "n_clicks"),
    State({"type": "done", "index": ALL}, "value"),
    State({"type": "done", "index": ALL}, "id"),
    prevent_initial_call=True,
)
def remove(clicks, clear, done, ids):
    if not ctx.triggered[0]["value"]:
        return no_update  # rows that have just been added: nobody has clicked
    if ctx.triggered_id == "clear":
        gone = [place for place, value in enumerate(done) if value]
    else:
        gone = [place for place, id in enumerate(ids) if id["index"] == ctx.triggered_id["index"]]
    rows = Patch()
    for place in reversed(gone):
        del rows[place]
    return rows


@app.callback(Output({"type": "done", "index": MATCH}, "style"), Input({"type": "done", "index": MATCH}, "value"))
def strike(value):
    return {"flex": "1", "textDecoration": "line-through" if value else "none"}


@app.callback(Output("left", "children"), Output("clear", "disabled"), Input({"type": "done", "index": ALL}, "value"))
def count(values):
    done = sum(1 for value in values if value)
    return f"{len(values) - done} of {len(values)} left", done == 0


if __name__ == "__main__":
    app.run(debug=True)
