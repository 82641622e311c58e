"""The `docker compose` command: each call is words that a person could type; none pulls or builds."""

import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from installer.system.compose.environment import disturbing_variables, read_settings, shadowed_settings
from installer.system.compose.messages import ComposeProblem, no_compose, translate, unfinished_problem
from installer.system.compose.model import ComposeModel, Mount, PublishedPort, Service, parse_model
from installer.system.compose.unset_variables import (
    MissingVariable,
    missing_variable,
    missing_variables_problem,
    unset_variables,
)
from installer.system.process.process import Completed, run

__all__ = ["DEFAULT_FILES", "Compose", "ComposeModel", "ComposeProblem", "Mount", "PublishedPort", "Service"]

DEFAULT_FILES = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
PLACEHOLDER = "1"  # stands for a missing variable while the others are searched; fits a name and a port


@dataclass(frozen=True)
class Compose:
    """One project. Files are relative to the directory, or absolute; without a name, Compose chooses one.

    What the settings file (`env_file`, else `.env` in the directory) says wins over the shell, and the
    shell's COMPOSE_* variables count for nothing: whoever runs a command here gets the same result.
    """

    directory: Path
    files: tuple[str, ...]
    project: str | None = None
    env_file: Path | None = None

    @property
    def settings_path(self) -> Path:
        """The file of its settings."""
        return self.env_file or self.directory / ".env"

    def command(self, *words: str) -> tuple[str, ...]:
        """The words of a Compose command for this project, wherever it is typed."""
        project = ("--project-name", self.project) if self.project is not None else ()
        files = (word for file in self.files for word in ("--file", str(self.directory / file)))
        env_file = ("--env-file", str(self.env_file)) if self.env_file is not None else ()
        directory = ("--project-directory", str(self.directory))
        return ("docker", "compose", "--ansi", "never", *directory, *project, *files, *env_file, *words)

    def model(self) -> ComposeModel:
        """The project with everything interpolated. Raises `ComposeProblem`, naming all missing variables."""
        said = self._expect(self._config("--format", "json"))
        return replace(parse_model(said.stdout), unset_variables=unset_variables(said.stderr))

    def with_profiles(self) -> ComposeModel:
        """The project with the services of all profiles, as if each were active.

        Raises `ComposeProblem` also for what only a service of a profile lacks, such as its `env_file`.
        """
        return parse_model(self._expect(self._run(("--profile", "*", "config", "--format", "json"))).stdout)

    def shadowed_settings(self) -> tuple[str, ...]:
        """Settings to which this shell gives another value, which Compose would take if typed by hand."""
        return shadowed_settings(self._settings())

    def config_hashes(self) -> Mapping[str, str]:
        """Per service, the digest of its configuration as Compose labels containers with it."""
        lines = self._expect(self._config("--hash", "*")).stdout.splitlines()
        return dict(line.split() for line in lines if line)

    def up(
        self,
        services: Sequence[str] = (),
        *,
        no_deps: bool = False,
        recreate: bool = False,
        timeout_seconds: float | None = None,
    ) -> None:
        """Make and start containers, also replacing those whose configuration changed, or (`recreate`) all.

        Waits for `depends_on` conditions only, which Compose itself does not limit in time: a crashing
        service may keep it waiting for good, so give a timeout. Other services' containers are left alone.
        """
        self._do(up_words(services, no_deps=no_deps, recreate=recreate), timeout_seconds)

    def stop(self, services: Sequence[str] = (), *, timeout_seconds: int | None = None) -> None:
        """Stop services, all if none are named; what does not end in time (10 s by default) is killed."""
        timeout = ("--timeout", str(timeout_seconds)) if timeout_seconds is not None else ()
        self._do(("stop", *timeout, *services))

    def start(self, services: Sequence[str] = ()) -> None:
        """Start the containers that there are, as they are."""
        self._do(("start", *services))

    def down(self) -> None:
        """Remove the project's containers and networks; never its volumes."""
        self._do(("down",))

    def _config(self, *words: str) -> Completed:
        return self._run(("config", *words))

    def _do(self, words: tuple[str, ...], timeout_seconds: float | None = None) -> None:
        try:
            self._expect(self._run(words, timeout_seconds=timeout_seconds))
        except subprocess.TimeoutExpired as late:
            raise unfinished_problem(self.command(*words), late) from late

    def _expect(self, done: Completed) -> Completed:
        if not done.exit_code:
            return done
        if missing_variable(done.stderr):
            raise missing_variables_problem(*self._variables_without_value(), self.settings_path)
        raise translate(done, self.settings_path)

    def _variables_without_value(self) -> tuple[list[MissingVariable], tuple[str, ...]]:
        """Those required, one by one as Compose names them, each given a value then; and those left empty."""
        found: dict[str, MissingVariable] = {}
        while True:
            said = self._run(("config", "--quiet"), dict.fromkeys(found, PLACEHOLDER)).stderr
            missing = missing_variable(said)
            if missing is None or missing.name in found:
                return list(found.values()), unset_variables(said)
            found[missing.name] = missing

    def _run(
        self,
        words: tuple[str, ...],
        given: Mapping[str, str] | None = None,
        timeout_seconds: float | None = None,
    ) -> Completed:
        unset = disturbing_variables(self._settings())
        return run(self.command(*words), secrets=given, unset=unset, timeout_seconds=timeout_seconds)

    def _settings(self) -> Mapping[str, str]:
        return read_settings(self.settings_path)


def up_words(services: Sequence[str], *, no_deps: bool, recreate: bool = False) -> tuple[str, ...]:
    """The words after `docker compose …` that start services from images that are there."""
    alone = ("--no-deps",) if no_deps else ()
    replacing = ("--force-recreate",) if recreate else ()
    return ("up", "--detach", "--no-build", "--pull", "never", *alone, *replacing, *services)


def compose_version() -> str:
    """The version of Docker Compose, such as "2.26.1". Raises `Refused` when there is no Compose v2."""
    asked = run(("docker", "compose", "version", "--short"))
    if asked.exit_code:
        raise no_compose(asked.stderr)
    return asked.stdout.strip().removeprefix("v")
