"""Runs `docker compose` with arguments that an operator could type; never pulls or builds."""

import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from installer.bundle.layout import ENV
from installer.system.compose.environment import disturbing_variables, settings_in, shadowed_settings
from installer.system.compose.messages import ComposeProblem, no_compose, translate, unfinished_problem
from installer.system.compose.model import ComposeModel, Mount, PublishedPort, Service, parse_model
from installer.system.compose.unset_variables import (
    MissingVariable,
    missing_variable,
    missing_variables_problem,
    unset_variables,
)
from installer.system.deadlines import QUESTION_SECONDS, START_SECONDS, STOP_SECONDS
from installer.system.process.process import Completed, run

__all__ = ["DEFAULT_FILES", "Compose", "ComposeModel", "ComposeProblem", "Mount", "PublishedPort", "Service"]

DEFAULT_FILES = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
PLACEHOLDER = "1"  # replaces a missing variable while searching for others; valid as a name and a port


@dataclass(frozen=True)
class Compose:
    """A Compose project. Files are relative to the directory, or absolute; Compose chooses the default name.

    The settings file (`env_file`, default: `.env` in the directory) overrides the shell, and the shell's
    COMPOSE_* variables are ignored, so that the result does not depend on who runs the command.
    """

    directory: Path
    files: tuple[str, ...]
    project: str | None = None
    env_file: Path | None = None

    @property
    def settings_path(self) -> Path:
        """Returns its settings file."""
        return self.env_file or self.directory / ENV

    def command(self, *words: str) -> tuple[str, ...]:
        """Returns the Compose command for this project, independent of the working directory."""
        project = ("--project-name", self.project) if self.project is not None else ()
        files = (word for file in self.files for word in ("--file", str(self.directory / file)))
        env_file = ("--env-file", str(self.env_file)) if self.env_file is not None else ()
        directory = ("--project-directory", str(self.directory))
        return ("docker", "compose", "--ansi", "never", *directory, *project, *files, *env_file, *words)

    def model(self) -> ComposeModel:
        """Returns the project, fully interpolated. Raises `ComposeProblem`, naming all missing variables."""
        said = self._expect(self._config("--format", "json"))
        return replace(parse_model(said.stdout), unset_variables=unset_variables(said.stderr))

    def with_profiles(self) -> ComposeModel:
        """Returns the project with the services of all profiles, as if every profile were active.

        Also raises `ComposeProblem` if only a service of a profile lacks something, such as its `env_file`.
        """
        return parse_model(self._expect(self._run(("--profile", "*", "config", "--format", "json"))).stdout)

    def shadowed_settings(self) -> tuple[str, ...]:
        """Returns the settings that this shell overrides for a manual `docker compose`."""
        return shadowed_settings(settings_in(self.settings_path))

    def config_hashes(self) -> Mapping[str, str]:
        """Returns the digest of each service's configuration, with which Compose labels containers."""
        lines = self._expect(self._config("--hash", "*")).stdout.splitlines()
        return dict(line.split() for line in lines if line)

    def up(
        self,
        services: Sequence[str] = (),
        *,
        no_deps: bool = False,
        recreate: bool = False,
        timeout_seconds: float = START_SECONDS,
    ) -> None:
        """Creates and starts containers; replaces those whose configuration changed, or (`recreate`) all.

        Waits only for `depends_on` conditions, without a time limit by Compose: a crashing service may block
        it until the timeout. Does not change containers of other services.
        """
        self._do(up_words(services, no_deps=no_deps, recreate=recreate), timeout_seconds)

    def stop(self, services: Sequence[str] = (), *, timeout_seconds: int | None = None) -> None:
        """Stops services (default: all) and kills those that do not end in time (default: 10 s)."""
        timeout = ("--timeout", str(timeout_seconds)) if timeout_seconds is not None else ()
        self._do(("stop", *timeout, *services), STOP_SECONDS)

    def start(self, services: Sequence[str] = ()) -> None:
        """Starts existing containers unchanged."""
        self._do(("start", *services), START_SECONDS)

    def down(self) -> None:
        """Removes the project's containers and networks, but never its volumes."""
        self._do(("down",), STOP_SECONDS)

    def _config(self, *words: str) -> Completed:
        return self._run(("config", *words))

    def _do(self, words: tuple[str, ...], timeout_seconds: float) -> None:
        self._expect(self._run(words, timeout_seconds=timeout_seconds))

    def _expect(self, done: Completed) -> Completed:
        if not done.exit_code:
            return done
        if missing_variable(done.stderr):
            raise missing_variables_problem(*self._variables_without_value(), self.settings_path)
        raise translate(done, self.settings_path)

    def _variables_without_value(self) -> tuple[list[MissingVariable], tuple[str, ...]]:
        """Returns the missing required variables and the empty ones; Compose names only one per call."""
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
        timeout_seconds: float = QUESTION_SECONDS,
    ) -> Completed:
        command, unset = self.command(*words), disturbing_variables(settings_in(self.settings_path))
        try:
            return run(command, secrets=given, unset=unset, timeout_seconds=timeout_seconds)
        except subprocess.TimeoutExpired as late:
            raise unfinished_problem(command, late) from late


def up_words(services: Sequence[str], *, no_deps: bool, recreate: bool = False) -> tuple[str, ...]:
    """Returns the arguments of `docker compose …` that start services from existing images."""
    alone = ("--no-deps",) if no_deps else ()
    replacing = ("--force-recreate",) if recreate else ()
    return ("up", "--detach", "--no-build", "--pull", "never", *alone, *replacing, *services)


def compose_version() -> str:
    """Returns the version of Docker Compose, such as "2.26.1". Raises `Refused` without Compose v2."""
    words = ("docker", "compose", "version", "--short")
    try:
        asked = run(words, timeout_seconds=QUESTION_SECONDS)
    except subprocess.TimeoutExpired as late:
        raise unfinished_problem(words, late) from late
    if asked.exit_code:
        raise no_compose(asked.stderr)
    return asked.stdout.strip().removeprefix("v")
