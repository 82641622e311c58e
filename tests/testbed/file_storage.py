"""A storage to which a registry redirects: the files of a folder by HTTP, and parts of them."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit


@contextmanager
def file_storage(folder: Path) -> Iterator[str]:
    """Its URL. Requests with a login are refused, as by a storage with signed addresses."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"folder": folder}))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    folder: Path

    def do_GET(self) -> None:
        file = self.folder / urlsplit(self.path).path.strip("/")
        if self.headers["Authorization"]:
            self._answer(400, b"")
        elif not file.is_file():
            self._answer(404, b"")
        else:
            self._give(file.read_bytes())

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""

    def _give(self, content: bytes) -> None:
        asked = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers["Range"] or "")
        if asked is None:
            self._answer(200, content)
            return
        first, last = int(asked[1]), min(int(asked[2]), len(content) - 1)
        part = content[first : last + 1]
        self._answer(206 if part else 416, part, f"bytes {first}-{last}/{len(content)}")

    def _answer(self, status: int, body: bytes, content_range: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        if content_range:
            self.send_header("Content-Range", content_range)
        self.end_headers()
        self.wfile.write(body)
