"""Describes a package by its manifest alone: fast even for many gigabytes; without verification."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from installer.bundle.layout import PYTHON, RUNTIME, RUNTIME_PYTHON, is_inside
from installer.bundle.manifest.manifest import Database, Image, Manifest, Source
from installer.bundle.manifest.manifest_file import parse_manifest
from installer.bundle.sql.postgresql_messages import prisma_splits
from installer.bundle.sql.provider import POSTGRESQL
from installer.operations.package.open_package import opened, read_raw_manifest
from installer.screen.console import Console, size
from installer.system.reading.package_reader import readable
from installer.text import _, ngettext

SHORT_DIGEST = 12


def read_head(place: Path, console: Console) -> Manifest:
    """Reads the manifest of an unpacked package, or of a package file, reading only its beginning."""
    if place.is_dir():
        with readable(place):
            return parse_manifest(read_raw_manifest(place))
    with opened(place, _("Reading"), console) as stream:
        return stream.manifest


def describe(manifest: Manifest) -> tuple[str, ...]:
    """Describes a package in lines for people."""
    return tuple(_lines(manifest))


def document(manifest: Manifest) -> dict[str, object]:
    """Describes a package for programs: the manifest's members, and the total sizes."""
    return {
        **asdict(manifest),
        "files": [{**asdict(file), "mode": f"{file.mode:04o}"} for file in manifest.files],
        "files_size_bytes": files_size_bytes(manifest),
        "layers_size_bytes": layers_size_bytes(manifest.images),
        "python_size_bytes": python_size_bytes(manifest),
        "left_out_size_bytes": left_out_size_bytes(manifest),
    }


def files_size_bytes(manifest: Manifest) -> int:
    """Returns the size of the unpacked package on disk, in bytes."""
    return sum(file.size_bytes for file in manifest.files)


def layers_size_bytes(images: tuple[Image, ...]) -> int:
    """Returns the size of the images' layers in bytes, each layer once."""
    return sum({layer.diff_id: layer.size_bytes for image in images for layer in image.layers}.values())


def left_out_size_bytes(manifest: Manifest) -> int:
    """Returns the size of the layers that a delta leaves out, in bytes, each once; 0 for a whole package."""
    sizes = {layer.diff_id: layer.size_bytes for image in manifest.images for layer in image.layers}
    return sum(sizes[diff_id] for diff_id in manifest.left_out)


def has_python(manifest: Manifest) -> bool:
    """Returns whether the package has a Python of its own."""
    return any(file.path == RUNTIME_PYTHON for file in manifest.files)


def python_size_bytes(manifest: Manifest) -> int:
    """Returns the size of the package's own Python in bytes, unpacked; 0 without one."""
    own = [file.size_bytes for file in manifest.files if is_inside(file.path, [RUNTIME])]
    return sum(own) if has_python(manifest) else 0


def _lines(manifest: Manifest) -> Iterator[str]:
    application = manifest.application
    yield _("{title} {version}", title=application.title, version=application.version)
    yield _(
        "Application: {name} (Compose project {project})", name=application.name, project=application.project
    )
    yield _("Source: {source}", source=_source(manifest.source))
    yield _("Packed with: {program}, format {format}", program=manifest.built_with, format=manifest.format)
    yield _("Platform: {platform}", platform=manifest.platform)
    yield _(
        "Requires: Docker engine {engine} and Compose {compose} or newer",
        engine=manifest.requirements.engine,
        compose=manifest.requirements.compose,
    )
    yield _("Upgrades from: {range}", range=manifest.upgrade_from or _("any version"))
    yield _python(manifest)
    yield _("Compose files: {files}", files=", ".join(manifest.compose_files))
    yield _("Data of the site: {paths}", paths=", ".join(manifest.state) or _("none"))
    yield from _images(manifest.images)
    yield from _base(manifest)
    yield from _migrations(manifest)
    yield ngettext(
        "{count} file, {size}",
        "{count} files, {size}",
        len(manifest.files),
        size=size(files_size_bytes(manifest)),
    )


def _python(manifest: Manifest) -> str:
    if not has_python(manifest):
        return _("Requires Python 3.10 or newer: the package has none")
    name = next((one for one in manifest.libraries if one.startswith(f"{PYTHON} ")), PYTHON)
    size_words = size(python_size_bytes(manifest))
    if manifest.base and manifest.left_out_files:
        base = manifest.base.version
        return _(
            "Leaves out its {python}, {size}: that of {version}", python=name, size=size_words, version=base
        )
    return _("Has its own {python}, {size}", python=name, size=size_words)


def _source(source: Source) -> str:
    parts = (source.tag, source.revision and source.revision[:SHORT_DIGEST], source.committed_at)
    dirty = _("with changes that are not committed") if source.dirty else None
    return ", ".join(part for part in (*parts, dirty) if part) or _("unknown")


def _images(images: tuple[Image, ...]) -> Iterator[str]:
    total = size(layers_size_bytes(images))
    yield ngettext(
        "{count} image, {size} of layers:", "{count} images, {size} of layers:", len(images), size=total
    )
    for image in images:
        short = image.id.removeprefix("sha256:")[:SHORT_DIGEST]
        yield f"  {image.reference}  {short}  {size(layers_size_bytes((image,)))}"


def _base(manifest: Manifest) -> Iterator[str]:
    base = manifest.base
    if base is None:
        return
    if base.version is None:
        yield _("Builds on: the inventory of one site")
    else:
        yield _("Builds on: {version}, manifest {digest}", version=base.version, digest=base.manifest_sha256)
    yield ngettext(
        "  Left out, must be on the site: {count} layer, {size}",
        "  Left out, must be on the site: {count} layers, {size}",
        len(base.layers),
        size=size(left_out_size_bytes(manifest)),
    )


def _migrations(manifest: Manifest) -> Iterator[str]:
    if not manifest.databases:
        yield _("No database.")
    for database in manifest.databases:
        yield ngettext(
            "{count} migration of the database in service {service}:",
            "{count} migrations of the database in service {service}:",
            len(database.migrations),
            service=database.service,
        )
        yield from (f"  {migration.name}" for migration in database.migrations)
        if database.prisma is not None:
            yield _prisma(database)


def _prisma(database: Database) -> str:
    if database.engine != POSTGRESQL:
        return _("  Prisma of the project: {version}", version=database.prisma)
    if prisma_splits(database.prisma):
        return _(
            "  Prisma of the project: {version}, each statement is applied alone", version=database.prisma
        )
    return _("  Prisma of the project: {version}, each script is one transaction", version=database.prisma)
