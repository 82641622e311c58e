"""Uploads one blob in chunks, and continues where the registry stands if the connection breaks.

https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pushing-a-blob-in-chunks
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import urlencode, urljoin, urlsplit

from installer.errors import Failed
from installer.system.registry.http_connection import Answer, Request
from installer.system.registry.redirects import named_place, path_in
from installer.system.registry.registry_refusals import words_of
from installer.system.registry.registry_session import TROUBLED, RegistrySession
from installer.text import _

CHUNK_BYTES = 8 << 20  # kept in memory, to send it again
ACCEPTED, NO_CONTENT, NOT_THIS_RANGE = 202, 204, 416
RANGE = re.compile(r"(?:bytes=)?0-([0-9]+)")


class Upload:
    """An upload that the registry has begun with the answer `begun`."""

    def __init__(self, session: RegistrySession, begun: Answer, scopes: Sequence[str]) -> None:
        self._session = session
        self._scopes = scopes
        self._place = self._place_in(begun)
        self._sent_bytes = 0

    def send(self, chunks: Iterable[bytes]) -> Answer | None:
        """Sends the content. Returns the registry's answer if it refuses, else None."""
        for chunk in _of_one_size(chunks):
            answer = self._send_one(chunk)
            if answer is not None:
                return answer
        return None

    def finish(self, digest: str) -> Answer:
        """Ends the upload under this digest, which the registry compares with what it received."""
        joined = "&" if "?" in self._place else "?"
        path = f"{self._place}{joined}{urlencode({'digest': digest})}"
        return self._session.ask(Request("PUT", path), self._scopes)

    def _send_one(self, chunk: bytes) -> Answer | None:
        start, end = self._sent_bytes, self._sent_bytes + len(chunk)
        is_known = True

        def attempt() -> Answer:
            nonlocal is_known
            if not is_known and (standing := self._find_end(start, end)):
                return standing
            is_known = False
            return self._patch(chunk[self._sent_bytes - start :])

        answer = self._session.persistently(attempt, again=(*TROUBLED, NOT_THIS_RANGE))
        if answer.status not in (ACCEPTED, NO_CONTENT):
            return answer
        self._place, self._sent_bytes = self._place_in(answer), end
        return None

    def _place_in(self, answer: Answer) -> str:
        """Returns the place for the next request: what the registry names is on the registry itself.

        Behind a proxy, a registry may name itself by another scheme, host or port.
        """
        if not answer.header("Location"):
            return self._session.path_of(answer.url)
        if self._session.is_own(answer):
            return path_in(urlsplit(urljoin(answer.url, answer.header("Location"))))
        return self._session.path_of(named_place(answer, self._session.host))

    def _patch(self, chunk: bytes) -> Answer:
        headers = {
            "Content-Type": "application/octet-stream",
            "Content-Range": f"{self._sent_bytes}-{self._sent_bytes + len(chunk) - 1}",
        }
        return self._session.once(Request("PATCH", self._place, headers, chunk), self._scopes)

    def _find_end(self, least_bytes: int, most_bytes: int) -> Answer | None:
        """Asks the registry how much it has. Returns its answer if this is all, else None.

        Raises `Failed` if it has forgotten the upload.
        """
        answer = self._session.once(Request("GET", self._place), self._scopes)
        if answer.status in TROUBLED:
            return answer
        found = RANGE.fullmatch(answer.header("Range"))
        has_bytes = int(found[1]) + 1 if found else 0
        if has_bytes == 1:  # "0-0" stands for nothing as well
            has_bytes = 0
        if answer.status != NO_CONTENT or not least_bytes <= has_bytes <= most_bytes:
            raise Failed(
                _("The registry {host} lost an upload when the connection broke.", host=self._session.host),
                details=words_of(answer),
                hint=_("Run the command again: it continues with what is missing."),
            )
        self._place, self._sent_bytes = self._place_in(answer), has_bytes
        return answer if has_bytes == most_bytes else None


def _of_one_size(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yields the same bytes in chunks of `CHUNK_BYTES`, the last one shorter."""
    waiting = bytearray()
    for chunk in chunks:
        waiting += chunk
        while len(waiting) >= CHUNK_BYTES:
            yield bytes(waiting[:CHUNK_BYTES])
            del waiting[:CHUNK_BYTES]
    if waiting:
        yield bytes(waiting)
