"""Packages that say something else than they did, and yet verify: listed and summed anew."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from installer.bundle.archive.checksums import hash_file
from installer.bundle.expected_files import sums_of
from installer.bundle.layout import MANIFEST, SUMS
from installer.bundle.manifest.manifest import Database, File, Manifest, MigrationEntry
from installer.bundle.manifest.manifest_file import dump_manifest, parse_manifest

NOT_LISTED = (MANIFEST, SUMS)


def manifest_of(release: Path) -> Manifest:
    return parse_manifest((release / MANIFEST).read_bytes())


def say_otherwise(release: Path, **changes: object) -> None:
    """Change the manifest of an unpacked package, and list the files that are there now."""
    manifest = replace(manifest_of(release), **changes)  # type: ignore[arg-type]
    files = tuple(_listed(release))
    raw = dump_manifest(replace(manifest, files=files, databases=tuple(_databases(manifest, files))))
    (release / MANIFEST).write_bytes(raw)
    (release / SUMS).write_bytes(sums_of(parse_manifest(raw), raw))


def _listed(release: Path) -> list[File]:
    paths = sorted(path for path in release.rglob("*") if path.is_file())
    files = [(str(path.relative_to(release)), path) for path in paths]
    return [
        File(name, hash_file(path, lambda _: None), path.stat().st_size, path.stat().st_mode & 0o755)
        for name, path in files
        if name not in NOT_LISTED and not name.startswith(".airlock/") and name != ".env"
    ]


def _databases(manifest: Manifest, files: tuple[File, ...]) -> Iterator[Database]:
    for database in manifest.databases:
        folder = f"{database.folder}/"
        scripts = [file for file in files if file.path.startswith(folder) and file.path.endswith(".sql")]
        entries = (MigrationEntry(Path(file.path).parent.name, file.sha256) for file in scripts)
        yield replace(database, migrations=tuple(entries))
