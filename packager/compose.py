"""Compose files as written: which services there are, what is built, what is pulled, what is mounted.

Nothing is interpolated from anybody's environment: a variable stands for its own default, or for nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from installer.bundle.variables import NoDefault, Variable, by_defaults, variables_in
from installer.errors import UsageProblem
from installer.text import _
from packager.compose_problems import compose_problems
from packager.mounts import BindMount, bind_mounts
from packager.yaml_text import Node, read_yaml


@dataclass(frozen=True)
class ComposeText:
    """One compose file: its name in the project, its text, its tree."""

    name: str
    text: str
    root: Node


@dataclass(frozen=True)
class Service:
    """A service over all compose files. `image` is what `image:` says, or empty."""

    name: str
    place: str
    is_built: bool
    image: str
    mounts: tuple[BindMount, ...]
    env_files: tuple[str, ...]


@dataclass(frozen=True)
class Compose:
    """All compose files of a project, read together. `name` is the top-level one by its default."""

    files: tuple[ComposeText, ...]
    name: str | None
    services: tuple[Service, ...]
    config_files: tuple[str, ...]
    secret_files: tuple[str, ...]
    variables: tuple[Variable, ...]
    build_variables: tuple[Variable, ...]


def read_compose(texts: Mapping[str, str]) -> Compose:
    """Read compose files in their order. Raises `UsageProblem` with every problem and its place."""
    files = tuple(ComposeText(name, text, read_yaml(text, name)) for name, text in texts.items())
    problems = [problem for file in files for problem in compose_problems(file.name, file.root, tuple(texts))]
    if problems:
        raise UsageProblem(_("The compose file cannot be packed as it is."), details=problems)
    services = tuple(_service(name, files) for name in _service_names(files))
    lost = [_lost(service) for service in services if not service.is_built and not service.image]
    if lost:
        raise UsageProblem(_("The compose file cannot be packed as it is."), details=lost)
    return Compose(
        files,
        _name(files),
        services,
        _files_of(files, "configs"),
        _files_of(files, "secrets"),
        tuple(dict.fromkeys(variable for file in files for variable in _variables(file.root))),
        tuple(dict.fromkeys(_build_variables(files))),
    )


def project_name_of(path: str) -> str:
    """A file's name in the project: `./a.yml` is `a.yml`."""
    return path.removeprefix("./")


def _service_names(files: tuple[ComposeText, ...]) -> tuple[str, ...]:
    found = (file.root.get("services") for file in files)
    return tuple(dict.fromkeys(name for services in found if services for name in services.names()))


def _service(name: str, files: tuple[ComposeText, ...]) -> Service:
    nodes = service_nodes(name, files)
    lines = [(file.name, node) for file, node in nodes]
    return Service(
        name,
        f"{lines[0][0]}:{_image_line(lines[0][1])} services.{name}",
        any(_is_built(node, files) for _file, node in nodes),
        next((image for _file, node in reversed(nodes) if (image := _image(node, files))), ""),
        tuple(mount for _file, node in nodes for mount in bind_mounts(name, node.get("volumes"))),
        tuple(path for _file, node in nodes for path in _env_files(node.get("env_file"))),
    )


def service_nodes(name: str, files: tuple[ComposeText, ...]) -> list[tuple[ComposeText, Node]]:
    """Each file that has the service, with the service's own node there."""
    found = ((file, file.root.get("services")) for file in files)
    nodes = ((file, services.get(name)) for file, services in found if services)
    return [(file, node) for file, node in nodes if node is not None]


def _image_line(node: Node) -> int:
    image = node.get("image")
    return image.line if image else node.line


def _is_built(node: Node, files: tuple[ComposeText, ...]) -> bool:
    return any(_says(definition, "build") for definition in _with_bases(node, files))


def _image(node: Node, files: tuple[ComposeText, ...]) -> str:
    images = (definition.get("image") for definition in _with_bases(node, files))
    return next((image.value for image in images if image is not None and image.value), "")


def _says(node: Node, key: str) -> bool:
    value = node.get(key)
    return value is not None and not value.is_null


def _with_bases(node: Node, files: tuple[ComposeText, ...]) -> Iterator[Node]:
    """The service and what it `extends`, nearest first."""
    seen: list[Node] = []
    waiting = [node]
    while waiting:
        current = waiting.pop()
        if any(current is other for other in seen):
            continue
        seen.append(current)
        yield current
        extends = current.get("extends")
        base = extends.get("service") if extends and extends.kind == "mapping" else extends
        waiting += [found for _file, found in service_nodes(base.value, files)] if base else []


def _env_files(node: Node | None) -> Iterator[str]:
    if node is None:
        return
    for item in node.items if node.kind == "sequence" else [node]:
        path = item.get("path") if item.kind == "mapping" else item
        if path is not None and not path.is_null:
            yield project_name_of(path.value)


def _files_of(files: tuple[ComposeText, ...], section: str) -> tuple[str, ...]:
    """The `file:` of every top-level config or secret."""
    sections = (file.root.get(section) for file in files)
    entries = (entry for found in sections if found for entry in found.entries)
    paths = (entry.value.get("file") for entry in entries if entry.value.kind == "mapping")
    return tuple(project_name_of(path.value) for path in paths if path is not None)


def _name(files: tuple[ComposeText, ...]) -> str | None:
    names = [node.value for file in files if (node := file.root.get("name"))]
    try:
        return by_defaults(names[-1]) or None if names else None
    except NoDefault:
        return None


def _build_variables(files: tuple[ComposeText, ...]) -> Iterator[Variable]:
    for name in _service_names(files):
        for _file, node in service_nodes(name, files):
            build = node.get("build")
            yield from _variables(build) if build else ()


def _variables(node: Node) -> Iterator[Variable]:
    if node.kind == "scalar":
        yield from variables_in(node.value)
    for item in node.items:
        yield from _variables(item)
    for entry in node.entries:
        yield from _variables(entry.value)


def _lost(service: Service) -> str:
    return _("{place}: there is neither `image:` nor `build:`.", place=service.place)
