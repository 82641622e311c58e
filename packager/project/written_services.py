"""Compose files as written: which services there are, what is built, what is pulled, what is mounted.

Nothing is interpolated from anybody's environment: a variable stands for its own default, or for nothing.
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
    """A service over all compose files. `image` is what `image:` says, or empty."""

    name: str
    place: str
    is_built: bool
    image: str
    mounts: tuple[BindMount, ...]
    env_files: tuple[str, ...]


@dataclass(frozen=True)
class Compose:
    """All compose files of a project, read together. `name` is the top-level one by its default.

    `files` are those that Compose is given, `along` those that they include and extend. Includes take
    settings from `include_env_files`, or from a `.env` in one of the `include_folders`.
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
        """Every file that Compose reads."""
        return (*self.files, *self.along)

    @property
    def with_services(self) -> tuple[ComposeText, ...]:
        """Those whose services are the release's: all but the ones that are only extended."""
        return tuple(file for file in self.all_files if not file.is_extended)

    def refines_another(self, file: ComposeText) -> bool:
        """Whether an included file is merged onto another one, as the second of `path: [a.yml, b.yml]`."""
        group = [other for other in self.along if other.group == file.group and not other.is_extended]
        return file in group[1:]


def read_compose(texts: Mapping[str, str], read: Reader = lambda _name: None) -> Compose:
    """Read the given files in their order, and through `read` what they include and extend.

    Raises `UsageProblem` with every problem and its place.
    """
    files = read_compose_files(texts, read)
    services = tuple(_service(name, files) for name in _service_names(files.with_services))
    lost = [_lost(service) for service in services if not service.is_built and not service.image]
    if not services:
        lost = [_("{place}: there is no service.", place=f"{files.given[0].name}:1")]
    if lost:
        raise UsageProblem(_("The compose file cannot be packed as it is."), details=lost)
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
    """Every use of a variable in these trees, equal ones once."""
    return tuple(dict.fromkeys(variable for tree in trees for variable in _variables(tree)))


def project_name_of(path: str) -> str:
    """A file's name in the project: `./a.yml` is `a.yml`."""
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
    """Each file that has the service, with the service's own node there."""
    nodes = ((file, file.service(name)) for file in files)
    return [(file, node) for file, node in nodes if node is not None]


def _place(name: str, nodes: list[Definition], everything: tuple[ComposeText, ...]) -> str:
    """Where the image of a service is written, in a base if in no file that has the service itself."""
    definitions = [definition for own in nodes for definition in with_bases(own, everything)]
    saying = [(file, image) for file, node in definitions if (image := node.get("image")) is not None]
    file, node = nodes[0]
    is_here = node.get("image") is not None or _says(node, "build") or not saying
    file, at = (file, node.get("image") or node) if is_here else saying[0]
    return f"{file.name}:{at.line} services.{name}"


def is_built(own: Definition, files: tuple[ComposeText, ...]) -> bool:
    """Whether the service, or what it extends, has `build:`."""
    return any(_says(node, "build") for _file, node in with_bases(own, files))


def image_of(own: Definition, files: tuple[ComposeText, ...]) -> str:
    """What `image:` says, in the service or in what it extends; empty if nothing."""
    images = (node.get("image") for _file, node in with_bases(own, files))
    return next((image.value for image in images if image is not None and image.value), "")


def _says(node: Node, key: str) -> bool:
    value = node.get(key)
    return value is not None and not value.is_null


def with_bases(own: Definition, files: tuple[ComposeText, ...]) -> Iterator[Definition]:
    """The service and what it `extends`, nearest first."""
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
    """The `file:` of every top-level config or secret."""
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


def _lost(service: Service) -> str:
    return _("{place}: there is neither `image:` nor `build:`.", place=service.place)
