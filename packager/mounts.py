"""What services take from the disk of their host, as the compose text says it."""

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from installer.bundle.variables import NoDefault, by_defaults
from packager.yaml_text import Node

SHORT = re.compile(r"(?P<source>(?:\$\{[^}]*\}|[^:$]|\$(?!\{))+):(?P<target>[^:]+)(?::(?P<options>[^:]*))?")
PATH_STARTS = (".", "/", "~")


@dataclass(frozen=True)
class BindMount:
    """A path of the host inside a container. `source` is as written, variables by their defaults.

    `path` is relative to the project, or None where the source is elsewhere (absolute, home, a variable).
    """

    service: str
    line: int
    source: str
    path: str | None
    target: str
    is_read_only: bool

    @property
    def leaves_project(self) -> bool:
        """Whether the source goes up and out of the project (`../shared`)."""
        return self.path is not None and self.path.startswith("..")


def bind_mounts(service: str, volumes: Node | None) -> tuple[BindMount, ...]:
    """The bind mounts among a service's `volumes`; named volumes and tmpfs are none."""
    if volumes is None or volumes.kind != "sequence":
        return ()
    found = (_mount(service, item) for item in volumes.items)
    return tuple(mount for mount in found if mount)


def project_path(source: str) -> str | None:
    """`data/db` for `./data/db`; `..` stays in front where the path leaves; None for absolute ones."""
    if source.startswith(("/", "~")) or "$" in source:
        return None
    parts: list[str] = []
    for part in PurePosixPath(source).parts:
        if part == ".." and parts and parts[-1] != "..":
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts) or "."


def _mount(service: str, item: Node) -> BindMount | None:
    return _long(service, item) if item.kind == "mapping" else _short(service, item)


def _long(service: str, item: Node) -> BindMount | None:
    said = {name: _words(item.get(name)) for name in ("type", "source", "target", "read_only")}
    if said["type"] != "bind":
        return None
    source = _by_defaults(said["source"])
    return BindMount(
        service, item.line, source, project_path(source), said["target"], said["read_only"] in ("true", "yes")
    )


def _short(service: str, item: Node) -> BindMount | None:
    written = SHORT.fullmatch(item.value)
    if not written:
        return None
    source = _by_defaults(written["source"])
    if not source.startswith(PATH_STARTS) and "$" not in source:
        return None
    options = (written["options"] or "").split(",")
    return BindMount(service, item.line, source, project_path(source), written["target"], "ro" in options)


def _words(node: Node | None) -> str:
    return node.value if node and node.kind == "scalar" else ""


def _by_defaults(source: str) -> str:
    try:
        return by_defaults(source)
    except NoDefault:
        return source
