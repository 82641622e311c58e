"""Saves from engines that break off or take their time, on real sockets. Whole saves: `test_docker`."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

import pytest

from installer.system.docker import Engine, EngineProblem

pytestmark = pytest.mark.engine
VERSION = json.dumps({"ApiVersion": "1.41"}).encode()
PATIENCE_SECONDS = 10
HALF = b"5\r\nhello\r\n"
WHOLE = b"5\r\nhello\r\n0\r\n\r\n"


@contextmanager
def engine_of(monkeypatch: pytest.MonkeyPatch, saved: bytes, may_answer: Event) -> Iterator[Engine]:
    """An engine whose save answers when it may, with these chunks, and then closes the connection.

    It becomes impatient: whoever waits for it finds that it may answer.
    """

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            is_save = "/images/get?names=a&names=b" in self.path
            if is_save:
                may_answer.wait(PATIENCE_SECONDS)
                may_answer.set()
            self.send_response(200)
            self.send_header(
                *(("Transfer-Encoding", "chunked") if is_save else ("Content-Length", str(len(VERSION))))
            )
            self.end_headers()
            self.wfile.write(saved if is_save else VERSION)

        def log_message(self, *_words: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        monkeypatch.setenv("DOCKER_HOST", f"tcp://127.0.0.1:{server.server_port}")
        try:
            yield Engine.connect()
        finally:
            may_answer.set()
            server.shutdown()
            thread.join()


@pytest.fixture
def may_answer() -> Event:
    return Event()


def test_a_save_ends_where_the_engine_says(monkeypatch, may_answer) -> None:
    may_answer.set()
    with engine_of(monkeypatch, WHOLE, may_answer) as engine, engine.save(["a", "b"]) as stream:
        assert [stream.read(3), stream.read(3), stream.read(3)] == [b"hel", b"lo", b""]


def test_a_save_that_breaks_off_is_not_taken_for_a_whole_one(monkeypatch, may_answer) -> None:
    may_answer.set()
    with engine_of(monkeypatch, HALF, may_answer) as engine, engine.save(["a", "b"]) as stream:
        assert stream.read(5) == b"hello"
        with pytest.raises(EngineProblem) as failed:
            stream.read(5)
    assert failed.value.happened == "The connection to the Docker engine broke."
    assert failed.value.details == (
        "It was asked: save the images.",
        "Connection broken: IncompleteRead(0 bytes read)",
    )


def test_who_gives_a_save_up_does_not_wait_until_the_engine_has_prepared_it(monkeypatch, may_answer) -> None:
    with engine_of(monkeypatch, WHOLE, may_answer) as engine:
        with pytest.raises(KeyError), engine.save(["a", "b"]):
            raise KeyError("digest")
        assert not may_answer.is_set()
