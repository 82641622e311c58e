import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from installer.bundle.manifest.manifest import Smoke
from installer.operations.services.smoke import SmokeFailed, smoke_check


@contextmanager
def application(*answers: tuple[int, bytes]) -> Iterator[str]:
    """A server on loopback that gives these answers in turn, the last one for good."""
    left = list(answers)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = left.pop(0) if len(left) > 1 else left[0]
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *values: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/api/health"
        finally:
            server.shutdown()
            thread.join()


def failure_of(smoke: Smoke, url: str) -> SmokeFailed:
    with pytest.raises(SmokeFailed) as failed:
        smoke_check(smoke, url, "2.1.2", deadline_seconds=0)
    return failed.value


def test_an_answer_with_the_right_version_passes() -> None:
    with application((200, b'{"build": {"version": "2.1.2"}}')) as url:
        smoke_check(Smoke(url, "$.build.version"), url, "2.1.2", deadline_seconds=0)


def test_without_a_place_for_the_version_any_good_answer_passes() -> None:
    with application((200, b"hello")) as url:
        smoke_check(Smoke(url, None), url, "2.1.2", deadline_seconds=0)


def test_an_application_that_needs_a_moment_is_asked_again() -> None:
    with application((503, b""), (200, b'{"version": "2.1.2"}')) as url:
        smoke_check(Smoke(url, "$.version"), url, "2.1.2", deadline_seconds=5)


def test_the_old_version_still_answering_is_a_failure() -> None:
    with application((200, b'{"version": "2.1.1"}')) as url:
        failure = failure_of(Smoke(url, "$.version"), url)
    assert failure.details == ("It reports version 2.1.1, not 2.1.2.",)


@pytest.mark.parametrize("body", [b"<html>", b"[]", b"{}", b'{"version": {}}', b"\xff"])
def test_an_answer_without_a_version_is_a_failure(body: bytes) -> None:
    with application((200, body)) as url:
        assert failure_of(Smoke(url, "$.version"), url).happened == f"The smoke check failed: {url}"


def test_nobody_answering_is_a_failure_with_the_systems_words() -> None:
    failure = failure_of(Smoke("", None), "http://127.0.0.1:9/")
    assert failure.details == ("<urlopen error [Errno 111] Connection refused>",)


@pytest.mark.parametrize("variable", ["http_proxy", "HTTP_PROXY"])
def test_a_proxy_of_the_environment_takes_no_part(monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    for exception in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(exception, raising=False)
    monkeypatch.setenv(variable, "http://127.0.0.1:1")
    with application((200, b"{}")) as url:
        smoke_check(Smoke(url, None), url, "2.1.2", deadline_seconds=0)
