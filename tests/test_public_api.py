"""The front door: each name that `wscb` offers is there, is documented, and says that it lives in `wscb`."""

from __future__ import annotations

import importlib
import inspect
import subprocess
import sys

import pytest

import wscb

# What a Dash user expects to import under the same name.
PROMISED = {
    "App", "Dash", "callback", "Input", "Output", "State", "no_update", "Patch", "ctx", "callback_context",
    "set_props", "get_prop", "get_prop_sync", "html", "dcc", "Element", "Limits",
}  # fmt: skip


def test_what_is_promised_is_offered() -> None:
    assert set(wscb.__all__) >= PROMISED


def test_the_modules_of_a_port_have_their_names() -> None:
    from wscb import dependencies, exceptions

    assert all(getattr(wscb, name) is getattr(dependencies, name) for name in dependencies.__all__)
    assert exceptions.PreventUpdate is wscb.PreventUpdate


def test_an_app_that_imports_the_whole_finds_them() -> None:
    code = "import wscb as dash; dash.exceptions.PreventUpdate, dash.dependencies.Input, dash.html.Div"
    subprocess.run([sys.executable, "-c", code], timeout=30, check=True)


@pytest.mark.parametrize(("name", "component"), [("dcc", "Dropdown"), ("html", "Div")])
def test_components_can_be_imported_from_their_modules(name: str, component: str) -> None:
    module = importlib.import_module(f"wscb.{name}")
    assert module is getattr(wscb, name)
    first = f"from wscb.{name} import {component}; import wscb; from wscb import {name}; "
    code = first + f"assert {component} is wscb.{name}.{component} is {name}.{component}"
    subprocess.run([sys.executable, "-c", code], timeout=30, check=True)


def test_each_module_has_the_version_that_an_app_of_dash_may_print() -> None:
    assert wscb.__version__ == wscb.dcc.__version__ == wscb.html.__version__


def test_names_are_offered_once() -> None:
    assert len(wscb.__all__) == len(set(wscb.__all__))


@pytest.mark.parametrize("name", sorted(wscb.__all__))
def test_it_is_there_and_documented(name: str) -> None:
    thing = getattr(wscb, name)
    assert inspect.getdoc(thing), f"wscb.{name} has no docstring"


@pytest.mark.parametrize("name", sorted(PROMISED & set(wscb.__all__)))
def test_the_methods_are_documented(name: str) -> None:
    thing = getattr(wscb, name)
    if not inspect.isclass(thing):
        return
    public = {n: m for n, m in vars(thing).items() if inspect.isfunction(m) and not n.startswith("_")}
    assert [n for n, method in public.items() if not inspect.getdoc(method)] == []


def test_the_names_are_in_dir() -> None:
    assert set(wscb.__all__) <= set(dir(wscb))


def test_importing_wscb_loads_no_framework() -> None:
    """A start is paid by every worker, so what only one backend needs is loaded by it."""
    code = "import sys, wscb; print([m for m in ('fastapi', 'quart', 'flask', 'numpy', 'psutil') if m in sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=True)
    assert loaded.stdout.strip() == "[]"


def test_what_only_dash_has_says_what_to_take() -> None:
    with pytest.raises(ImportError, match=r"wscb has no dash_table. Use html.Table"):
        from wscb import dash_table  # noqa: F401
    with pytest.raises(AttributeError, match=r"wscb has no Outpt. Did you mean Output\?"):
        wscb.Outpt  # type: ignore[attr-defined]  # noqa: B018
    assert not hasattr(wscb, "qqqqqq")
