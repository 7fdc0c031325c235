"""The version of this package, and part of the build that a page and a server compare."""

VERSION = "0.1.0"
