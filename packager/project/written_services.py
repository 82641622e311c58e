"""Reads services from compose files as written: what is built, what is pulled, what is mounted.

No environment is used to interpolate: a variable is replaced by its own default or by nothing.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from installer.bundle.variables import NoDefault, Variable, by_defaults, variables_in
from installer.errors import UsageProblem
from installer.text import _
from packager.project.compose_files import (
    ComposeFiles,
    ComposeText,
    Reader,
    base_of,
    based,
    read_compose_files,
)
from packager.project.mounts import BindMount, bind_mounts
from packager.yaml.yaml_text import Node

Definition = tuple[ComposeText, Node]


@dataclass(frozen=True)
class Service:
    """A service over all compose files. `image` is the value of `image:`, or empty."""

    name: str
    place: str
    is_built: bool
    image: str
    mounts: tuple[BindMount, ...]
    env_files: tuple[str, ...]


@dataclass(frozen=True)
class Compose:
    """All compose files of a project, read together. `name` is the top-level one, by its default.

    `files` are given to Compose, `along` are included and extended by these. Includes read settings from
    `include_env_files`, or from a `.env` in one of the `include_folders`.
    """

    files: tuple[ComposeText, ...]
    along: tuple[ComposeText, ...]
    name: str | None
    services: tuple[Service, ...]
    config_files: tuple[str, ...]
    secret_files: tuple[str, ...]
    include_env_files: tuple[str, ...]
    include_folders: tuple[str, ...]
    profiles: tuple[str, ...]
    variables: tuple[Variable, ...]
    build_variables: tuple[Variable, ...]

    @property
    def all_files(self) -> tuple[ComposeText, ...]:
        """Returns every file that Compose reads."""
        return (*self.files, *self.along)

    @property
    def with_services(self) -> tuple[ComposeText, ...]:
        """Returns the files whose services belong to the release: all except those that are only extended."""
        return tuple(file for file in self.all_files if not file.is_extended)

    def refines_another(self, file: ComposeText) -> bool:
        """Returns whether an included file is merged onto another, like the second of `path: [a, b]`."""
        group = [other for other in self.along if other.group == file.group and not other.is_extended]
        return file in group[1:]


def read_compose(texts: Mapping[str, str], read: Reader = lambda _name: None) -> Compose:
    """Reads the given files in order, and through `read` the files that they include and extend.

    Raises `UsageProblem` with every problem and its place.
    """
    files = read_compose_files(texts, read)
    services = tuple(_service(name, files) for name in _service_names(files.with_services))
    problems = [_no_image(service) for service in services if not service.is_built and not service.image]
    if not services:
        problems = [_("{place}: no service is defined.", place=f"{files.given[0].name}:1")]
    if problems:
        raise UsageProblem(_("The compose file cannot be packed as it is."), details=problems)
    everything = (*files.given, *files.along)
    return Compose(
        files.given,
        files.along,
        _name(files.given),
        services,
        _files_of(files.with_services, "configs"),
        _files_of(files.with_services, "secrets"),
        files.env_files,
        files.folders,
        tuple(dict.fromkeys(_profiles(files))),
        variables_of(file.root for file in everything),
        tuple(dict.fromkeys(_build_variables(files.with_services, everything))),
    )


def variables_of(trees: Iterable[Node]) -> tuple[Variable, ...]:
    """Returns every distinct use of a variable in these trees."""
    return tuple(dict.fromkeys(variable for tree in trees for variable in _variables(tree)))


def project_name_of(path: str) -> str:
    """Returns a file's name in the project: `a.yml` for `./a.yml`."""
    return path.removeprefix("./")


def _service_names(files: tuple[ComposeText, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for file in files for name in file.service_names()))


def _service(name: str, files: ComposeFiles) -> Service:
    everything = (*files.given, *files.along)
    nodes = service_nodes(name, files.with_services)
    found = [definition for own in nodes for definition in with_bases(own, everything)]
    mounts = (mount for file, node in found for mount in bind_mounts(name, node.get("volumes"), file.base))
    env_files = (based(file.base, path) for file, node in found for path in _env_files(node.get("env_file")))
    return Service(
        name,
        _place(name, nodes, everything),
        any(is_built(own, everything) for own in nodes),
        next((image for own in reversed(nodes) if (image := image_of(own, everything))), ""),
        tuple(dict.fromkeys(mounts)),
        tuple(dict.fromkeys(env_files)),
    )


def service_nodes(name: str, files: tuple[ComposeText, ...]) -> list[Definition]:
    """Returns each file that defines the service, with the service's node in it."""
    nodes = ((file, file.service(name)) for file in files)
    return [(file, node) for file, node in nodes if node is not None]


def _place(name: str, nodes: list[Definition], everything: tuple[ComposeText, ...]) -> str:
    """Returns the place of a service's image: in a base if no file that defines the service has it."""
    definitions = [definition for own in nodes for definition in with_bases(own, everything)]
    images = [(file, image) for file, node in definitions if (image := node.get("image")) is not None]
    file, node = nodes[0]
    is_here = node.get("image") is not None or _sets(node, "build") or not images
    file, at = (file, node.get("image") or node) if is_here else images[0]
    return f"{file.name}:{at.line} services.{name}"


def is_built(own: Definition, files: tuple[ComposeText, ...]) -> bool:
    """Returns whether the service, or a base that it extends, has `build:`."""
    return any(_sets(node, "build") for _file, node in with_bases(own, files))


def image_of(own: Definition, files: tuple[ComposeText, ...]) -> str:
    """Returns the value of `image:` in the service or in a base that it extends; empty if there is none."""
    images = (node.get("image") for _file, node in with_bases(own, files))
    return next((image.value for image in images if image is not None and image.value), "")


def _sets(node: Node, key: str) -> bool:
    value = node.get(key)
    return value is not None and not value.is_null


def with_bases(own: Definition, files: tuple[ComposeText, ...]) -> Iterator[Definition]:
    """Yields the service and the bases that it `extends`, nearest first."""
    seen: list[Node] = []
    waiting = [own]
    while waiting:
        file, node = waiting.pop()
        if any(node is other for other in seen):
            continue
        seen.append(node)
        yield file, node
        waiting += [(other, base) for other, _name, base in base_of(file, node, files)]


def _env_files(node: Node | None) -> Iterator[str]:
    if node is None:
        return
    for item in node.items if node.kind == "sequence" else [node]:
        path = item.get("path") if item.kind == "mapping" else item
        if path is not None and not path.is_null:
            yield project_name_of(path.value)


def _files_of(files: tuple[ComposeText, ...], section: str) -> tuple[str, ...]:
    """Returns the `file:` of every top-level config or secret."""
    sections = ((file, file.root.get(section)) for file in files)
    entries = ((file, entry.value) for file, found in sections if found for entry in found.entries)
    paths = ((file, value.get("file")) for file, value in entries if value.kind == "mapping")
    return tuple(based(file.base, project_name_of(path.value)) for file, path in paths if path is not None)


def _profiles(files: ComposeFiles) -> Iterator[str]:
    everything = (*files.given, *files.along)
    for file in everything:
        for name in file.service_names():
            node = file.service(name)
            profiles = node.get("profiles") if node else None
            yield from (item.value for item in profiles.items) if profiles else ()


def _name(files: tuple[ComposeText, ...]) -> str | None:
    names = [node.value for file in files if (node := file.root.get("name"))]
    try:
        return by_defaults(names[-1]) or None if names else None
    except NoDefault:
        return None


def _build_variables(
    files: tuple[ComposeText, ...], everything: tuple[ComposeText, ...]
) -> Iterator[Variable]:
    for name in _service_names(files):
        for own in service_nodes(name, files):
            for _file, node in with_bases(own, everything):
                build = node.get("build")
                yield from _variables(build) if build else ()


def _variables(node: Node) -> Iterator[Variable]:
    if node.kind == "scalar":
        yield from variables_in(node.value)
    for item in node.items:
        yield from _variables(item)
    for entry in node.entries:
        yield from _variables(entry.value)


def _no_image(service: Service) -> str:
    return _("{place}: `image:` or `build:` is required.", place=service.place)
