"""Finds the installation on this host by its Compose containers or by a directory."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from installer.bundle.layout import MANIFEST
from installer.bundle.manifest.manifest_file import parse_manifest
from installer.errors import Refused
from installer.site.paths import env_path
from installer.site.running.directory_of_containers import first_of, has_files, place_of, started_in
from installer.system.compose.compose import DEFAULT_FILES, Compose, ComposeModel
from installer.system.docker.docker import Container, Engine
from installer.system.files.files import rebased
from installer.text import _

HEALTHY = (None, "healthy")
VersionSource = Literal["release", "images", "answer"]


@dataclass(frozen=True)
class Installation:
    """An application installed on this host: its directory and its containers, running or not.

    `version_source` is where the version is known from: only the release's own manifest is certain.
    """

    compose: Compose
    model: ComposeModel
    containers: tuple[Container, ...]
    version: str | None
    version_source: VersionSource = "release"

    @property
    def directory(self) -> Path:
        """Returns the release directory."""
        return self.compose.directory

    @property
    def env_path(self) -> Path:
        """Returns its settings file: `.env`, or the one it was started with."""
        return self.compose.env_file or env_path(self.directory)

    @property
    def renamed_from(self) -> Path | None:
        """Returns the directory where its containers were started, if that was renamed since."""
        old = started_in(self.containers)
        return old if old is not None and old.resolve() != self.directory.resolve() else None

    def is_in(self, directory: Path) -> bool:
        """Returns whether `directory` is its directory, with links resolved."""
        return self.directory.resolve() == directory.resolve()

    @property
    def running_services(self) -> tuple[str, ...]:
        """Returns the names of the services that have a container to stop, sorted."""
        return tuple(
            sorted({c.service for c in self.containers if c.service and c.is_up and not c.is_one_off})
        )

    @property
    def healthy_services(self) -> tuple[str, ...]:
        """Returns those `running_services` whose containers all run and pass their health check, if any."""
        ill = {c.service for c in self.containers if c.is_up and not (c.is_running and c.health in HEALTHY)}
        return tuple(name for name in self.running_services if name not in ill)

    @property
    def ended_services(self) -> tuple[str, ...]:
        """Returns the jobs: services that do not run and whose container has exited with code 0."""
        ended = {c.service for c in self.containers if c.service and c.has_ended_well and not c.is_one_off}
        return tuple(sorted(ended - set(self.running_services)))

    def container_of(self, service: str) -> Container | None:
        """Returns the container of `service`, if there is one; of several, a running one."""
        own = [one for one in self.containers if one.service == service and not one.is_one_off]
        return max(own, key=lambda one: one.is_running, default=None)


def find_installation(
    engine: Engine,
    project: str,
    names: frozenset[str],
    *,
    from_directory: Path | None,
    near: Path | None = None,
) -> Installation | None:
    """Finds the application on this host, running or stopped; None if it is not installed.

    Looks for containers of the compose project `project`, else for a container of another project with one of
    the fixed `names`; `from_directory` overrides both. A renamed directory is searched beside its old place
    and beside `near`. Raises `Refused` if files are missing.
    """
    if from_directory is not None:
        return _in_directory(engine, from_directory.resolve())
    containers = engine.containers(project=project) or _with_names(engine, names)
    return _of_containers(containers, near) if containers else None


def _in_directory(engine: Engine, directory: Path) -> Installation:
    containers = tuple(
        c for c in engine.containers() if c.working_dir and c.working_dir.resolve() == directory
    )
    found = _at(containers[0].working_dir or directory, containers) if containers else None
    if found is not None:
        return found
    file = next((name for name in DEFAULT_FILES if (directory / name).is_file()), None)
    if file is None:
        raise Refused(
            _("{directory} contains no compose file.", directory=directory),
            hint=_("Specify the directory of the running release: --from DIRECTORY"),
        )
    model = Compose(directory, (file,), project=None).model()
    compose = Compose(directory, (file,), model.project)
    return Installation(compose, model, engine.containers(project=model.project), _version(directory))


def _with_names(engine: Engine, names: frozenset[str]) -> tuple[Container, ...]:
    bearer = next((c for c in engine.containers() if c.name in names and c.project), None)
    return engine.containers(project=bearer.project) if bearer else ()


def _of_containers(containers: tuple[Container, ...], near: Path | None) -> Installation | None:
    directory = place_of(containers, near)
    if directory is None:
        raise _files_gone(containers)
    return _at(directory, containers)


def _at(directory: Path, containers: tuple[Container, ...]) -> Installation | None:
    """Returns the installation whose directory is now this one; Compose's labels give its files' old paths.

    Returns None if only ended jobs of a profile are left.
    """
    first = first_of(containers) or containers[0]
    old, project = first.working_dir, first.project
    with_all = max(containers, key=lambda one: (one.working_dir == old, len(one.config_files)))
    are_there = old is not None and all(has_files(directory, (one,), old) for one in (first, with_all))
    if old is None or project is None or not are_there:
        raise _files_gone(containers)
    config_files = tuple(str(rebased(file, old, directory)) for file in with_all.config_files)
    env_file = _env_file(tuple(rebased(file, old, directory) for file in first.env_files))
    compose = Compose(directory, config_files, project, env_file)
    model = compose.model()
    is_there = any(c.is_up or c.service in model.services for c in containers)
    return Installation(compose, model, containers, _version(directory)) if is_there else None


def _files_gone(containers: tuple[Container, ...]) -> Refused:
    first = first_of(containers) or containers[0]
    files = (*first.config_files, *first.env_files)
    return Refused(
        _("The files of the running release are no longer where Compose started it."),
        details=[str(first.working_dir), *(str(file) for file in files)],
        hint=_("Put them back, or specify their directory: --from DIRECTORY"),
    )


def _env_file(env_files: tuple[Path, ...]) -> Path | None:
    if len(env_files) > 1:
        raise Refused(
            _("The running release was started with several settings files."),
            details=[str(file) for file in env_files],
            hint=_("Merge them into one file, then start it again: docker compose --env-file FILE up -d"),
        )
    return env_files[0] if env_files else None


def _version(directory: Path) -> str | None:
    manifest = directory / MANIFEST
    return parse_manifest(manifest.read_bytes()).application.version if manifest.is_file() else None
