"""Finds what changed in a release directory since its import: edited or damaged files."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from installer.bundle.archive.checksums import hash_file
from installer.bundle.layout import package_stem, shown
from installer.bundle.manifest.manifest import Application, Manifest
from installer.operations.adaptations.difference import LONGEST_BYTES, is_text
from installer.operations.adaptations.find_adaptations import delivered
from installer.site.release_record import read_record
from installer.text import _


def changed_files(release: Path, manifest: Manifest, kept: Mapping[str, str]) -> dict[str, str]:
    """Returns path → current digest of the text files that a site may have its own version of.

    In those, an edit looks the same as damage. Every other file, and every file of a release that was never
    imported, must be as it was delivered. `kept` are the site's own versions that the import took over.
    """
    if read_record(release) is None:
        return {}
    known = {**_adaptable(manifest), **kept}
    there = [path for path in sorted(known) if _is_text_file(release / path)]
    today = {path: hash_file(release / path, lambda _: None) for path in there}
    return {path: digest for path, digest in today.items() if digest != known[path]}


def changed_words(paths: Iterable[str], application: Application) -> tuple[str, str]:
    """Returns a message that names the changed files, and a hint that shows the difference."""
    listed = ", ".join(map(shown, paths))
    return (
        _("Edited or damaged since the import: {paths}", paths=listed),
        _("To see the difference: {command}", command=compare_command(application)),
    )


def compare_command(application: Application) -> str:
    """Returns the command that compares a file of the release directory with the one in the package file."""
    return f"tar -xOf PACKAGE {package_stem(application.name, application.version)}/FILE | diff - FILE"


def _adaptable(manifest: Manifest) -> dict[str, str]:
    """Leaves out compose files, which define what runs: a site's changes to those belong in an override."""
    files = delivered(manifest, manifest).items()
    return {path: digest for path, digest in files if path not in manifest.compose_files}


def _is_text_file(path: Path) -> bool:
    return path.is_file() and 0 < path.stat().st_size <= LONGEST_BYTES and is_text(path.read_bytes())
