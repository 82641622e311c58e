"""What in a compose file cannot be packed, each with its place."""

from collections.abc import Iterator

from installer.text import _
from packager.yaml_text import Node


def compose_problems(file: str, root: Node, names: tuple[str, ...]) -> Iterator[str]:
    services = root.get("services") if root.kind == "mapping" else None
    if root.kind != "mapping":
        yield _("{place}: a mapping with `services:` is expected.", place=f"{file}:{root.line}")
    elif services is None and not root.get("include"):
        yield _("{place}: there is no `services:`.", place=f"{file}:1")
    if include := root.own("include"):
        yield _(
            "{place}: `include` is not packed; list the files under `compose:` in airlock.yml instead.",
            place=f"{file}:{include.key.line}",
        )
    if services is not None:
        yield from _services_problems(file, services, names)


def _services_problems(file: str, services: Node, names: tuple[str, ...]) -> Iterator[str]:
    if services.kind != "mapping":
        yield _("{place}: `services` is not a mapping.", place=f"{file}:{services.line}")
    for entry in services.entries:
        place = f"{file}:{entry.key.line} services.{entry.key.value}"
        if entry.value.kind != "mapping" and not entry.value.is_null:
            yield _("{place}: a service is a mapping.", place=place)
        else:
            yield from _service_problems(place, entry.value, names)


def _service_problems(place: str, service: Node, names: tuple[str, ...]) -> Iterator[str]:
    for node in (service, service.get("image"), service.get("build"), service.get("pull_policy")):
        if node is not None and node.tag.startswith("!"):
            yield _("{place}: the tag {tag} is not supported here.", place=place, tag=node.tag)
    extends = service.get("extends")
    source = extends.get("file") if extends and extends.kind == "mapping" else None
    if source and source.value.removeprefix("./") not in names:
        yield _(
            "{place}: `extends` takes a service from {file}, which is not packed; "
            "list it under `compose:` in airlock.yml or move the service.",
            place=place,
            file=source.value,
        )
