"""Finds contradictions in a manifest whose members are each valid."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from installer.bundle.layout import (
    FIRST_FORMAT,
    FORMAT,
    IMAGES,
    REQUIRED,
    RUNTIME,
    RUNTIME_LOADERS,
    SELF_DESCRIBING,
    SITE_OWNED,
    folded,
    is_inside,
    parents,
)
from installer.text import _

if TYPE_CHECKING:
    from installer.bundle.manifest.manifest import Base, Image, Manifest


def contradictions(manifest: "Manifest") -> list[str]:
    """Returns the contradictions between the members of a manifest."""
    return [
        *_unknown_format(manifest.format),
        *_repeated("images", [image.reference for image in manifest.images]),
        *_repeated("databases", [database.service for database in manifest.databases]),
        *_repeated("databases", [database.folder for database in manifest.databases]),
        *_repeated_migrations(manifest),
        *clashes("files", [file.path for file in manifest.files]),
        *clashes("state", manifest.state),
        *_foreign_files(manifest),
        *_foreign_state(manifest),
        *_missing_files(manifest),
        *_images_apart(manifest),
        *_foreign_python(manifest),
        *_base_apart(manifest),
        *_migrations_apart(manifest),
    ]


def _unknown_format(version: int) -> list[str]:
    if FIRST_FORMAT <= version <= FORMAT:
        return []
    return [_("format: must be {first} to {last}", first=FIRST_FORMAT, last=FORMAT)]


def clashes(place: str, paths: Sequence[str]) -> list[str]:
    """Returns the paths that conflict on some filesystems: equal except for case, or a file as a folder."""
    first: dict[str, int] = {}
    problems = []
    for index, path in enumerate(paths):
        other = first.setdefault(folded(path), index)
        if other != index:
            problems.append(_clash(place, index, path, paths[other]))
    for index, path in enumerate(paths):
        above = [first[folded(parent)] for parent in parents(path) if folded(parent) in first]
        problems += [_clash(place, index, path, paths[other]) for other in above]
    return problems


def _clash(place: str, index: int, path: str, other: str) -> str:
    return _(
        "{place}[{index}]: {path} conflicts with {other}",
        place=place,
        index=index,
        path=path,
        other=other,
    )


def _repeated(place: str, names: Iterable[str]) -> list[str]:
    return [
        _("{place}: {name} appears {count} times", place=place, name=name, count=count)
        for name, count in Counter(names).items()
        if count > 1
    ]


def _repeated_migrations(manifest: "Manifest") -> Iterator[str]:
    for database in manifest.databases:
        yield from _repeated("migrations", [migration.name for migration in database.migrations])


def _foreign_files(manifest: "Manifest") -> list[str]:
    own = (*SITE_OWNED, *manifest.state)
    return [
        _("files[{index}]: {path} belongs to the site or to the package itself", index=index, path=file.path)
        for index, file in enumerate(manifest.files)
        if file.path in SELF_DESCRIBING or is_inside(file.path, own)
    ]


def _foreign_state(manifest: "Manifest") -> list[str]:
    taken = (*SITE_OWNED, *SELF_DESCRIBING, *(file.path for file in manifest.files))
    return [
        _("state[{index}]: {path} is a file of the package or the installer's own", index=index, path=path)
        for index, path in enumerate(manifest.state)
        if is_inside(path, taken)
    ]


def _missing_files(manifest: "Manifest") -> list[str]:
    listed = {file.path for file in manifest.files}
    needed = (*REQUIRED, *manifest.compose_files, *([IMAGES] if manifest.images else []))
    missing = [_("files: {path} is not listed", path=path) for path in needed if path not in listed]
    return missing if manifest.compose_files else [_("compose_files: is empty"), *missing]


def _images_apart(manifest: "Manifest") -> list[str]:
    by_id: dict[str, Image] = {}
    problems = []
    for index, image in enumerate(manifest.images):
        if _machine(image.platform) != _machine(manifest.platform):
            problems.append(
                _(
                    "images[{index}].platform: {platform} is not the package's",
                    index=index,
                    platform=image.platform,
                )
            )
        if by_id.setdefault(image.id, image).layers != image.layers:
            problems.append(_("images[{index}].layers: differ from those of the same image", index=index))
    return problems


def _foreign_python(manifest: "Manifest") -> list[str]:
    """Returns the problem of a Python in the package that is for another platform."""
    machine = manifest.platform.split("/")[1]
    listed = {file.path for file in manifest.files} if machine in RUNTIME_LOADERS else ()
    others = {path for architecture, path in RUNTIME_LOADERS.items() if architecture != machine}
    return [
        _("files: {path} is not for {platform}", path=path, platform=manifest.platform)
        for path in sorted(others.intersection(listed))
    ]


def _base_apart(manifest: "Manifest") -> list[str]:
    """Returns the problems of a base: a layer that no image has, or neither a release nor an inventory."""
    base = manifest.base
    if base is None:
        return []
    needed = {diff_id for image in manifest.images for diff_id in image.diff_ids}
    unused = [
        _("base.layers[{index}]: no image has the layer {digest}", index=index, digest=diff_id)
        for index, diff_id in enumerate(base.layers)
        if diff_id not in needed
    ]
    problems = [*_repeated("base.layers", base.layers), *unused, *_files_apart(manifest, base)]
    if (base.version is None) != (base.manifest_sha256 is None):
        problems.append(_("base: version and manifest_sha256 must both be set or both be null"))
    return problems


def _files_apart(manifest: "Manifest", base: "Base") -> list[str]:
    """Returns the problems of the files that a delta leaves out: they are its whole Python, or none."""
    python = {file.path for file in manifest.files if is_inside(file.path, [RUNTIME])}
    problems = _repeated("base.files", base.files)
    if base.files and {*base.files} != python:
        problems.append(_("base.files: must be all files in {folder}, or none", folder=RUNTIME))
    if base.files and base.version is None:
        problems.append(_("base.files: only a release can be the base"))
    return problems


def _machine(platform: str) -> str:
    return "/".join(platform.split("/")[:2])


def _migrations_apart(manifest: "Manifest") -> list[str]:
    """Returns the scripts that the list of files lacks, or that belong to no migration."""
    scripts = {
        f"{database.folder}/{one.name}/migration.sql": one.sha256
        for database in manifest.databases
        for one in database.migrations
    }
    folders = [database.folder for database in manifest.databases]
    there = {
        file.path: file.sha256
        for file in manifest.files
        if any(_is_script(file.path, folder) for folder in folders)
    }
    return [
        _("migrations: {path} differs from the list of files", path=path)
        for path in sorted(scripts.keys() | there.keys())
        if scripts.get(path) != there.get(path)
    ]


def _is_script(path: str, folder: str) -> bool:
    name = path.removeprefix(f"{folder}/")
    return name != path and name.count("/") == 1 and name.endswith("/migration.sql")
