"""Backends by name. Each is thin: routes, and a translation of requests and sockets; never one another."""
