"""Selects the variables for Compose: the settings, and those of the shell that do not interfere."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from installer.system.compose.env_file import Setting, parse_settings, values_of

HARMLESS = ("COMPOSE_HTTP_TIMEOUT", "COMPOSE_PARALLEL_LIMIT")
NEEDED = ("HOME", "PATH")  # the docker command itself needs these and DOCKER_*


def settings_in(path: Path) -> tuple[Setting, ...]:
    """Returns the statements of a `.env` file; none if there is no such file."""
    return parse_settings(path.read_bytes()) if path.is_file() else ()


def read_settings(path: Path, shell: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Returns the values that a `.env` file gives Compose in this shell; they include passwords.

    A setting that is only a name has no value: Compose would use the shell's, which is hidden from it.
    """
    settings = settings_in(path)
    return values_of(settings, shell_values(settings, shell))


def compose_variables(path: Path, shell: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Returns all variables that Compose gets: the settings of the file at `path`, and those of the shell."""
    return {**read_settings(path, shell), **shell_values(settings_in(path), shell)}


def shell_values(settings: Iterable[Setting] = (), shell: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Returns the shell variables that Compose gets in addition to these settings."""
    disturbing = disturbing_variables(settings, shell)
    return {name: value for name, value in shell.items() if name not in disturbing}


def disturbing_variables(
    settings: Iterable[Setting], shell: Mapping[str, str] = os.environ
) -> frozenset[str]:
    """Returns the shell variables to hide from Compose: COMPOSE_* ones, and those that the settings set."""
    decided = _decided_by(settings)
    return frozenset(name for name in shell if _steers_compose(name) or name in decided)


def shadowed_settings(settings: Iterable[Setting], shell: Mapping[str, str] = os.environ) -> tuple[str, ...]:
    """Returns the names of settings to which the shell gives another value, sorted."""
    settings = tuple(settings)
    values = values_of(settings, shell_values(settings, shell))
    there = sorted(name for name in _decided_by(settings) if name in shell)
    return tuple(name for name in there if shell[name] != values.get(name, ""))


def _steers_compose(name: str) -> bool:
    return name.startswith("COMPOSE_") and name not in HARMLESS


def _decided_by(settings: Iterable[Setting]) -> frozenset[str]:
    names = {setting.name for setting in settings}
    return frozenset(name for name in names if name not in NEEDED and not name.startswith("DOCKER_"))
