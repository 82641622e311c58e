"""Asks the running application one question over HTTP, as a user's browser would."""

import json
import time
import urllib.error
import urllib.request
from http.client import HTTPException

from installer.bundle.manifest.manifest import Smoke
from installer.errors import Failed
from installer.text import _

REQUEST_SECONDS = 10.0
RETRY_SECONDS = 0.25
QUICK_SECONDS = 3.0
NO_PROXY = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # ignores http_proxy


class SmokeFailed(Failed):
    """Reports that the application does not answer as the package requires."""


def smoke_check(smoke: Smoke, url: str, version: str, *, deadline_seconds: float) -> None:
    """Returns when `url` answers with status 200 and, if the package requires it, with this `version`.

    Asks again until the deadline. Raises `SmokeFailed` with the last answer.
    """
    deadline = time.monotonic() + deadline_seconds
    while True:
        problem = _problem_of(smoke, url, version)
        if problem is None:
            return
        if time.monotonic() > deadline:
            raise SmokeFailed(_("The smoke check failed: {url}", url=url), details=[problem])
        time.sleep(RETRY_SECONDS)


def reported_version(smoke: Smoke, url: str) -> str | None:
    """Returns the version that `url` reports now, asked once; None without an answer or a version."""
    try:
        with NO_PROXY.open(url, timeout=QUICK_SECONDS) as answer:
            value = _value_at(answer.read(), smoke.version) if smoke.version else None
    except (urllib.error.URLError, HTTPException, OSError, ValueError, KeyError, TypeError):
        return None
    return value if isinstance(value, str) else None


def _problem_of(smoke: Smoke, url: str, version: str) -> str | None:
    try:
        with NO_PROXY.open(url, timeout=REQUEST_SECONDS) as answer:
            body = answer.read()
    except (urllib.error.URLError, HTTPException, OSError) as failure:
        return str(failure)
    return _version_problem(body, smoke.version, version) if smoke.version else None


def _version_problem(body: bytes, place: str, version: str) -> str | None:
    """Compares the value at `place`, a path like `$.version` or `$.build.version`, with `version`."""
    try:
        value = _value_at(body, place)
    except (ValueError, KeyError, TypeError):
        return _(
            "The answer has no {place}: {answer}", place=place, answer=body[:200].decode("utf-8", "replace")
        )
    if value != version:
        return _("It reports version {reported}, not {version}.", reported=value, version=version)
    return None


def _value_at(body: bytes, place: str) -> object:
    value = json.loads(body)
    for key in place.removeprefix("$.").split("."):
        value = value[key]
    return value
