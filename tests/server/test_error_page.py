"""The page of a mistake: what of the error it shows, and that nothing of it is taken for HTML."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from wscb.errors import DeclarationError, UnknownId
from wscb.server import error_page


async def html(error: Exception, title: str = "Wrong", said: str = "{}") -> str:
    return (await error_page.show(error, title, "/dash/", said)).body.decode()


def visible(page: str) -> str:
    return re.sub(r"<[^>]*>", "", page)


async def test_each_mistake_is_an_article_with_the_lines_that_it_names(tmp_path: Path) -> None:
    file = tmp_path / "my app.py"
    file.write_text("one = 1\n\n@callback(\n    a < b,\n)\ndef work(): ...\n\n\nlast = 9\n")
    page = await html(UnknownId(f"work ({file}:3): no <b>.\nother (/no/such.py:7): none."))
    assert page.count("<article>") == 2
    assert "<mark><i>3</i>@callback(\n</mark>" in page
    assert "<i>2</i>" in page
    assert "<i>4</i>    a &lt; b," in page
    assert "last" not in page
    assert "no &lt;b&gt;." in page
    assert "other (/no/such.py:7): none." in visible(page)


async def test_a_file_is_read_as_it_is_now(tmp_path: Path) -> None:
    file = tmp_path / "app.py"
    error = UnknownId(f"work ({file}:1): no.")
    for line in ("before", "after, and longer"):
        file.write_text(line)
        assert line in await html(error)


async def test_it_needs_no_more_than_the_strictest_policy() -> None:
    page = await html(DeclarationError("x"), said='{"build": "a"}')
    assert "<style" not in page
    assert "style=" not in page
    assert all(f'src="/dash/_wscb/{error_page.AREA}' in tag for tag in re.findall("<script[^>]*>", page))
    assert 'data-shown="{&quot;build&quot;: &quot;a&quot;}"' in page


async def test_of_another_exception_there_is_the_traceback() -> None:
    def layout() -> None:
        raise ValueError("<script>alert(1)</script>")

    try:
        layout()
    except ValueError as error:
        page = await html(error)
    assert "<script>alert" not in page
    assert "ValueError: <script>alert(1)</script>".replace("<", "&lt;").replace(">", "&gt;") in page
    assert "in layout" in page


@pytest.mark.parametrize(("path", "status"), [("page.css", 200), ("page.js", 200), ("icon.svg", 200), ("x.js", 404)])
async def test_its_files(path: str, status: int) -> None:
    found = await error_page.answer(path, "")
    assert found.status == status


async def test_it_asks_whether_the_server_is_another(monkeypatch: pytest.MonkeyPatch) -> None:
    said = error_page.status(DeclarationError("x"))
    assert (await error_page.answer("status", said)).body.decode() == said
    assert error_page.status(DeclarationError("x")) == said
    assert error_page.status(DeclarationError("y")) != said
    monkeypatch.setattr("wscb.server.running.child", lambda: "another")
    assert error_page.status(DeclarationError("x")) != said
