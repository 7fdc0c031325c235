"""What a visitor wrote is data: components and props that came with it run nothing, and cost the others nothing."""

from __future__ import annotations

from conftest import Console
from playwright.sync_api import Page, expect
from serving import Serve

HEAD = """
from wscb import App, Input, Output, dcc, html

app = App(__name__)
server = app.server
"""


def test_no_script_runs_that_came_as_data(serve: Serve, page: Page, console: Console) -> None:
    """A visitor's JSON stands where children go; each part of it would set `window.pwned` if it ran."""
    console.allow(r"^warning: (component_failed|refused_prop) ")
    server = serve.code(
        HEAD
        + """
EVIL = "window.pwned = 1"
FRAME = "<script>parent.pwned = 1</script>"
app.layout = html.Div([html.P(id="box"), html.P(id="end")])

def node(type, namespace="wscb_html", **props):
    return {"type": type, "namespace": namespace, "props": props}

@server.get("/evil.js")
def evil():
    from fastapi.responses import Response
    return Response(EVIL, media_type="text/javascript")

@app.callback(Output("box", "children"), Input("box", "title"))
def work(title):
    names = ["Script", "ScriptEl", "scriptEl", "SCRIPTEl", "scriptel", "StyleEl", "STYLEEL", "HtmlEl", "BodyEl"]
    spaces = ["wscb_html", "wscb_dcc/Input", "wscb_dcc/Textarea", "wscb_element", "wscb_dcc"]
    tree = [node(name, space, children=EVIL, src="/evil.js") for name in names for space in spaces]
    for tag in ["Iframe", "iframe", "IFRAME"]:
        tree += [node(tag, **{name: FRAME}) for name in ["srcdoc", "srcDoc", "SRCDOC"]]
        tree += [node(tag, src="javascript:parent.pwned=1"), node(tag, src=" java\\nscript:parent.pwned=1")]
        tree += [node(tag, "wscb_element", srcdoc=FRAME)]
    tree += [node("x-frame", "wscb_element", srcdoc=FRAME, innerHTML=FRAME, outerHTML=FRAME, onclick=EVIL)]
    address = "javascript:" + EVIL
    use = node("use", href="data:image/svg+xml,<svg id='x' onload='top.pwned=1'/>#x", **{"xlink:href": address})
    tree += [node("svg", children=[use, node("ScriptEl", children=EVIL), node("animate", values=address)])]
    tree += [node("math", children=node("mtext", children=node("ScriptEl", children=EVIL), href=address))]
    tree += [node("Img", src="data:,", onerror=EVIL, onError=EVIL)]
    tree += [node("ObjectEl", data="data:text/html," + FRAME)]
    tree += [node("Embed", src="data:image/svg+xml,<svg onload='top.pwned=1'/>")]
    tree += [node("A", id="link", href="JavaScript:" + EVIL, children="link")]
    tree += [node("Form", action=address, children=node("Button", id="send", formAction=address))]
    return tree

@app.callback(Output("end", "children"), Input("box", "children"))
def end(children): return "drawn" if children else None
"""
    )
    page.goto(server.url)
    expect(page.locator("#end")).to_have_text("drawn")
    expect(page.locator("#link")).to_have_text("link")
    assert page.locator("#wscb-root").locator("script, style, html, head, body").count() == 0
    assert page.locator("#wscb-root [srcdoc]").count() == 0
    page.locator("#link").click()
    page.locator("#send").click()
    page.wait_for_load_state("networkidle")
    assert page.evaluate("window.pwned") is None
    assert "/evil.js" not in server.log


def test_one_bad_value_costs_the_others_nothing(serve: Serve, page: Page) -> None:
    server = serve.code(
        HEAD
        + """
app.layout = html.Div([html.P(id="bad"), html.P(id="good"), html.Progress(id="bar", value=0)])

@app.callback(Output("bad", "children"), Output("good", "children"), Input("bad", "title"))
def work(title): return {"n": 2**60}, "drawn"
"""
    )
    page.goto(server.url)
    expect(page.locator("#good")).to_have_text("drawn")
    expect(page.locator("#bad")).to_have_text('{"n":"1152921504606846976"}')
    # A bar at 0 is at its start, and not one that does not know how far it is.
    assert page.evaluate("document.querySelector('#bar').position") == 0
