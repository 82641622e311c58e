"""Reads a package file once, from first byte to last, and trusts nothing before it is checked.

An entry's name is checked before its content is read; all problems are collected and raised together.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from installer.bundle.archive.checksums import Readable
from installer.bundle.archive.compression import Unpack, decompressed
from installer.bundle.archive.entry_rules import head_problem, header_problem, place_problem, type_words
from installer.bundle.archive.gzip_stream import Damaged
from installer.bundle.archive.tar_stream import Entry, TarStream
from installer.bundle.expected_files import absent, digest_problem, expected_files, size_problem, unlisted
from installer.bundle.layout import MANIFEST, SIGNATURE, folded, package_stem, parents, shown
from installer.bundle.manifest.manifest_file import parse_manifest
from installer.errors import BadPackage
from installer.text import _

LARGEST_SIGNATURE_BYTES = 64 << 10
FILE_MODE = 0o644


@dataclass(frozen=True)
class Member:
    """A file of the package with a valid name and size; its content is verified once it is fully read."""

    path: str
    mode: int
    content: Iterator[bytes | memoryview]


class PackageStream:
    """A package being read. Once open, `root`, `manifest` and `raw_manifest` are known.

    Opening raises `BadPackage` if the stream does not begin with a valid manifest, and any error of `unpack`.
    """

    def __init__(self, compressed: Readable, name: str, unpack: Unpack = decompressed) -> None:
        self._name = name
        self._tar, self.root, self.raw_manifest = self._opened(compressed, unpack)
        self.manifest = parse_manifest(self.raw_manifest)
        self.problems = self._root_problems()
        self._expected = expected_files(self.manifest, self.raw_manifest)
        self._folders = {folder for path in self._expected for folder in parents(path)}
        self._seen = {folded(MANIFEST)}

    def members(self) -> Iterator[Member]:
        """Yields the package's files in order, the manifest first. Checks unconsumed content too.

        Raises `BadPackage` at the end, with all problems: keep what you wrote only if it does not.
        """
        yield Member(MANIFEST, FILE_MODE, iter((self.raw_manifest,)))
        place = MANIFEST
        try:
            while entry := self._tar.next_entry():
                place = entry.path.removeprefix(f"{self.root}/")
                yield from self._member(entry, place)
        except Damaged as problem:
            self.problems.append(
                _(
                    "{path}: the package is damaged from here on: {problem}",
                    path=shown(place),
                    problem=problem,
                )
            )
        else:
            self.problems += [f"{path}: {absent()}" for path in self.awaited()]
        if self.problems:
            raise BadPackage(
                _("{file} is damaged or altered.", file=self._name),
                details=self.problems,
                hint=_(
                    "Copy it here again and compare its SHA-256 with the sender's: sha256sum {file}",
                    file=self._name,
                ),
            )

    def _opened(self, compressed: Readable, unpack: Unpack) -> tuple[TarStream, str, bytes]:
        try:
            tar = TarStream(unpack(compressed))
            entry = tar.next_entry()
            problem = head_problem(entry)
            if entry is None or problem:
                raise Damaged(problem)
            return tar, entry.path.partition("/")[0], b"".join(tar.content())
        except Damaged as problem:
            raise BadPackage(
                _("{file} is not a package.", file=self._name),
                details=[str(problem)],
                hint=_("Specify the file that `airlock export` made, or the directory unpacked from it."),
            ) from problem

    def _root_problems(self) -> list[str]:
        wanted = package_stem(self.manifest.application.name, self.manifest.application.version)
        if self.root == wanted:
            return []
        return [_("{path}: the root folder must be named {wanted}", path=self.root, wanted=wanted)]

    def awaited(self) -> tuple[str, ...]:
        """Returns the listed files that have not been read so far."""
        return tuple(path for path in sorted(self._expected) if folded(path) not in self._seen)

    def _member(self, entry: Entry, path: str) -> Iterator[Member]:
        problem = place_problem(entry, self.root) or self._problem(entry, path)
        if problem:
            self.problems.append(f"{shown(path)}: {problem}")
        elif entry.is_file:
            content = self._checked(path)
            yield Member(path, entry.mode, content)
            for _chunk in content:
                continue

    def _problem(self, entry: Entry, path: str) -> str | None:
        if entry.is_folder:
            return None if path in self._folders or path == self.root else unlisted()
        if folded(path) in self._seen:
            return _("appears twice, or differs only in case")
        self._seen.add(folded(path))
        if not entry.is_file:
            return type_words(entry.type)
        return self._signature_problem(entry) if path == SIGNATURE else self._file_problem(entry, path)

    def _signature_problem(self, entry: Entry) -> str | None:
        if self._seen != {folded(MANIFEST), folded(SIGNATURE)}:
            return _("must come directly after {file}", file=MANIFEST)
        if entry.size_bytes > LARGEST_SIGNATURE_BYTES:
            return _("has {found} bytes", found=entry.size_bytes)
        return header_problem(entry, FILE_MODE)

    def _file_problem(self, entry: Entry, path: str) -> str | None:
        file = self._expected.get(path)
        if file is None:
            return unlisted()
        return size_problem(file, entry.size_bytes) or header_problem(entry, file.mode)

    def _checked(self, path: str) -> Iterator[bytes | memoryview]:
        """Yields the current entry's content; a wrong digest is added to the problems."""
        digest = hashlib.sha256()
        try:
            for chunk in self._tar.content():
                digest.update(chunk)
                yield chunk
        except Damaged:
            return  # raised again, and reported, when the next entry is read
        file = self._expected.get(path)
        problem = digest_problem(file, digest.hexdigest()) if file else None
        if problem:
            self.problems.append(f"{path}: {problem}")
