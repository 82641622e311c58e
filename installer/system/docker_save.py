"""Takes images out of the engine through its API: the `docker` command would pass each byte on once more.

https://docs.docker.com/reference/api/engine/version/v1.41/#tag/Image/operation/ImageGetAll
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from threading import Thread
from typing import TYPE_CHECKING

from installer.bundle.checksums import Readable
from installer.system.docker_connection import translated
from installer.text import _

if TYPE_CHECKING:
    from docker import APIClient
    from requests import Response


@contextmanager
def saving(client: "APIClient", references: Sequence[str]) -> Iterator[Readable]:
    """Yield the archive of images, which the engine begins to prepare at once.

    It may take any time until it answers, and cannot be called back before: a body that ends earlier does not
    wait for it, and neither does the end of this program.
    """
    answer: Future[Response] = Future()
    Thread(target=_ask, args=(client, references, answer), daemon=True).start()
    try:
        yield _SavedImages(answer)
    finally:
        answer.add_done_callback(_close)


class _SavedImages:
    """The archive as a stream. `EngineProblem` when the engine fails or goes away."""

    def __init__(self, answer: "Future[Response]") -> None:
        self._answer = answer

    def read(self, size_bytes: int, /) -> bytes:
        """The next bytes, fewer only at the end."""
        with translated(_("save the images")):
            content: bytes = self._answer.result().raw.read(size_bytes)
        return content


def _ask(client: "APIClient", references: Sequence[str], answer: "Future[Response]") -> None:
    url = f"{client.base_url}/v{client.api_version}/images/get"
    try:
        answer.set_result(_accepted(client.get(url, params={"names": references}, stream=True, timeout=None)))
    except Exception as problem:  # raised where the answer is read
        answer.set_exception(problem)


def _accepted(response: "Response") -> "Response":
    from docker.errors import create_api_error_from_http_exception
    from requests.exceptions import HTTPError

    try:
        response.raise_for_status()
    except HTTPError as refused:
        create_api_error_from_http_exception(refused)
    return response


def _close(answer: "Future[Response]") -> None:
    if answer.exception() is None:
        answer.result().close()
