"""Reads a project: found from its compose file alone, refined by `airlock.yml`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from installer.bundle.layout import shown
from installer.bundle.manifest import value_rules as rules
from installer.errors import UsageProblem
from installer.system.compose.compose import DEFAULT_FILES
from installer.text import _
from packager.git.case_of_names import problems_of_case
from packager.git.checkout import Checkout, read_checkout
from packager.project.airlock_yml import FILE, Settings, read_settings
from packager.project.compose_files import is_file_of, written_bases
from packager.project.databases.project_databases import ProjectDatabase, find_databases
from packager.project.example_places import with_example_places
from packager.project.project_files import ProjectFiles, find_files
from packager.project.secrets_and_configs import external_problems
from packager.project.written_services import Compose, read_compose

ENGINE_SOCKET = "docker.sock"


@dataclass(frozen=True)
class Project:
    """A directory with a compose file. `project` is its name in Compose, `override` a file not packed."""

    directory: Path
    checkout: Checkout
    settings: Settings
    compose: Compose
    name: str
    project: str
    files: ProjectFiles
    databases: tuple[ProjectDatabase, ...]
    override: str | None

    @property
    def title(self) -> str:
        """Returns the name of the application for people."""
        return self.settings.title or self.name

    @property
    def database_services(self) -> tuple[str, ...]:
        """Returns the services of the databases."""
        return tuple(one.service for one in self.databases)

    def chosen_databases(self, named: str | None = None) -> tuple[ProjectDatabase, ...]:
        """Returns all databases, or that of the service `named`. Raises `UsageProblem` if there is none."""
        found = tuple(one for one in self.databases if named in (None, one.service))
        if named is not None and not found:
            raise UsageProblem(
                _("There is no database `{name}` in this project.", name=named),
                details=[_("Its databases: {names}", names=", ".join(self.database_services))],
            )
        return found


def find_project(directory: Path) -> Project:
    """Reads the project in `directory`. Raises `UsageProblem` with places and what to write instead."""
    checkout = read_checkout(directory)
    settings = _settings(directory)
    names, override = _compose_files(directory, settings)
    texts = {name: checkout.content(name, _raw(directory, name)).decode() for name in names}
    written = read_compose(texts, lambda name: _text_if_there(checkout, name))
    compose = with_example_places(written, directory)
    _refuse_listed_twice(compose, settings)
    problems = external_problems(compose)
    files = find_files(checkout, compose, settings, problems)
    problems += problems_of_case(checkout, [*files.shipped, *(file.name for file in compose.all_files)])
    if problems:
        raise UsageProblem(_("Some files of the project cannot be packed."), details=problems)
    files = replace(files, notes=(*_listed_bases(compose), *files.notes, *_socket_notes(compose)))
    databases = find_databases(compose, settings, checkout, files.state)
    name = _name(directory, settings, compose)
    project = compose_project(compose.name or name)
    return Project(directory, checkout, settings, compose, name, project, files, databases, override)


def open_project(directory: Path) -> Project:
    """Returns the project as `find_project` does; its errors also name the directory that was read."""
    try:
        return find_project(directory)
    except UsageProblem as problem:
        where = _("Project directory: {directory}", directory=directory.resolve())
        raise UsageProblem(
            problem.happened, details=(*problem.details, where), hint=problem.hint
        ) from problem


def compose_project(name: str) -> str:
    """Returns a name as Compose normalizes project names: lower case, only letters, digits, `_` and `-`."""
    return re.sub(r"[^a-z0-9_-]", "", name.lower()).lstrip("_-")


def _settings(directory: Path) -> Settings:
    path = directory / FILE
    return read_settings(_raw(directory, FILE).decode()) if path.is_file() else Settings()


def _compose_files(directory: Path, settings: Settings) -> tuple[tuple[str, ...], str | None]:
    """Returns the compose files to pack, and an override file that Compose would read as well."""
    if settings.compose is not None:
        _refuse_missing(directory, settings.compose)
        return settings.compose, None
    for name in DEFAULT_FILES:
        if (directory / name).is_file():
            stem = name.partition(".")[0]
            overrides = (f"{stem}.override.{ending}" for ending in ("yml", "yaml"))
            return (name,), next((o for o in overrides if (directory / o).is_file()), None)
    others = [one.name for one in directory.glob("*") if one.name.lower() in DEFAULT_FILES]
    raise UsageProblem(
        _("There is no compose file in {directory}.", directory=directory),
        details=[
            ", ".join(DEFAULT_FILES),
            *(_("found in another case: {file}", file=shown(other)) for other in others),
        ],
        hint=_("Change to the application's directory, then run the command again."),
    )


def _refuse_missing(directory: Path, names: tuple[str, ...]) -> None:
    problems = [
        f"{name}: " + (_("is not in the same folder as airlock.yml") if "/" in name else _("does not exist"))
        for name in names
        if "/" in name or not (directory / name).is_file()
    ]
    if problems or not names:
        raise UsageProblem(_("airlock.yml lists compose files that cannot be read."), details=problems)


def _raw(directory: Path, name: str) -> bytes:
    """Returns the content of a file, which is UTF-8."""
    try:
        raw = (directory / name).read_bytes()
        raw.decode()
    except UnicodeDecodeError as broken:
        raise UsageProblem(_("{file} is not UTF-8 text.", file=name)) from broken
    except OSError as broken:
        raise UsageProblem(
            _("{file} cannot be read.", file=name), details=[broken.strerror or ""]
        ) from broken
    return raw


def _text_if_there(checkout: Checkout, name: str) -> str | None:
    if not (checkout.directory / name).is_file():
        return None
    return checkout.content(name, _raw(checkout.directory, name)).decode()


def _refuse_listed_twice(compose: Compose, settings: Settings) -> None:
    """Refuses listed files that another file includes: included files are packed anyway."""
    given = {file.name for file in compose.files}
    twice = [file.name for file in compose.along if file.name in given]
    if twice:
        raise UsageProblem(
            _("airlock.yml lists compose files that another compose file already includes."),
            details=twice,
            hint=_(
                "Remove them from `compose:` in {file}: included files are packed automatically.", file=FILE
            ),
        )


def _listed_bases(compose: Compose) -> Iterator[str]:
    """Yields a note for each listed file that another one extends: its services join the release."""
    for file in compose.files[1:]:
        users = [one for one in compose.files if any(is_file_of(file, one, w) for w in written_bases(one))]
        if any(user is not file for user in users):
            yield _(
                "{file} is listed under `compose:`, so its services belong to the release. If they "
                "are only bases for `extends`, remove the file from `compose:`: extended files are "
                "packed automatically.",
                file=file.name,
            )


def _socket_notes(compose: Compose) -> Iterator[str]:
    """Yields a note for each mount of the engine's socket: an image does not say which API it asks for."""
    mounts = (mount for service in compose.services for mount in service.mounts)
    for mount in mounts:
        if PurePosixPath(mount.source).name == ENGINE_SOCKET:
            yield _(
                "{place}: this service talks to the Docker engine of the site. Docker 29 refuses clients "
                "older than API 1.44: check that the program in the image supports it.",
                place=f"services.{mount.service} {mount.source}",
            )


def _name(directory: Path, settings: Settings, compose: Compose) -> str:
    name = settings.name or compose.name or directory.resolve().name
    problem = rules.name_problem(name) or (
        None if compose_project(name) else _("contains no letter or digit")
    )
    if problem:
        raise UsageProblem(
            _("The application's name {name} {problem}.", name=name, problem=problem),
            hint=_("Set another name in airlock.yml: `name: …`"),
        )
    return name
