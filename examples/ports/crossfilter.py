"""Towns and their weather: two charts, chosen by dropdowns, a range of years and a click in one of them."""

import math

from wscb import Dash, Input, Output, State, callback, dcc, html

YEARS = range(2010, 2024)
TOWNS = ["Aldern", "Brookfell", "Carrow", "Dunmere", "Estwick", "Farholm", "Gilsand", "Hartley"]
MEASURES = {"rain": "Rain (mm)", "sun": "Sun (h)", "wind": "Wind (km/h)", "frost": "Days of frost"}


def measured(town, measure, year):
    """A figure that looks measured, and is the same each time."""
    place, kind = TOWNS.index(town), list(MEASURES).index(measure)
    wave = math.sin(place * 1.7 + kind * 2.3) + 0.4 * math.sin(year * 0.9 + place + kind)
    return round((400, 1600, 18, 40)[kind] * (1 + 0.35 * wave), 1)


def average(town, measure, years):
    return round(sum(measured(town, measure, year) for year in years) / len(years), 1)


app = Dash(__name__, title="Towns")
server = app.server

app.layout = html.Main(
    [
        html.H1("Towns"),
        html.Label(["Across ", dcc.Dropdown(MEASURES, "rain", id="across", clearable=False)]),
        html.Label(["Upwards ", dcc.Dropdown(MEASURES, "sun", id="upwards", clearable=False)]),
        dcc.Graph(id="towns", style={"height": "320px"}),
        dcc.RangeSlider(
            YEARS[0],
            YEARS[-1],
            1,
            id="years",
            value=[2015, 2020],
            marks={year: str(year) for year in range(YEARS[0], YEARS[-1] + 1, 4)},
        ),
        html.P(id="summary"),
        dcc.RadioItems({"linear": "Linear", "log": "Logarithmic"}, "linear", id="scale", inline=True),
        dcc.Graph(id="course", style={"height": "240px"}),
        html.P(id="chosen"),
    ],
    style={"maxWidth": "50em", "margin": "2em auto"},
)


@callback(
    Output("towns", "figure"),
    Output("summary", "children"),
    Input("across", "value"),
    Input("upwards", "value"),
    Input("years", "value"),
)
def towns(across, upwards, span):
    years = range(span[0], span[1] + 1)
    x = [average(town, across, years) for town in TOWNS]
    y = [average(town, upwards, years) for town in TOWNS]
    figure = {
        "data": [{"type": "scatter", "mode": "markers", "x": x, "y": y, "text": TOWNS, "marker": {"size": 18}}],
        "layout": {
            "xaxis": {"title": {"text": MEASURES[across]}},
            "yaxis": {"title": {"text": MEASURES[upwards]}},
            "margin": {"l": 60, "r": 10, "t": 10, "b": 50},
            "hovermode": "closest",
        },
    }
    wettest = TOWNS[max(range(len(TOWNS)), key=x.__getitem__)]
    return figure, f"{span[0]} to {span[1]}: most {MEASURES[across]} in {wettest}, {max(x)} on average"


@callback(
    Output("course", "figure"),
    Output("chosen", "children"),
    Input("towns", "clickData"),
    Input("upwards", "value"),
    Input("scale", "value"),
    State("years", "value"),
)
def course(click, measure, scale, span):
    town = click["points"][0]["text"] if click else TOWNS[0]
    band = {
        "type": "rect",
        "xref": "x",
        "x0": span[0],
        "x1": span[1],
        "yref": "paper",
        "y0": 0,
        "y1": 1,
        "opacity": 0.1,
    }
    figure = {
        "data": [{"type": "scatter", "x": list(YEARS), "y": [measured(town, measure, year) for year in YEARS]}],
        "layout": {
            "yaxis": {"type": scale, "title": {"text": MEASURES[measure]}},
            "margin": {"l": 60, "r": 10, "t": 10, "b": 30},
            "shapes": [band],
        },
    }
    return figure, f"{town}: {MEASURES[measure]}, {scale}"


if __name__ == "__main__":
    app.run(debug=True)
