"""Saves from engines that refuse, break off or take their time, on real sockets. Whole: `test_docker`."""

import io
import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import BaseServer, ThreadingUnixStreamServer
from threading import Event, Thread

import pytest

from installer.system.docker.docker import Engine, EngineProblem
from installer.system.docker.save import has_config
from tests.bundle.images_tar import DB, WEB
from tests.packager.saved_images import packed_archive

pytestmark = pytest.mark.engine
VERSION = json.dumps({"ApiVersion": "1.41"}).encode()
NO_IMAGE = json.dumps({"message": "No such image: b"}).encode()
PATIENCE_SECONDS = 10
Say = Callable[[BaseHTTPRequestHandler], None]
EngineThat = Callable[[Say], AbstractContextManager[Engine]]


class Answers(BaseHTTPRequestHandler):
    """The version at once, a save when it may, and then the connection is closed.

    It becomes impatient: whoever waits for it finds that it may answer.
    """

    may_answer: Event
    save: Say

    def do_GET(self) -> None:
        if "/images/get?names=a&names=b" not in self.path:
            answer(self, 200, VERSION)
            return
        self.may_answer.wait(PATIENCE_SECONDS)
        self.may_answer.set()
        type(self).save(self)

    def log_message(self, *_words: object) -> None:
        return


def answer(to: BaseHTTPRequestHandler, status: int, content: bytes) -> None:
    to.send_response(status)
    to.send_header("Content-Length", str(len(content)))
    to.end_headers()
    to.wfile.write(content)


def whole(to: BaseHTTPRequestHandler) -> None:
    half(to)
    to.wfile.write(b"0\r\n\r\n")


def half(to: BaseHTTPRequestHandler) -> None:
    """In a chunk, without the last one, which is empty."""
    to.send_response(200)
    to.send_header("Transfer-Encoding", "chunked")
    to.end_headers()
    to.wfile.write(b"5\r\nhello\r\n")


def refused(to: BaseHTTPRequestHandler) -> None:
    answer(to, 404, NO_IMAGE)


def gone(_to: BaseHTTPRequestHandler) -> None:
    return


@pytest.fixture
def may_answer() -> Event:
    return Event()


@pytest.fixture(params=["tcp", "unix"])
def engine_that(request, monkeypatch, tmp_path, may_answer) -> EngineThat:
    """An engine with this answer to a save, on either road."""

    @contextmanager
    def engine(save: Say) -> Iterator[Engine]:
        handler = type("Handler", (Answers,), {"may_answer": may_answer, "save": staticmethod(save)})
        with serving(request.param, tmp_path, handler) as address:
            monkeypatch.setenv("DOCKER_HOST", address)
            try:
                yield Engine.connect()
            finally:
                may_answer.set()

    return engine


@contextmanager
def serving(road: str, folder: Path, handler: type[Answers]) -> Iterator[str]:
    server: BaseServer
    if road == "tcp":
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        address = f"tcp://127.0.0.1:{server.server_port}"
    else:
        server = ThreadingUnixStreamServer(f"{folder}/docker.sock", handler)
        address = f"unix://{folder}/docker.sock"
    with server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield address
        finally:
            server.shutdown()
            thread.join()


def expected() -> AbstractContextManager[pytest.ExceptionInfo[EngineProblem]]:
    return pytest.raises(EngineProblem)


def test_a_save_ends_where_the_engine_ends_it(engine_that, may_answer) -> None:
    may_answer.set()
    with engine_that(whole) as engine, engine.save(["a", "b"]) as stream:
        assert [stream.read(3), stream.read(3), stream.read(3)] == [b"hel", b"lo", b""]


def test_a_save_that_breaks_off_is_not_taken_for_a_whole_one(engine_that, may_answer) -> None:
    may_answer.set()
    with engine_that(half) as engine, engine.save(["a", "b"]) as stream:
        assert stream.read(5) == b"hello"
        with expected() as failed:
            stream.read(5)
    assert failed.value.happened == "The connection to the Docker engine was lost."
    assert failed.value.details == (
        "Request: save the images.",
        "Connection broken: IncompleteRead(0 bytes read)",
    )


def test_an_engine_that_refuses_is_told_in_its_words(engine_that, may_answer) -> None:
    may_answer.set()
    with engine_that(refused) as engine, engine.save(["a", "b"]) as stream, expected() as failed:
        stream.read(5)
    assert failed.value.happened == "The Docker engine failed to save the images."
    assert failed.value.details == ("No such image: b",)


def test_an_engine_that_goes_away_before_it_answers_is_a_broken_connection(engine_that, may_answer) -> None:
    may_answer.set()
    with engine_that(gone) as engine, engine.save(["a", "b"]) as stream, expected() as failed:
        stream.read(5)
    assert failed.value.happened == "The connection to the Docker engine was lost."
    assert failed.value.details[0] == "Request: save the images."
    assert "Remote end closed connection without response" in failed.value.details[1]


def test_who_gives_a_save_up_does_not_wait_until_the_engine_has_prepared_it(engine_that, may_answer) -> None:
    with engine_that(whole) as engine:
        with pytest.raises(KeyError), engine.save(["a", "b"]):
            raise KeyError("digest")
        assert not may_answer.is_set()


def test_a_saved_image_shows_which_config_it_has() -> None:
    archive = packed_archive(WEB).getvalue()
    assert has_config(io.BytesIO(archive), WEB.id)
    assert not has_config(io.BytesIO(archive), DB.id)
    assert not has_config(io.BytesIO(archive[:700]), DB.id)
