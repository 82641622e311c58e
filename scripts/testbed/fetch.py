"""Sends HTTP requests to an application on a server with Python: a bare Debian has no curl."""

import sys

PROGRAM = """
import sys, urllib.request
direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
sys.stdout.buffer.write(direct.open(sys.argv[1], timeout=10).read())
"""


def fetching(url: str) -> tuple[str, ...]:
    """Returns the command that prints the response of `url`, and fails without a successful response."""
    return (sys.executable, "-c", PROGRAM, url)
