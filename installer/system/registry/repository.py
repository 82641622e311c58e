"""Asks a repository of a registry for blobs and manifests, and stores them in it.

https://github.com/opencontainers/distribution-spec/blob/main/spec.md
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from installer.bundle.images.docker_archive import INDEX_TYPE, MANIFEST_TYPE, digest
from installer.errors import AirlockError, Failed, Stuck
from installer.system.registry.http_connection import Answer, Request
from installer.system.registry.registry_refusals import refusal, words_of
from installer.system.registry.registry_session import RegistrySession
from installer.system.registry.upload import CHUNK_BYTES, Upload
from installer.text import _

OK, CREATED, ACCEPTED, NO_CONTENT, PART = 200, 201, 202, 204, 206
NOT_FOUND, NO_SUCH_PART = 404, 416
LARGEST_DOCUMENT_BYTES = 4 << 20
DOCKERS_TYPE = "application/vnd.docker.distribution.manifest"
ANY_MANIFEST = f"{MANIFEST_TYPE}, {INDEX_TYPE}, {DOCKERS_TYPE}.v2+json, {DOCKERS_TYPE}.list.v2+json"


@dataclass(frozen=True)
class Repository:
    """A repository. Every method raises an `AirlockError` with what the registry answered."""

    session: RegistrySession
    name: str

    def has_blob(self, blob: str, size_bytes: int) -> bool:
        """Returns whether it returns a blob with this digest and size.

        Asks for the last byte: a registry may remember a blob that its disk has lost.
        """
        last = size_bytes - 1
        request = Request(
            "GET",
            self._path(f"blobs/{blob}"),
            {"Range": f"bytes={last}-{last}"},
            most_bytes=1,
            may_end_early=True,
        )
        answer = self.session.ask(request, self._scopes)
        if answer.status in (NOT_FOUND, NO_SUCH_PART):
            return False
        if answer.status == PART:
            is_last = answer.header("Content-Range") == f"bytes {last}-{last}/{size_bytes}"
            return is_last and len(answer.body) == 1
        if answer.status == OK:
            return answer.header("Content-Length") == str(size_bytes)
        raise self._refusal(answer)

    def document(self, blob: str) -> bytes | None:
        """Returns a small blob with this digest, None if there is none."""
        answer = self._ask("GET", f"blobs/{blob}", most_bytes=LARGEST_DOCUMENT_BYTES)
        if answer.status == OK and digest(answer.body) == blob:
            return answer.body
        if answer.status in (OK, NOT_FOUND):
            return None
        raise self._refusal(answer)

    def upload(self, blob: str, size_bytes: int, chunks: Iterable[bytes]) -> None:
        """Stores a blob under its digest; nothing if `chunks` raises an error."""
        begun = self._ask("POST", "blobs/uploads/")
        if begun.status != ACCEPTED:
            raise self._refusal(begun)
        self._send(blob, size_bytes, begun, chunks)

    def mount(self, blob: str, size_bytes: int, source: "Repository") -> None:
        """Adds a blob that `source` has; copies it if the registry cannot share it."""
        query = urlencode({"mount": blob, "from": source.name})
        begun = self._ask("POST", f"blobs/uploads/?{query}", source=source)
        if begun.status == ACCEPTED:
            self._send(blob, size_bytes, begun, source.parts(blob, size_bytes))
        elif begun.status != CREATED:
            raise self._refusal(begun)

    def parts(self, blob: str, size_bytes: int) -> Iterator[bytes]:
        """Yields a blob in parts that fit into memory."""
        for start in range(0, size_bytes, CHUNK_BYTES):
            end = min(start + CHUNK_BYTES, size_bytes) - 1
            answer = self._ask("GET", f"blobs/{blob}", {"Range": f"bytes={start}-{end}"})
            if len(answer.body) != end + 1 - start:
                raise Failed(
                    _(
                        "The registry {host} can neither share a blob between repositories nor return it in"
                        " parts.",
                        host=self.session.host,
                    ),
                    details=[blob, *words_of(answer)],
                )
            yield answer.body

    def manifest(self, reference: str) -> bytes | None:
        """Returns the manifest that a tag or digest names, None if there is none."""
        accept = {"Accept": ANY_MANIFEST}
        answer = self._ask("GET", f"manifests/{reference}", accept, most_bytes=LARGEST_DOCUMENT_BYTES)
        if answer.status not in (OK, NOT_FOUND):
            raise self._refusal(answer)
        return answer.body if answer.status == OK else None

    def put_manifest(self, tag: str, content: bytes) -> None:
        """Names an image. Raises `Stuck` unless the registry then returns these bytes, by tag and digest."""
        answer = self._ask("PUT", f"manifests/{tag}", {"Content-Type": MANIFEST_TYPE}, content)
        if answer.status not in (OK, CREATED, ACCEPTED):
            raise self._refusal(answer)
        if any(self.manifest(reference) != content for reference in (tag, digest(content))):
            raise Stuck(
                _("The registry {host} does not return the image that was pushed: {image}",
                  host=self.session.host, image=f"{self.name}:{tag}"),
                details=[digest(content)],
                hint=_("Check the registry's log and disk, then run the command again: it continues."),
            )  # fmt: skip

    def _send(self, blob: str, size_bytes: int, begun: Answer, chunks: Iterable[bytes]) -> None:
        upload = Upload(self.session, begun, self._scopes)
        answer = upload.send(chunks) or upload.finish(blob)
        is_stored = answer.status in (OK, CREATED, ACCEPTED, NO_CONTENT)
        if not is_stored and not self.has_blob(blob, size_bytes):  # the first answer may have been lost
            raise self._refusal(answer)

    def _ask(
        self,
        method: str,
        path: str,
        headers: dict[str, str] | None = None,
        body: bytes = b"",
        *,
        most_bytes: int = CHUNK_BYTES,
        source: "Repository | None" = None,
    ) -> Answer:
        request = Request(method, self._path(path), headers or {}, body, most_bytes)
        return self.session.ask(request, (*self._scopes, *(source._scopes if source else ())))

    def _path(self, path: str) -> str:
        return f"/v2/{self.name}/{path}"

    @property
    def _scopes(self) -> tuple[str, ...]:
        return (f"repository:{self.name}:pull,push",)

    def _refusal(self, answer: Answer) -> AirlockError:
        return refusal(answer, self.session.host, self.name, self.session.authorization)
