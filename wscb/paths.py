"""URL paths below an app's prefix, which begins and ends with a slash."""

from __future__ import annotations


def prefix(path: str) -> str:
    """The prefix as it was given. Raises ValueError if it is none."""
    if not path.startswith("/") or not path.endswith("/") or "{" in path:
        raise ValueError(
            f"url_base_pathname={path!r}: it is a fixed path that begins and ends with a slash, as in "
            '"/" or "/dashboard/".'
        )
    return path


def health(path: str | None) -> str | None:
    """The path of the health check below the prefix. Raises ValueError if it cannot be one."""
    if path is None:
        return None
    below = path.strip("/")
    if not below or below.split("/")[0] in ("_wscb", "assets") or set(below) & set("{}<>"):
        raise ValueError(f'health_endpoint={path!r}: it is a fixed path below url_base_pathname, as in "health".')
    return below


def relative(prefix: str, path: str) -> str:
    """`path` of an app at "/", for an app at the prefix. Raises ValueError if it does not begin with a slash."""
    if path and not path.startswith("/"):
        raise ValueError(f"{path!r} is no path of a page: it has to begin with a slash, as in {'/' + path!r}.")
    return prefix + path[1:]


def stripped(prefix: str, path: str | None) -> str | None:
    """What of a path is below the prefix, without slashes at its ends. Raises ValueError if it is not below it."""
    if path is None:
        return None
    if (path != prefix[:-1] and not path.startswith(prefix)) or not path:
        raise ValueError(f"{path!r} is not below {prefix!r}, where this app is: it is the path of another page.")
    return path[len(prefix) - 1 :].strip("/")
