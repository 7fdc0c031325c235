"""wscb in a host: below its prefix it answers, and nothing else of the host changes."""

from __future__ import annotations

from typing import Any

import pytest

from tests.backends.hosts import FlaskKind, Kind, Teapot
from tests.server.asgi_app import MSGPACK, call, delta_of
from wscb import Input, Output, html
from wscb.errors import DeclarationError

PREFIXES = ["/", "/dash/", "/a/b/"]
RUN = Input("run", "n_clicks")
OUT = Output("out", "children")
ID = "out.children|run.n_clicks"


async def status(kind: Kind, server: Any, path: str, method: str = "GET") -> int:
    async with kind.client(server) as client:
        return int((await client.request(method, path)).status_code)


# ------------------------------------------------------------------------------------------- what wscb answers


@pytest.mark.parametrize("prefix", PREFIXES)
async def test_all_of_the_page_is_below_the_prefix(kind: Kind, prefix: str) -> None:
    server = kind.host()
    app = kind.app(server, prefix)
    app.callback(OUT, RUN)(lambda clicks: clicks)
    async with kind.client(server) as client:
        page = await client.get(prefix)
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert f'src="{prefix}_wscb/static/' in page.text
        script = page.text.partition(f'type="module" src="{prefix}')[2] or page.text.partition(f'src="{prefix}')[2]
        assert (await client.get(prefix + script.partition('"')[0])).status_code == 200
        assert (await client.get(f"{prefix}_wscb/status")).json()["ready"] is True
        answer = await client.post(f"{prefix}_wscb/invoke", content=call(ID, [3]), headers=MSGPACK)
        assert delta_of(answer).changes == [("set", "out", "children", 3)]


async def test_an_app_makes_its_own_server(kind: Kind) -> None:
    app = kind.app()
    assert type(app.server) is type(kind.own())
    assert await status(kind, app.server, "/") == 200
    assert await status(kind, app.server, "/nowhere") == 404


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
async def test_other_methods_are_refused(kind: Kind, method: str) -> None:
    server = kind.own()
    kind.app(server, "/dash/")
    assert await status(kind, server, "/dash/_wscb/invoke", method) == 405
    assert await status(kind, server, "/dash/", method) == 405


async def test_head_has_the_headers_of_get(kind: Kind) -> None:
    app = kind.app()
    async with kind.client(app.server, **{"accept-encoding": "identity"}) as client:
        head = await client.request("HEAD", "/")
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-length"] == (await client.get("/")).headers["content-length"]


async def test_a_file_that_the_browser_has_is_not_sent_again(kind: Kind) -> None:
    app = kind.app()
    async with kind.client(app.server) as client:
        first = await client.get("/_wscb/static/x/wscb.js")
        again = await client.get("/_wscb/static/x/wscb.js", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert "content-type" not in again.headers


async def test_it_is_compressed_once(kind: Kind) -> None:
    app = kind.app()
    async with kind.client(app.server, **{"accept-encoding": "gzip"}) as client:
        response = await client.get("/_wscb/static/x/wscb.js")
        assert response.headers["content-encoding"] == "gzip"
        assert "late.js" in response.text


async def test_the_address_without_its_slash_leads_to_the_page(kind: Kind) -> None:
    server = kind.host()
    kind.app(server, "/dash/")
    async with kind.client(server) as client:
        moved = await client.get("/dash")
        assert moved.is_redirect
        assert moved.headers["location"].endswith("/dash/")


async def test_a_host_that_does_not_ask_for_slashes_has_the_page_there_too(kind: Kind) -> None:
    server = kind.own()
    if hasattr(server, "url_map"):
        server.url_map.strict_slashes = False
    kind.app(server, "/dash/")
    async with kind.client(server) as client:
        assert "wscb-root" in (await client.get("/dash", follow_redirects=True)).text


async def test_health_and_readiness(kind: Kind) -> None:
    app = kind.app(kind.host(), "/dash/", health_endpoint="health")
    async with kind.client(app.server) as client:
        health = await client.get("/dash/health")
        assert (health.status_code, health.text, health.headers["content-type"]) == (
            200,
            "OK",
            "text/plain; charset=utf-8",
        )
        ready = await client.get("/dash/_wscb/ready")
        assert (ready.status_code, ready.text, ready.headers["cache-control"]) == (200, "ready", "no-store")
        assert (await client.get("/health")).text == "the host's own"


async def test_without_a_health_endpoint_there_is_none(kind: Kind) -> None:
    app = kind.app(kind.host(), "/dash/")
    assert await status(kind, app.server, "/dash/health") == 404


# ------------------------------------------------------------------------------------------- what stays the host's


@pytest.mark.parametrize("prefix", PREFIXES)
async def test_the_hosts_routes_stay_those_before_and_those_after(kind: Kind, prefix: str) -> None:
    server = kind.host()
    kind.app(server, prefix)
    kind.later(server)
    async with kind.client(server) as client:
        assert (await client.get("/before")).text == "before"
        assert (await client.get("/after")).text == "after"


@pytest.mark.parametrize("prefix", PREFIXES)
async def test_who_visits_what_no_route_has_gets_the_page(kind: Kind, prefix: str) -> None:
    """Any address of an app of several pages can be opened, but at the root of a host that has its own answer."""
    server = kind.host()
    kind.app(server, prefix)
    kind.later(server)
    async with kind.client(server, accept="text/html") as client:
        assert ("wscb-root" in (await client.get(f"{prefix}some/page")).text) == (prefix != "/")
        assert (await client.get(f"{prefix}some/page", headers={"accept": "*/*"})).text == "the host's own"
        assert (await client.post(f"{prefix}some/page")).text == "the host's own"
        for path, found in {"/elsewhere": "the host's own", "/after": "after", "/before": "before"}.items():
            assert (await client.get(path)).text == found
        assert (await client.request("PUT", f"{prefix}_wscb/invoke")).status_code == 405
        assert (await client.get("/dash/posted")).status_code == 405


async def test_an_app_by_itself_has_the_page_for_each_address(kind: Kind) -> None:
    async with kind.client(kind.app().server) as client:
        assert "wscb-root" in (await client.get("/some/page", headers={"accept": "text/html"})).text
        assert (await client.get("/some/page")).status_code == 404


@pytest.mark.parametrize("prefix", PREFIXES)
async def test_unknown_paths_stay_the_hosts_404(kind: Kind, prefix: str) -> None:
    server = kind.host()
    kind.app(server, prefix)
    async with kind.client(server) as client:
        for path in ("/nowhere", f"{prefix}nowhere", f"{prefix}_wscbx", "/x/_wscb/status"):
            missing = await client.get(path)
            assert (missing.status_code, missing.text) == (404, "the host's own"), path
        below = await client.get(f"{prefix}_wscb/nothing")
        assert (below.status_code, below.text) == (404, "There is no such page.")


async def test_middleware_and_sessions_of_the_host_are_ours_too(kind: Kind) -> None:
    server = kind.host()
    kind.app(server, "/dash/")
    async with kind.client(server) as client:
        await client.get("/before")
        assert "session" in client.cookies
        assert (await client.get("/dash/")).headers["x-seen"] == "/dash/"
        assert (await client.get("/dash/_wscb/status")).headers["x-seen"] == "/dash/_wscb/status"


async def test_a_layout_may_raise_what_the_host_handles(kind: Kind) -> None:
    app = kind.app(kind.host(), "/dash/")

    def layout() -> Any:
        raise Teapot

    app.layout = layout
    async with kind.client(app.server) as client:
        page = await client.get("/dash/")
        assert (page.status_code, page.text) == (418, "teapot")


async def test_it_may_refuse_the_page_as_a_view_does(kind: Kind) -> None:
    app = kind.app(kind.host(), "/dash/")

    async def layout() -> Any:
        raise kind.refusal()

    app.layout = layout
    assert await status(kind, app.server, "/dash/") == 403


async def test_the_hosts_page_for_what_went_wrong_is_ours_too(kind: Kind) -> None:
    server = kind.host()
    app = kind.app(server, "/dash/")
    kind.on_500(server)

    async def layout() -> Any:
        raise ValueError("the password is 1234")

    app.layout = layout
    async with kind.client(app.server) as client:
        page = await client.get("/dash/")
        assert (page.status_code, page.text) == (500, "the host's apology")


async def test_what_it_does_not_handle_is_a_reference(kind: Kind, caplog: pytest.LogCaptureFixture) -> None:
    app = kind.app(kind.host(), "/dash/")

    async def layout() -> Any:
        raise ValueError("the password is 1234")

    app.layout = layout
    async with kind.client(app.server) as client:
        page = await client.get("/dash/")
    assert page.status_code == 500
    assert "1234" not in page.text
    assert page.text.rstrip(".").split()[-1] in caplog.text


async def test_an_app_that_is_declared_wrongly_says_nothing_to_the_browser(kind: Kind) -> None:
    server = kind.host()
    app = kind.app(server, "/dash/")
    app.layout = None
    async with kind.client(server) as client:
        try:
            page = await client.get("/dash/")
        except DeclarationError:
            pass  # a client within the process may get what the server logs
        else:
            assert page.status_code == 500
            assert "layout" not in page.text
        assert (await client.get("/before")).status_code == 200
        app.layout = html.Div()
        assert (await client.get("/dash/")).status_code == 200  # it is asked again, until it is right


# ------------------------------------------------------------------------------------------- more than one


async def test_two_apps_in_one_server_do_not_see_each_other(kind: Kind) -> None:
    server = kind.host()
    apps = {name: kind.app(server, f"/{name}/", title=name) for name in ("one", "two")}
    apps["one"].callback(OUT, RUN)(lambda clicks: "one")
    apps["two"].callback(OUT, RUN)(lambda clicks: "two")
    apps["one"].callback(Output("end", "children"), RUN)(lambda clicks: "only here")
    async with kind.client(server) as client:
        for name in apps:
            page = await client.get(f"/{name}/")
            assert f"<title>{name}</title>" in page.text
            answer = await client.post(f"/{name}/_wscb/invoke", content=call(ID, [1]), headers=MSGPACK)
            assert delta_of(answer).changes == [("set", "out", "children", name)]
        other = call("end.children|run.n_clicks", [1])
        answer = await client.post("/two/_wscb/invoke", content=other, headers=MSGPACK)
        assert delta_of(answer).outcomes[0][1] == "rejected"


async def test_two_at_one_prefix_are_a_mistake(kind: Kind) -> None:
    server = kind.own()
    kind.app(server, "/dash/")
    with pytest.raises(ValueError, match="url_base_pathname='/dash/' is taken in this server"):
        kind.app(server, "/dash/")
    kind.app(kind.own(), "/dash/")


async def test_one_below_the_other(kind: Kind) -> None:
    server = kind.own()
    kind.app(server, "/", title="outer")
    kind.app(server, "/inner/", title="inner")
    async with kind.client(server) as client:
        assert "<title>outer</title>" in (await client.get("/")).text
        assert "<title>inner</title>" in (await client.get("/inner/")).text
        assert (await client.get("/inner/_wscb/status")).status_code == 200


# ------------------------------------------------------------------------------------------- root path and proxies


@pytest.mark.parametrize("prefix", ["/", "/dash/"])
async def test_a_server_that_is_a_part_of_another(kind: Kind, prefix: str) -> None:
    server = kind.own()
    app = kind.app(server, prefix)
    app.callback(OUT, RUN)(lambda clicks: clicks)
    async with kind.client(kind.nested(server)) as client:
        page = await client.get(f"/part{prefix}")
        assert page.status_code == 200
        assert f'src="/part{prefix}_wscb/static/' in page.text
        answer = await client.post(f"/part{prefix}_wscb/invoke", content=call(ID, [3]), headers=MSGPACK)
        assert delta_of(answer).changes == [("set", "out", "children", 3)]


async def test_behind_a_proxy_that_keeps_the_prefix(kind: Kind) -> None:
    app = kind.app(prefix="/public/")
    async with kind.client(app.server) as client:
        page = await client.get("/public/", headers={"x-forwarded-for": "10.0.0.9", "x-forwarded-proto": "https"})
        assert 'src="/public/_wscb/static/' in page.text


@pytest.mark.parametrize("prefix", ["/", "/dash/"])
async def test_behind_a_proxy_that_strips_it(kind: Kind, prefix: str) -> None:
    """uvicorn --root-path /public puts that before what the proxy has left; for WSGI, werkzeug's ProxyFix does."""
    app = kind.app(prefix=prefix)
    server = app.server
    if isinstance(kind, FlaskKind):
        from werkzeug.middleware.proxy_fix import ProxyFix

        server.wsgi_app = ProxyFix(server.wsgi_app, x_prefix=1)
        path, headers = prefix, {"x-forwarded-prefix": "/public"}
    else:
        server, path, headers = rooted(server, "/public"), f"/public{prefix}", {}
    async with kind.client(server) as client:
        page = await client.get(path, headers=headers)
        assert page.status_code == 200
        assert f'src="/public{prefix}_wscb/static/' in page.text


def rooted(app: Any, root: str) -> Any:
    async def server(scope: Any, receive: Any, send: Any) -> None:
        await app({**scope, "root_path": root}, receive, send)

    return server
