"""What the members of a manifest must look like, and in what they may not contradict each other."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from installer.bundle.layout import (
    FORMAT,
    IMAGES,
    REQUIRED,
    SELF_DESCRIBING,
    SITE_OWNED,
    folded,
    is_inside,
    parents,
    path_problem,
)
from installer.bundle.versions import NotAVersion, parse_constraint, parse_version
from installer.text import _

if TYPE_CHECKING:
    from installer.bundle.manifest import Image, Manifest

_REFERENCE = re.compile(
    r"([A-Za-z0-9]+([.-]+[A-Za-z0-9]+)*(:[0-9]+)?/)?"  # a registry's host
    r"[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*"
    r":[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}"
)


def name_problem(text: str) -> str | None:
    """An application's name becomes part of file names."""
    return _unless(r"[A-Za-z0-9][A-Za-z0-9 ._-]*", text, _("must be letters, digits, space, . _ -"))


def project_problem(text: str) -> str | None:
    """Compose's own rule for project names."""
    return _unless(r"[a-z0-9][a-z0-9_-]*", text, _("must be lower-case letters, digits, _ -"))


def version_problem(text: str) -> str | None:
    """A version that can be compared."""
    try:
        parse_version(text)
    except NotAVersion:
        return _("must be a version like 2.1.2")
    return None


def range_problem(text: str) -> str | None:
    """A range of versions."""
    try:
        parse_constraint(text)
    except NotAVersion:
        return _("must be a range of versions like >=2.0.0,<3")
    return None


def revision_problem(text: str) -> str | None:
    """A Git object name, SHA-1 or SHA-256."""
    return _unless(r"[0-9a-f]{40}([0-9a-f]{24})?", text, _("must be 40 or 64 hexadecimal digits"))


def time_problem(text: str) -> str | None:
    """A moment in UTC."""
    return _unless(
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|\+00:00)", text, _("must be a time like 2025-01-31T23:59:59Z")
    )


def platform_problem(text: str) -> str | None:
    """An operating system and an architecture as Docker writes them."""
    return _unless(r"linux/[a-z0-9]+(/v[0-9]+)?", text, _("must be a platform like linux/amd64"))


def reference_problem(text: str) -> str | None:
    """An image's name with a tag; a digest does not survive `docker load`."""
    return None if _REFERENCE.fullmatch(text) else _("must be an image name with a tag")


def digest_problem(text: str) -> str | None:
    """A digest as Docker writes it."""
    return _unless(r"sha256:[0-9a-f]{64}", text, _("must be sha256: and 64 hexadecimal digits"))


def sha256_problem(text: str) -> str | None:
    """A digest as sha256sum writes it."""
    return _unless(r"[0-9a-f]{64}", text, _("must be 64 hexadecimal digits"))


def mode_problem(text: str) -> str | None:
    """The two modes a file of a package can have."""
    return None if text in ("0644", "0755") else _("must be 0644 or 0755")


def url_problem(text: str) -> str | None:
    """A URL to ask; variables of `.env` may stand in it."""
    return _unless(r"https?://\S+", text, _("must be a URL with http:// or https://"))


def folder_problem(text: str) -> str | None:
    """The name of one folder."""
    return _("must be one name, without /") if "/" in text else path_problem(text)


def contradictions(manifest: "Manifest") -> list[str]:
    """What a manifest of right members says wrong as a whole."""
    return [
        *([] if manifest.format == FORMAT else [_("format: must be {known}", known=FORMAT)]),
        *_repeated("images", [image.reference for image in manifest.images]),
        *_repeated("migrations", [migration.name for migration in manifest.migrations]),
        *clashes("files", [file.path for file in manifest.files]),
        *clashes("state", manifest.state),
        *_foreign_files(manifest),
        *_foreign_state(manifest),
        *_missing_files(manifest),
        *_images_apart(manifest),
        *_migrations_apart(manifest),
    ]


def clashes(place: str, paths: Sequence[str]) -> list[str]:
    """Paths that some filesystem cannot hold side by side: equal but for case, or a file as a folder."""
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
        "{place}[{index}]: {path} cannot stand beside {other}",
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


def _machine(platform: str) -> str:
    return "/".join(platform.split("/")[:2])


def _migrations_apart(manifest: "Manifest") -> list[str]:
    if manifest.database is None:
        return [_("database: is missing, but there are migrations")] if manifest.migrations else []
    folder = manifest.database.migrations
    scripts = {f"{folder}/{one.name}/migration.sql": one.sha256 for one in manifest.migrations}
    there = {file.path: file.sha256 for file in manifest.files if _is_script(file.path, folder)}
    return [
        _("migrations: {path} differs from the list of files", path=path)
        for path in sorted(scripts.keys() | there.keys())
        if scripts.get(path) != there.get(path)
    ]


def _is_script(path: str, folder: str) -> bool:
    name = path.removeprefix(f"{folder}/")
    return name != path and name.count("/") == 1 and name.endswith("/migration.sql")


def _unless(pattern: str, text: str, problem: str) -> str | None:
    return None if re.fullmatch(pattern, text, re.ASCII) else problem
