"""Finds packages of earlier exports in build contexts: they would end up in an image."""

from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

from installer.bundle.layout import shown
from installer.bundle.variables import NoDefault, by_defaults
from installer.text import _
from packager.git.own_output import is_own_output
from packager.project.project import Project
from packager.project.written_services import service_nodes
from packager.yaml.yaml_text import Node

IGNORES = ".dockerignore"


def packages_in_contexts(project: Project) -> Iterator[str]:
    """Yields a warning for each build context that contains packages and does not ignore them."""
    for context in build_contexts(project):
        place = project.directory / context
        found = sorted(path.name for path in place.iterdir()) if place.is_dir() else []
        patterns = _patterns(place / IGNORES)
        names = [name for name in found if is_own_output(name) and not _is_ignored(name, patterns)]
        if names:
            yield _(
                "The build context {folder} contains packages, which COPY would include: {names}. Add "
                "`*_package*` to {file}.",
                folder=shown(context), names=", ".join(names), file=shown(f"{context}/{IGNORES}"),
            )  # fmt: skip


def build_contexts(project: Project) -> list[str]:
    """Returns the folders that images are built from, as written."""
    return sorted(set(_contexts(project)))


def _contexts(project: Project) -> Iterator[str]:
    for service in project.compose.services:
        for _file, node in service_nodes(service.name, project.compose.files):
            build = node.get("build")
            context = build.get("context") if build and build.kind == "mapping" else build
            if build is not None and not build.is_null:
                yield from _path(context)


def _path(context: Node | None) -> Iterator[str]:
    """Yields the folder; nothing if it is set elsewhere or is the address of a repository."""
    try:
        path = by_defaults(context.value) if context is not None and context.kind == "scalar" else "."
    except NoDefault:
        return
    if "://" not in path:
        yield path.rstrip("/") or "/"


def _patterns(file: Path) -> list[str]:
    if not file.is_file():
        return []
    lines = file.read_bytes().decode("utf-8", "replace").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def _is_ignored(name: str, patterns: list[str]) -> bool:
    """Returns whether Docker ignores a name directly in the context: the last matching pattern decides."""
    ignored = False
    for pattern in patterns:
        words = pattern.removeprefix("!").removeprefix("/").removeprefix("**/").rstrip("/")
        if fnmatch(name, words.removesuffix("/**") or "*"):
            ignored = not pattern.startswith("!")
    return ignored
