"""Reads bind mounts of services from the compose text."""

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from installer.bundle.variables import by_defaults_if_any
from packager.yaml.yaml_text import Node

PATH_STARTS = (".", "/", "~")
WITH_DRIVE = re.compile(r"[A-Za-z]:[\\/]")
WITHOUT_OPTIONS, WITH_OPTIONS = 2, 3  # parts of a short entry


@dataclass(frozen=True)
class BindMount:
    """A path of the host inside a container. `source` is as written, with the defaults of variables.

    `path` is relative to the project, or None if the source is elsewhere (absolute, home, a variable); `base`
    is the folder of the project that a relative source starts from, empty for the project itself.
    """

    service: str
    line: int
    source: str
    path: str | None
    target: str
    is_read_only: bool
    base: str = ""

    @property
    def leaves_project(self) -> bool:
        """Returns whether the source is a relative path outside of the project (`../shared`)."""
        return self.path is not None and self.path.startswith("..")

    @property
    def is_of_windows(self) -> bool:
        r"""Returns whether the source is written for Windows alone: `.\data`, `C:/data`."""
        return "\\" in self.source or bool(WITH_DRIVE.match(self.source))


def bind_mounts(service: str, volumes: Node | None, base: str = "") -> tuple[BindMount, ...]:
    """Returns the bind mounts among a service's `volumes`, without named volumes and tmpfs.

    `base` is the folder of the project that relative sources start from.
    """
    if volumes is None or volumes.kind != "sequence":
        return ()
    found = (_mount(service, item, base) for item in volumes.items)
    return tuple(mount for mount in found if mount)


def project_path(source: str) -> str | None:
    """Returns `data/db` for `./data/db`; a path out of the project keeps its `..`; None if absolute."""
    if source.startswith(("/", "~")) or "$" in source or WITH_DRIVE.match(source):
        return None
    parts: list[str] = []
    for part in PurePosixPath(source).parts:
        if part == ".." and parts and parts[-1] != "..":
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts) or "."


def _mount(service: str, item: Node, base: str) -> BindMount | None:
    written = _long(item) if item.kind == "mapping" else _short(item)
    if written is None:
        return None
    source, target, is_read_only = written
    begin = f"{base}/" if base and not source.startswith(("/", "~", "$")) else ""
    return BindMount(service, item.line, source, project_path(begin + source), target, is_read_only, base)


def _long(item: Node) -> tuple[str, str, bool] | None:
    entry = {name: _words(item.get(name)) for name in ("type", "source", "target", "read_only")}
    if entry["type"] != "bind":
        return None
    return by_defaults_if_any(entry["source"]), entry["target"], entry["read_only"] in ("true", "yes")


def _short(item: Node) -> tuple[str, str, bool] | None:
    parts = split_short(item.value)
    if len(parts) not in (WITHOUT_OPTIONS, WITH_OPTIONS):
        return None
    source = by_defaults_if_any(parts[0])
    if not (source.startswith(PATH_STARTS) or "$" in source or WITH_DRIVE.match(source)):
        return None
    options = parts[2].split(",") if len(parts) == WITH_OPTIONS else []
    return source, parts[1], "ro" in options


def split_short(text: str) -> list[str]:
    """Splits `source:target:options`; a colon in braces belongs to its variable, one after a letter to it."""
    parts, depth = [""], 0
    if drive := WITH_DRIVE.match(text):
        first, *rest = split_short(text[drive.end() :])
        return [drive[0] + first, *rest]
    for before, character in zip(" " + text, text, strict=False):
        depth += (before + character == "${") - (character == "}" and depth > 0)
        if character == ":" and not depth:
            parts.append("")
        else:
            parts[-1] += character
    return parts


def _words(node: Node | None) -> str:
    return node.value if node and node.kind == "scalar" else ""
