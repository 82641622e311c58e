"""Verifies a package, as a file or unpacked: every listed file is present and right, and no other exists.

Writes nothing and runs nothing of the package. bundle/FORMAT.md lists what is checked.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from installer.bundle.images.load_stream import Selection, expect_images
from installer.bundle.layout import IMAGES, shown
from installer.bundle.manifest.manifest import File, Manifest
from installer.bundle.manifest.manifest_file import parse_manifest
from installer.bundle.unpacked_tree import tree_problems
from installer.errors import BadPackage
from installer.operations.adaptations.changed_files import changed_files, changed_words, compare_command
from installer.operations.package.images_source import ImagesSource, images_of
from installer.operations.package.open_package import opened, read_raw_manifest
from installer.screen.console import Console, size
from installer.site.kept_record import read_kept
from installer.site.release_record import read_record
from installer.system.reading.package_reader import readable
from installer.text import _, ngettext


@dataclass(frozen=True)
class Verified:
    """Describes an intact package, and those of its files that were verified."""

    manifest: Manifest
    files: tuple[File, ...]
    edited: tuple[str, ...] = ()  # paths of files that this site keeps in its own version
    changed: tuple[str, ...] = ()  # paths of files that someone edited after the import, or that are damaged

    @property
    def size_bytes(self) -> int:
        """Returns the size of the verified files, in bytes."""
        return sum(file.size_bytes for file in self.files)


def verify(place: Path, console: Console) -> Verified:
    """Verifies a package file or an unpacked package. Raises `BadPackage` with all problems."""
    if not place.is_dir():
        manifest = verify_file(place, console)
        return Verified(manifest, manifest.carried_files)
    manifest, changed = _verify_tree(place, console)
    edited = tuple(sorted(read_kept(place).digests.keys() - changed))
    if (place / IMAGES).exists():
        _verify_images(place / IMAGES, manifest, console)
    return Verified(manifest, _present(place, manifest), edited, changed)


def verify_directory(root: Path, console: Console) -> Manifest:
    """Verifies the files of an unpacked package, also one in use. Raises `BadPackage` with all problems.

    Warns of files that may have been edited since the import. Does not compare the layers in images.tar with
    their digests: loading does.
    """
    manifest, changed = _verify_tree(root, console)
    for line in changed_words(changed, manifest.application) if changed else ():
        console.warn(line)
    return manifest


def _verify_tree(root: Path, console: Console) -> tuple[Manifest, tuple[str, ...]]:
    """Returns the manifest, and the paths of files that may have been edited since the import."""
    with readable(root):
        raw_manifest = read_raw_manifest(root)
        manifest = parse_manifest(raw_manifest)
        total_bytes = sum(file.size_bytes for file in _present(root, manifest))
        with console.progress(_("Verifying"), total_bytes) as advance:
            kept = read_kept(root)
            changed = changed_files(root, manifest, kept.digests)
            right = {**kept.digests, **changed}
            problems = tree_problems(root, manifest, raw_manifest, advance, kept=right, own=kept.own)
    if problems:
        raise BadPackage(
            _("{file} is damaged or altered.", file=root), details=problems, hint=_way_out(root, manifest)
        )
    return manifest, tuple(changed)


def _present(root: Path, manifest: Manifest) -> tuple[File, ...]:
    """Returns the listed files but for those that may be absent and are."""
    may_lack = {IMAGES, *(file.path for file in manifest.left_out_files)}
    return tuple(file for file in manifest.files if file.path not in may_lack or (root / file.path).exists())


def _way_out(root: Path, manifest: Manifest) -> str:
    if read_record(root) is None:
        return _("Unpack the package file again, into an empty folder.")
    command = compare_command(manifest.application)
    return _("To compare a file with the package, run in this directory: {command}", command=command)


def verify_file(package: Path, console: Console) -> Manifest:
    """Verifies a package file and each of its layers, reading once. Raises `BadPackage` with all problems."""
    with opened(package, _("Verifying"), console) as stream:
        images_tar, prove = images_of(stream)
        expect_images(images_tar, _all_of(stream.manifest), prove)
    return stream.manifest


def _verify_images(images_tar: Path, manifest: Manifest, console: Console) -> None:
    with ImagesSource(images_tar, is_package=False).opened(_("Verifying images"), console) as (blocks, prove):
        expect_images(blocks, _all_of(manifest), prove)


def _all_of(manifest: Manifest) -> Selection:
    """Selects what is sent to an engine that has nothing but the base of a delta."""
    return Selection(manifest.images, manifest.carried)


def verified(found: Verified) -> str:
    """Returns the result as text for people."""
    application = found.manifest.application
    result = ngettext(
        "{title} {version}: {count} file verified, {size}.",
        "{title} {version}: {count} files verified, {size}.",
        len(found.files),
        title=application.title,
        version=application.version,
        size=size(found.size_bytes),
    )
    if found.edited:
        edited = _("Edited on this site and kept: {paths}", paths=", ".join(map(shown, found.edited)))
        result = f"{result}\n{edited}"
    if found.changed:
        result = "\n".join((result, *changed_words(found.changed, application)))
    return " ".join((result, *_absent(found)))


def _absent(found: Verified) -> Iterator[str]:
    """Yields sentences about listed files that are not where they were looked for."""
    absent = {*found.manifest.files} - {*found.files}
    if any(file.path == IMAGES for file in absent):
        yield _("{file} is not here, only in the package.", file=IMAGES)
    if not absent.isdisjoint(found.manifest.left_out_files):
        base = found.manifest.base
        yield _("Its Python is not here: it is that of {version}.", version=base.version if base else None)


def verified_document(found: Verified) -> dict[str, object]:
    """Returns the result for programs; a damaged package has no result but an error."""
    application = found.manifest.application
    there = {file.path for file in found.files}
    return {
        "verified": True,
        "application": application.name,
        "version": application.version,
        "files": len(found.files),
        "size_bytes": found.size_bytes,
        "edited": list(found.edited),
        "changed": list(found.changed),
        "absent": [file.path for file in found.manifest.files if file.path not in there],
    }
