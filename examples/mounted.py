"""A dashboard in a FastAPI app that is there already: below a prefix, beside its own routes and documentation.

uvicorn mounted:server, in examples/, then open http://127.0.0.1:8000/dashboard/ and http://127.0.0.1:8000/docs
"""

from fastapi import FastAPI

from wscb import App, Input, Output, dcc, html

server = FastAPI(title="Orders")
orders = {"ann": 3, "bob": 5}


@server.get("/api/orders/{name}")
def count(name: str) -> int:
    return orders.get(name, 0)


app = App(__name__, server=server, url_base_pathname="/dashboard/", title="Orders")
app.layout = html.Main(
    [html.H1("Orders"), dcc.Dropdown(["ann", "bob"], "ann", id="name", clearable=False), html.P(id="out")]
)


@app.callback(Output("out", "children"), Input("name", "value"))
def show(name: str) -> str:
    return f"{name.title()} has {count(name)} orders."
