"""A live monitor of the machine that it runs on. `wscb demo` serves it; `uvicorn wscb.demo.app:server` does too."""

from wscb.demo.app import app

__all__ = ["app"]
