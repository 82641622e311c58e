"""Which variables Compose is given: those of the settings file, and of a shell those that do not disturb."""

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
    """What the settings of a `.env` file mean to Compose beside this shell; passwords are among them.

    A setting that only has a name has no value: Compose would take one of the shell, which is kept from it.
    """
    settings = settings_in(path)
    return values_of(settings, shell_values(settings, shell))


def compose_variables(path: Path, shell: Mapping[str, str] = os.environ) -> dict[str, str]:
    """All that Compose is given: what the file at `path` sets, and what of the shell is not kept from it."""
    return {**read_settings(path, shell), **shell_values(settings_in(path), shell)}


def shell_values(settings: Iterable[Setting] = (), shell: Mapping[str, str] = os.environ) -> dict[str, str]:
    """What Compose is given of the shell beside these settings."""
    disturbing = disturbing_variables(settings, shell)
    return {name: value for name, value in shell.items() if name not in disturbing}


def disturbing_variables(
    settings: Iterable[Setting], shell: Mapping[str, str] = os.environ
) -> frozenset[str]:
    """Variables of the shell to keep from Compose: its own COMPOSE_* ones, and what the settings decide."""
    decided = _decided_by(settings)
    return frozenset(name for name in shell if _steers_compose(name) or name in decided)


def shadowed_settings(settings: Iterable[Setting], shell: Mapping[str, str] = os.environ) -> tuple[str, ...]:
    """Names of settings to which the shell gives another value, sorted."""
    settings = tuple(settings)
    values = values_of(settings, shell_values(settings, shell))
    there = sorted(name for name in _decided_by(settings) if name in shell)
    return tuple(name for name in there if shell[name] != values.get(name, ""))


def _steers_compose(name: str) -> bool:
    return name.startswith("COMPOSE_") and name not in HARMLESS


def _decided_by(settings: Iterable[Setting]) -> frozenset[str]:
    names = {setting.name for setting in settings}
    return frozenset(name for name in names if name not in NEEDED and not name.startswith("DOCKER_"))
