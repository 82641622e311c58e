"""Reads the compose files of a project, with all files that they include and extend.

A path in an included or extended file is relative to that file's own folder, as in Compose.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from installer.errors import UsageProblem
from installer.text import _
from packager.project.compose_problems import compose_problems
from packager.project.mounts import project_path
from packager.yaml.yaml_text import Node, read_yaml

Reader = Callable[[str], str | None]


@dataclass(frozen=True)
class ComposeText:
    """One compose file: its name in the project, its text, its tree.

    `base` is the folder, relative to the project, that paths in the file start from; empty for the project
    itself. Files of one `group` are merged first. A file that is only extended (`is_extended`) contributes no
    services of its own; services of other files are based on it.
    """

    name: str
    text: str
    root: Node
    base: str = ""
    group: int = 0
    is_extended: bool = False

    def service(self, name: str) -> Node | None:
        """Returns the definition of this service in this file."""
        services = self.root.get("services")
        return services.get(name) if services else None

    def service_names(self) -> tuple[str, ...]:
        """Returns the names of the services that this file defines."""
        services = self.root.get("services")
        return services.names() if services else ()


@dataclass(frozen=True)
class ComposeFiles:
    """The compose files given to Compose, and the further files that these refer to (`along`).

    `env_files` are the settings files named by includes; from each of the `folders` of included files,
    Compose also reads a `.env` if it exists.
    """

    given: tuple[ComposeText, ...]
    along: tuple[ComposeText, ...]
    env_files: tuple[str, ...]
    folders: tuple[str, ...]

    @property
    def with_services(self) -> tuple[ComposeText, ...]:
        """Returns the given and the included files: their services belong to the release."""
        return (*self.given, *(file for file in self.along if not file.is_extended))


def read_compose_files(texts: Mapping[str, str], read: Reader) -> ComposeFiles:
    """Reads the given files in order, and through `read` (None: no such file) the files they refer to.

    Raises `UsageProblem` with every problem and its place.
    """
    given = tuple(ComposeText(name, text, read_yaml(text, name)) for name, text in texts.items())
    reading = _Reading(read, given)
    for file in given:
        reading.check(file)
    if not reading.problems:
        for file in given:
            reading.follow_includes(file, (file.name,))
        for file in (*given, *reading.along):
            reading.follow_extends(file)
    if reading.problems:
        raise UsageProblem(
            _("The compose file cannot be packed as it is."), details=dict.fromkeys(reading.problems)
        )
    env_files, folders = dict.fromkeys(reading.env_files), dict.fromkeys(reading.folders)
    return ComposeFiles(given, tuple(reading.along), tuple(env_files), tuple(folders))


def based(base: str, path: str) -> str:
    """Returns a path of a file with this `base` relative to the project; absolute paths are unchanged."""
    inside = project_path(f"{base}/{path}") if base else None
    return inside if inside is not None and not path.startswith(("/", "~", "$")) else path


def base_of(
    file: ComposeText, service: Node, files: tuple[ComposeText, ...]
) -> Iterator[tuple[ComposeText, str, Node]]:
    """Yields the base that the service extends, as file, name and node, from each file that defines it."""
    extends = service.get("extends")
    if extends is None or extends.is_null:
        return
    name, source = _extended(extends)
    for other in files:
        is_beside = (other.group, other.base) == (file.group, file.base)
        is_meant = is_file_of(other, file, source) if source else is_beside
        node = other.service(name) if is_meant else None
        if node is not None:
            yield other, name, node


def written_bases(file: ComposeText) -> tuple[str, ...]:
    """Returns every `file:` that services of this file extend, as written."""
    nodes = (file.service(name) for name in file.service_names())
    extends = (node.get("extends") for node in nodes if node is not None)
    found = (_extended(node)[1] for node in extends if node is not None)
    return tuple(dict.fromkeys(source for source in found if source))


def is_file_of(other: ComposeText, file: ComposeText, written: str) -> bool:
    """Returns whether `other` is the file that a service of `file` extends as `written`."""
    return _is(other, based(file.base, written))


def _is(file: ComposeText, path: str) -> bool:
    return file.name == project_path(path) and file.base == _folder(file.name)


def _extended(extends: Node) -> tuple[str, str]:
    """Returns the name of the base and the file it is in; an empty file name for the same file."""
    if extends.kind != "mapping":
        return extends.value, ""
    name, source = extends.get("service"), extends.get("file")
    return name.value if name else "", source.value if source else ""


def _folder(name: str) -> str:
    return name.rpartition("/")[0]


@dataclass
class _Reading:
    """The state of reading: the files and problems found so far."""

    read: Reader
    given: tuple[ComposeText, ...]
    along: list[ComposeText] = field(default_factory=list)
    env_files: list[str] = field(default_factory=list)
    folders: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    groups: int = 0

    def check(self, file: ComposeText) -> None:
        self.problems += compose_problems(file.name, file.root, is_extended=file.is_extended)

    def follow_includes(self, file: ComposeText, above: tuple[str, ...]) -> None:
        include = file.root.get("include")
        for item in include.items if include else ():
            place = f"{file.name}:{item.line}"
            names = [self._name(place, file.base, path) for path in _paths(item, "path")]
            bases = [self._name(place, file.base, path) for path in _paths(item, "project_directory")]
            if not names or None in (*names, *bases):
                continue
            base = (bases[0] if bases else _folder(names[0] or "")) or ""
            env_files = _paths(item, "env_file")
            self.env_files += [based(file.base, path) for path in env_files]
            self.folders += [] if env_files else [base]
            self.groups += 1
            for name in filter(None, names):
                self._include(place, name, "" if base == "." else base, above)

    def _include(self, place: str, name: str, base: str, above: tuple[str, ...]) -> None:
        if name in above:
            self.problems.append(_("{place}: {file} includes itself.", place=place, file=name))
            return
        if any((file.name, file.base) == (name, base) for file in self.along):
            return
        file = self._opened(place, ComposeText(name, "", EMPTY, base, self.groups))
        if file is not None:
            self.follow_includes(file, (*above, name))

    def follow_extends(self, file: ComposeText) -> None:
        for name in file.service_names():
            self._follow(file, name, [])

    def _follow(self, file: ComposeText, name: str, seen: list[Node]) -> None:
        node = file.service(name)
        extends = node.get("extends") if node else None
        if node is None or extends is None or any(node is other for other in seen):
            return
        base, source = _extended(extends)
        other = self._extended_file(file, source, extends.line) if source else file
        if other is not None:
            if source and other.service(base) is None:
                place = f"{file.name}:{extends.line}"
                self.problems.append(
                    _("{place}: {file} has no service {name}.", place=place, file=other.name, name=base)
                )
            self._follow(other, base, [*seen, node])

    def _extended_file(self, file: ComposeText, source: str, line: int) -> ComposeText | None:
        place = f"{file.name}:{line}"
        name = self._name(place, file.base, source)
        if name is None:
            return None
        read = next((one for one in (*self.given, *self.along) if _is(one, name)), None)
        return read or self._opened(place, ComposeText(name, "", EMPTY, _folder(name), -1, is_extended=True))

    def _opened(self, place: str, file: ComposeText) -> ComposeText | None:
        text = self.read(file.name)
        if text is None:
            self.problems.append(_("{place}: file {file} does not exist.", place=place, file=file.name))
            return None
        opened = ComposeText(
            file.name, text, read_yaml(text, file.name), file.base, file.group, file.is_extended
        )
        before = len(self.problems)
        self.check(opened)
        if len(self.problems) > before:
            return None
        self.along.append(opened)
        return opened

    def _name(self, place: str, base: str, written: str) -> str | None:
        """Returns the path in the project; None, with a problem added, if a package could not contain it."""
        inside = project_path(based(base, written))
        words = {"place": place, "file": written}
        if "$" in written:
            problem = _("{place}: path {file} contains a variable; write the path itself.", **words)
        elif "://" in written or written.startswith(("git@", "oci:")):
            problem = _("{place}: {file} is fetched from the network; copy it into the project.", **words)
        elif "\\" in written:
            problem = _("{place}: {file} is a path of Windows; write / between folders.", **words)
        elif inside is None or inside.startswith(".."):
            problem = _(
                "{place}: {file} is outside the project directory; move it into the project, or move the "
                "main compose file and airlock.yml to the folder that contains both.",
                **words,
            )
        else:
            return inside
        self.problems.append(problem)
        return None


def _paths(item: Node, key: str) -> list[str]:
    """Returns the paths that an entry of `include` has under `key`; a plain entry is a `path`."""
    node = item.get(key) if item.kind == "mapping" else item if key == "path" else None
    if node is None or node.is_null:
        return []
    return [one.value for one in (node.items if node.kind == "sequence" else [node])]


EMPTY = Node("mapping", 0, 0, 1)
