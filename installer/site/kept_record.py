"""The record of what a site keeps of its own in a release directory: `.airlock/kept.json`."""

import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path

from installer.site.paths import kept_path
from installer.system.files.files import write_atomically


@dataclass(frozen=True)
class KeptFile:
    """A file that is as the site wants it, not as it was delivered, if it was; `path` is relative."""

    path: str
    sha256: str


@dataclass(frozen=True)
class Kept:
    """`overrides` are compose files of the site's, read behind those of the release: relative or absolute.

    `own` are relative paths of more data that only the site has.
    """

    files: tuple[KeptFile, ...] = ()
    overrides: tuple[str, ...] = ()
    own: tuple[str, ...] = ()

    @property
    def digests(self) -> dict[str, str]:
        """Path → SHA-256 of every kept file."""
        return {file.path: file.sha256 for file in self.files}


def record_kept(release: Path, kept: Kept) -> None:
    """Write what the site keeps in `release`."""
    kept_path(release).parent.mkdir(exist_ok=True)
    content = json.dumps(dataclasses.asdict(kept), indent=2, ensure_ascii=False)
    write_atomically(kept_path(release), content.encode() + b"\n", mode=0o644)


def read_kept(release: Path) -> Kept:
    """What `record_kept` wrote; nothing is kept where it never did."""
    path = kept_path(release)
    if not path.is_file():
        return Kept()
    fields = json.loads(path.read_bytes())
    files = tuple(KeptFile(**file) for file in fields["files"])
    return Kept(files, tuple(fields["overrides"]), tuple(fields["own"]))
