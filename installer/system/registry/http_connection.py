"""Sends HTTP requests to one host over one connection, without a proxy; `redirects` follows redirects."""

import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import Message
from http.client import HTTPConnection, HTTPException, HTTPSConnection

CONNECT_SECONDS = 20.0
REQUEST_SECONDS = 300.0  # a registry may copy a large blob before it answers
LARGEST_BODY_BYTES = 32 << 20


class Broken(Exception):
    """The connection failed, or the answer was not HTTP; the request may have had its effect or not."""


class NotTrusted(Broken):
    """The host has a certificate that is not trusted."""


class NotTls(Broken):
    """The host does not speak TLS, or the connection broke inside it."""


@dataclass(frozen=True)
class Request:
    """A request. The body of its answer is read if it has at most `most_bytes`.

    With `may_end_early`, a body that is shorter than announced is an answer, too.
    """

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = field(default=b"", repr=False)
    most_bytes: int = LARGEST_BODY_BYTES
    may_end_early: bool = False


@dataclass(frozen=True)
class Answer:
    """An answer of `url`. `body` is empty if it was too long to be read."""

    status: int
    headers: Message = field(repr=False)
    body: bytes = field(repr=False)
    url: str = field(repr=False)  # that of a storage may be signed: it is as good as a login

    def header(self, name: str) -> str:
        """Returns the value of a header, or ""."""
        return str(self.headers.get(name) or "")


class HttpConnection:
    """A connection to `host`, which may have a port, opened when needed; `tls` is None for plain HTTP."""

    def __init__(self, host: str, tls: ssl.SSLContext | None) -> None:
        self.origin = f"{'http' if tls is None else 'https'}://{host}"
        self._http = (
            HTTPSConnection(host, timeout=CONNECT_SECONDS, context=tls)
            if tls is not None
            else HTTPConnection(host, timeout=CONNECT_SECONDS)
        )

    def ask(self, request: Request, more_headers: Mapping[str, str]) -> Answer:
        """Returns the answer. Raises `Broken` or one of its kinds; the next request opens it again."""
        try:
            return self._answer(request, more_headers)
        except ssl.SSLCertVerificationError as problem:
            raise NotTrusted(problem.verify_message) from problem
        except ssl.SSLError as problem:
            raise NotTls(problem.reason or str(problem)) from problem
        except (OSError, HTTPException, ValueError) as problem:
            raise Broken(str(problem) or type(problem).__name__) from problem

    @property
    def _is_open(self) -> bool:
        return self._http.sock is not None

    def close(self) -> None:
        """Closes it."""
        with suppress(OSError):
            self._http.close()

    def _answer(self, request: Request, more_headers: Mapping[str, str]) -> Answer:
        is_whole = False
        try:
            self._send(request, more_headers)
            response = self._http.getresponse()
            is_short = (response.length or 0) <= request.most_bytes
            content = response.read(request.most_bytes + 1) if is_short else b""
            is_whole = is_short and len(content) <= request.most_bytes and not response.length
            if is_short and response.length and not request.may_end_early:
                raise Broken("the answer ended early")
            url = f"{self.origin}{request.path}"
            return Answer(response.status, response.headers, content[: request.most_bytes], url)
        finally:
            if not is_whole:
                self.close()

    def _send(self, request: Request, more_headers: Mapping[str, str]) -> None:
        if not self._is_open:
            self._http.connect()
            self._http.sock.settimeout(REQUEST_SECONDS)
        headers = {**_sized(request), **request.headers, **more_headers}
        with suppress(BrokenPipeError, ConnectionResetError):  # the answer may say why
            self._http.request(request.method, request.path, body=request.body or None, headers=headers)


def _sized(request: Request) -> dict[str, str]:
    """Returns the length of a body; some registries ask for it of an empty one, too."""
    has_body = request.method in ("POST", "PUT", "PATCH")
    return {"Content-Length": str(len(request.body))} if has_body else {}
