"""Finds what cannot be packed in a compose file, each problem with its place."""

from collections.abc import Iterator

from installer.text import _
from packager.yaml.yaml_text import Node


def compose_problems(file: str, root: Node, *, is_extended: bool = False) -> Iterator[str]:
    """Yields the problems of one file; of a file that is only extended, only `services` is checked."""
    services = root.get("services") if root.kind == "mapping" else None
    if root.kind != "mapping":
        yield _("{place}: must be a mapping with `services:`.", place=f"{file}:{root.line}")
    elif services is None and not _may_lack_services(root, is_extended=is_extended):
        yield _("{place}: `services:` is missing.", place=f"{file}:1")
    if services is not None:
        yield from _services_problems(file, services)


def _may_lack_services(root: Node, *, is_extended: bool) -> bool:
    return is_extended or any(
        root.get(key) for key in ("include", "networks", "volumes", "secrets", "configs")
    )


def _services_problems(file: str, services: Node) -> Iterator[str]:
    if services.kind != "mapping":
        yield _("{place}: `services` must be a mapping.", place=f"{file}:{services.line}")
    for entry in services.entries:
        place = f"{file}:{entry.key.line} services.{entry.key.value}"
        if entry.value.kind != "mapping" and not entry.value.is_null:
            yield _("{place}: a service must be a mapping.", place=place)
        else:
            yield from _service_problems(place, entry.value)


def _service_problems(place: str, service: Node) -> Iterator[str]:
    for node in (service, service.get("image"), service.get("build"), service.get("pull_policy")):
        if node is not None and node.tag.startswith("!"):
            yield _("{place}: the tag {tag} is not supported here.", place=place, tag=node.tag)
