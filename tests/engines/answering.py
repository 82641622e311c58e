"""A socket that gives the answers of an engine to `GET /version` and `GET /info`, as they were recorded."""

import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingUnixStreamServer
from threading import Thread
from typing import Any

RECORDED = Path(__file__).parent / "recorded"

Answers = Mapping[str, Mapping[str, Any]]


def recorded(name: str, *, version: Mapping[str, Any] | None = None, **info: Any) -> Answers:
    """The answers of the engine `name`, as if it ran on this kernel, with some members changed."""
    answers = json.loads((RECORDED / f"{name}.json").read_text())
    kernel = {"KernelVersion": os.uname().release}
    return {
        "version": {**answers["version"], **kernel, **(version or {})},
        "info": {**answers["info"], **kernel, **info},
    }


@contextmanager
def answering(answers: Answers) -> Iterator[str]:
    """Yields the address of an engine that answers so; it knows no other question."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer = answers.get(self.path.rpartition("/")[2])
            content = json.dumps(answer if answer else {"message": "page not found"}).encode()
            self.send_response(200 if answer else 404)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_words: object) -> None:
            return

    with (
        tempfile.TemporaryDirectory() as folder,  # a short path: a socket's has at most 107 characters
        ThreadingUnixStreamServer(f"{folder}/docker.sock", Handler) as server,
    ):
        server.daemon_threads = True
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"unix://{folder}/docker.sock"
        finally:
            server.shutdown()
            thread.join()
