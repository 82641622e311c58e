"""Reads and writes the record of files that a site keeps as its own: `.airlock/kept.json`."""

import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path

from installer.site.paths import kept_path
from installer.system.files.files import write_atomically


@dataclass(frozen=True)
class KeptFile:
    """A file kept in the site's version instead of the delivered one, if any; `path` is relative."""

    path: str
    sha256: str


@dataclass(frozen=True)
class Kept:
    """The files that a site keeps in a release directory.

    `overrides` are paths of the site's compose files, relative or absolute, which are read after the
    release's. `own` are relative paths of further data that only the site has.
    """

    files: tuple[KeptFile, ...] = ()
    overrides: tuple[str, ...] = ()
    own: tuple[str, ...] = ()

    @property
    def digests(self) -> dict[str, str]:
        """Returns the SHA-256 of every kept file by its path."""
        return {file.path: file.sha256 for file in self.files}


def record_kept(release: Path, kept: Kept) -> None:
    """Writes the record of the files that the site keeps in `release`."""
    kept_path(release).parent.mkdir(exist_ok=True)
    content = json.dumps(dataclasses.asdict(kept), indent=2, ensure_ascii=False)
    write_atomically(kept_path(release), content.encode() + b"\n", mode=0o644)


def read_kept(release: Path) -> Kept:
    """Reads the record that `record_kept` wrote; empty if there is none."""
    path = kept_path(release)
    if not path.is_file():
        return Kept()
    fields = json.loads(path.read_bytes())
    files = tuple(KeptFile(**file) for file in fields["files"])
    return Kept(files, tuple(fields["overrides"]), tuple(fields["own"]))
