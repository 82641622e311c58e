"""Reads and writes the record of an installed release: `.airlock/site.json`, written last."""

import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path

from installer.site.paths import record_path
from installer.system.files.files import write_atomically


@dataclass(frozen=True)
class ReleaseRecord:
    """The release installed in a release directory. Times are ISO 8601 in UTC.

    `previous_directory` is relative to the release directory; earlier versions wrote it absolute.
    """

    application: str
    version: str
    project: str
    installed_at: str
    run: str
    previous_version: str | None
    previous_directory: str | None


def record_release(release: Path, record: ReleaseRecord) -> None:
    """Records that `release` is installed; the last file that an import writes."""
    record_path(release).parent.mkdir(exist_ok=True)
    content = json.dumps(dataclasses.asdict(record), indent=2, ensure_ascii=False)
    write_atomically(record_path(release), content.encode("utf-8", "surrogatepass") + b"\n", mode=0o644)


def read_record(release: Path) -> ReleaseRecord | None:
    """Reads the record that `record_release` wrote; None if this release was never installed completely."""
    path = record_path(release)
    return ReleaseRecord(**json.loads(path.read_bytes())) if path.is_file() else None
