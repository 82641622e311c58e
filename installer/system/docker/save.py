"""Saves images and containers through the engine's API: the `docker` command would copy each byte once more.

https://docs.docker.com/reference/api/engine/version/v1.41/#tag/Image/operation/ImageGetAll
"""

import tarfile
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager, contextmanager
from threading import Thread
from typing import IO, TYPE_CHECKING, cast
from urllib.parse import urlencode

from installer.bundle.archive.checksums import CHUNK_BYTES, Readable
from installer.bundle.images.docker_archive import blob_path
from installer.system.docker.connection import translated
from installer.system.engine_problems import EngineProblem
from installer.text import _

if TYPE_CHECKING:
    from docker import APIClient
    from requests import Response
    from urllib3 import BaseHTTPResponse


def saving(client: "APIClient", references: Sequence[str]) -> AbstractContextManager[Readable]:
    """Yields the archive of images, which the engine starts to prepare at once."""
    path = f"/images/get?{urlencode({'names': references}, doseq=True)}"
    return _receiving(client, path, _("save the images"))


def saving_files(client: "APIClient", container_id: str) -> AbstractContextManager[Readable]:
    """Yields the file system of a container as an archive; volumes are not part of it."""
    return _receiving(client, f"/containers/{container_id}/export", _("save the files of the image"))


def has_config(saved: Readable, config: str) -> bool:
    """Returns whether the archive of an image has the config with this digest; reads no further than that.

    False for an archive that ends early, too: an image that cannot be saved is not known to be the same.
    """
    try:
        with tarfile.open(fileobj=cast("IO[bytes]", saved), mode="r|", bufsize=CHUNK_BYTES) as archive:
            return any(entry.name == blob_path(config) for entry in archive)
    except (tarfile.TarError, EngineProblem):
        return False


@contextmanager
def _receiving(client: "APIClient", path: str, asked: str) -> Iterator[Readable]:
    """Yields what the engine sends for `path`; `asked` are the words for it.

    The engine may take any time to respond and cannot be cancelled: a body that ends earlier does not wait
    for it, and neither does the end of this program.
    """
    answer: Future[BaseHTTPResponse] = Future()
    Thread(target=_ask, args=(client, path, answer), daemon=True).start()
    try:
        yield _Archive(answer, asked)
    finally:
        answer.add_done_callback(_close)


class _Archive:
    """The archive as a stream. Raises `EngineProblem` if the engine fails or disconnects."""

    def __init__(self, answer: "Future[BaseHTTPResponse]", asked: str) -> None:
        self._answer, self._asked = answer, asked

    def read(self, size_bytes: int, /) -> bytes:
        """Returns the next bytes, fewer only at the end."""
        with translated(self._asked):
            content: bytes = self._answer.result().read(size_bytes)
        return content


def _ask(client: "APIClient", path: str, answer: "Future[BaseHTTPResponse]") -> None:
    try:
        response = client.get(f"{client.base_url}/v{client.api_version}{path}", stream=True, timeout=None)
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
