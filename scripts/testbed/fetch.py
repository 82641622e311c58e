"""Asks an application on a server by HTTP, with Python alone: a bare Debian has no curl."""

import sys

PROGRAM = """
import sys, urllib.request
direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
sys.stdout.buffer.write(direct.open(sys.argv[1], timeout=10).read())
"""


def fetching(url: str) -> tuple[str, ...]:
    """The command line that prints what `url` answers, and that fails where nothing answers or not well."""
    return (sys.executable, "-c", PROGRAM, url)
