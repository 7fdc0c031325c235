"""The HTML around a page."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from tests.server.asgi_app import browser
from wscb import App, html
from wscb.errors import DeclarationError
from wscb.server import index

OWN = "<html><head>{%css%}</head><body><h1>Own: {x}</h1>{% app_entry %}{%config%}{%scripts%}</body></html>"


async def page(app: App) -> httpx.Response:
    app.layout = app.layout or html.Div(id="a")
    async with browser(app.server) as client:
        return await client.get("/", headers={"accept-encoding": "identity"})


def parts(html: str) -> list[str]:
    return re.findall(r'id="wscb-root"|id="wscb-page"|wscb\.js|wscb\.css|<h1>[^<]*|<title>[^<]*', html)


async def test_as_it_is_by_default() -> None:
    said = (await page(App(title="<A> & {%css%}"))).text
    assert said.startswith("<!doctype html>")
    assert parts(said) == ["<title>&lt;A&gt; &amp; {%css%}", "wscb.css", "wscb.js", 'id="wscb-root"', 'id="wscb-page"']
    assert "{%scripts" not in said


async def test_a_text_of_one_s_own() -> None:
    said = ["wscb.css", "<h1>Own: {x}", 'id="wscb-root"', 'id="wscb-page"', "wscb.js"]
    app = App(index_string=OWN)
    assert parts((await page(app)).text) == said
    later = App()
    later.index_string = OWN
    assert parts((await page(later)).text) == said


@pytest.mark.parametrize(
    ("template", "says"),
    [
        (OWN.replace("{%config%}", ""), "lacks {%config%}, without which there is no page"),
        ("", "lacks {%app_entry%}, {%config%}, {%scripts%}"),
        (OWN + "{%script%}", "{%script%}, which stands for nothing. Did you mean {%scripts%}?"),
        (OWN + "{%zzz%}", "There are: metas, title"),
        (None, "is a NoneType, but it has to be text"),
    ],
)
def test_a_text_that_is_no_page_is_found_when_the_app_is_built(template: Any, says: str) -> None:
    app = App(index_string=template)
    app.layout = html.Div()
    with pytest.raises(DeclarationError, match=re.escape(says)):
        app.build()


async def test_a_function_of_one_s_own() -> None:
    class Own(App):
        def interpolate_index(self, **parts: str) -> str:
            assert parts.keys() == set(index.PLACES)
            return super().interpolate_index(**{**parts, "title": "Other"})

    assert "<title>Other</title>" in (await page(Own())).text


@pytest.mark.parametrize(
    ("made", "says"), [(None, "returned a NoneType"), ('<p id="wscb-root">', "lacks config, scripts, without which")]
)
async def test_what_it_makes_has_to_be_a_page(made: Any, says: str, caplog: pytest.LogCaptureFixture) -> None:
    class Own(App):
        def interpolate_index(self, **parts: str) -> str:
            return made

    assert (await page(Own())).status_code == 500
    assert says in caplog.text
