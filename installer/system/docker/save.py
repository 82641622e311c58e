"""Saves images through the engine's API: the `docker` command would copy each byte once more.

https://docs.docker.com/reference/api/engine/version/v1.41/#tag/Image/operation/ImageGetAll
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from threading import Thread
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from installer.bundle.archive.checksums import Readable
from installer.system.docker.connection import translated
from installer.text import _

if TYPE_CHECKING:
    from docker import APIClient
    from requests import Response
    from urllib3 import BaseHTTPResponse


@contextmanager
def saving(client: "APIClient", references: Sequence[str]) -> Iterator[Readable]:
    """Yields the archive of images, which the engine starts to prepare at once.

    The engine may take any time to respond and cannot be cancelled: a body that ends earlier does not wait
    for it, and neither does the end of this program.
    """
    answer: Future[BaseHTTPResponse] = Future()
    Thread(target=_ask, args=(client, references, answer), daemon=True).start()
    try:
        yield _SavedImages(answer)
    finally:
        answer.add_done_callback(_close)


class _SavedImages:
    """The archive as a stream. Raises `EngineProblem` if the engine fails or disconnects."""

    def __init__(self, answer: "Future[BaseHTTPResponse]") -> None:
        self._answer = answer

    def read(self, size_bytes: int, /) -> bytes:
        """Returns the next bytes, fewer only at the end."""
        with translated(_("save the images")):
            content: bytes = self._answer.result().read(size_bytes)
        return content


def _ask(client: "APIClient", references: Sequence[str], answer: "Future[BaseHTTPResponse]") -> None:
    path = f"/v{client.api_version}/images/get?{urlencode({'names': references}, doseq=True)}"
    try:
        response = client.get(f"{client.base_url}{path}", stream=True, timeout=None)
        _expect_success(response)
        answer.set_result(response.raw)
    except Exception as problem:  # raised where the answer is read
        answer.set_exception(problem)


def _expect_success(response: "Response") -> None:
    from docker.errors import create_api_error_from_http_exception
    from requests.exceptions import HTTPError

    try:
        response.raise_for_status()
    except HTTPError as refused:
        create_api_error_from_http_exception(refused)


def _close(answer: "Future[BaseHTTPResponse]") -> None:
    if answer.exception() is None:
        answer.result().close()
