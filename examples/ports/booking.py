"""A form in three tabs: a chain of choices, a price that follows, and a button that reads what is there."""

from wscb import ALL, Dash, Input, Output, State, ctx, dcc, html, set_props
from wscb.exceptions import PreventUpdate

CITIES = {"North": {"Aldern": 80, "Brookfell": 95}, "South": {"Carrow": 60, "Dunmere": 120, "Estwick": 75}}
EXTRAS = {"breakfast": 12, "parking": 8, "dog": 15}

app = Dash(__name__, title="Booking")
server = app.server


def field(label, control):
    return html.Div([html.Label(label), control], style={"margin": "1em 0"})


def onward(to, text):
    return html.Button(text, id={"type": "onward", "to": to})


app.layout = html.Main(
    [
        html.H1("Book a room"),
        dcc.Tabs(
            id="tabs",
            value="where",
            children=[
                dcc.Tab(
                    label="Where",
                    value="where",
                    children=[
                        field("Region", dcc.RadioItems(list(CITIES), "North", id="region")),
                        field("City", dcc.Dropdown(id="city", clearable=False)),
                        field("Nights", dcc.Input(id="nights", type="number", min=1, max=30, value=2)),
                        onward("who", "Next: who"),
                    ],
                ),
                dcc.Tab(
                    label="Who",
                    value="who",
                    children=[
                        field("Name", dcc.Input(id="name", value="")),
                        field("Guests", dcc.Input(id="guests", type="number", min=1, max=6, value=1)),
                        field("Extras", dcc.Checklist(list(EXTRAS), [], id="extras")),
                        onward("sum", "Next: summary"),
                    ],
                ),
                dcc.Tab(
                    label="Summary",
                    value="sum",
                    children=[
                        html.P(id="price"),
                        html.Button("Book", id="book", disabled=True),
                        html.P(id="said", role="status"),
                        html.Ol(id="booked"),
                    ],
                ),
            ],
        ),
        dcc.Store(id="bookings", data=[]),
    ],
    style={"maxWidth": "36em", "margin": "2em auto"},
)


@app.callback(Output("tabs", "value"), Input({"type": "onward", "to": ALL}, "n_clicks"), prevent_initial_call=True)
def go(clicks):
    if not any(clicks):
        raise PreventUpdate
    return ctx.triggered_id["to"]


@app.callback(Output("city", "options"), Output("city", "value"), Input("region", "value"))
def cities(region):
    names = list(CITIES[region])
    return names, names[0]


@app.callback(
    output={"text": Output("price", "children"), "off": Output("book", "disabled")},
    inputs={
        "place": (Input("region", "value"), Input("city", "value")),
        "stay": {"nights": Input("nights", "value"), "guests": Input("guests", "value")},
        "extras": Input("extras", "value"),
        "name": Input("name", "value"),
    },
)
def price(place, stay, extras, name):
    region, city = place
    if city not in CITIES[region]:
        raise PreventUpdate
    if not stay["nights"] or not stay["guests"]:
        return {"text": "How many nights, how many guests?", "off": True}
    each = CITIES[region][city] + sum(EXTRAS[extra] for extra in extras)
    total = each * stay["nights"] * stay["guests"]
    what = f"{city}, {stay['nights']} nights, {stay['guests']} guests: {total} €"
    return {"text": what if name else f"{what}. Who is coming?", "off": not name}


@app.callback(
    Output("bookings", "data"),
    Output("said", "children"),
    Input("book", "n_clicks"),
    State("bookings", "data"),
    State("name", "value"),
    State("price", "children"),
    prevent_initial_call=True,
)
def book(n_clicks, bookings, name, what):
    if any(booking["name"] == name for booking in bookings):
        return bookings, f"{name} has a room already."
    set_props("extras", {"value": []})
    return [*bookings, {"name": name, "what": what}], f"Thank you, {name}."


@app.callback(Output("booked", "children"), Input("bookings", "data"))
def booked(bookings):
    return [html.Li(f"{booking['name']}: {booking['what']}") for booking in bookings]


if __name__ == "__main__":
    app.run(debug=True)
