"""Finds the variables of the operator's shell that would change Compose's result, to hide them from it."""

import os
from collections.abc import Mapping
from pathlib import Path

from installer.system.compose.env_file import Setting, parse_settings

HARMLESS = ("COMPOSE_HTTP_TIMEOUT", "COMPOSE_PARALLEL_LIMIT")
NEEDED = ("HOME", "PATH")  # the docker command itself needs these and DOCKER_*


def disturbing_variables(
    settings: Mapping[str, str], shell: Mapping[str, str] = os.environ
) -> frozenset[str]:
    """Returns the shell variables to hide from Compose: COMPOSE_* ones, and those that the settings set."""
    return frozenset(name for name in shell if _steers_compose(name) or _is_decided_by(settings, name))


def shadowed_settings(settings: Mapping[str, str], shell: Mapping[str, str] = os.environ) -> tuple[str, ...]:
    """Returns the names of settings to which the shell gives another value, sorted."""
    return tuple(
        sorted(
            name
            for name, value in settings.items()
            if _is_decided_by(settings, name) and shell.get(name, value) != value
        )
    )


def shell_values(shell: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Returns the shell variables that Compose uses if the settings do not set them."""
    return {name: value for name, value in shell.items() if not _steers_compose(name)}


def read_settings(path: Path) -> Mapping[str, str]:
    """Returns names and values of a `.env` file without interpolation; empty if there is no such file."""
    return {setting.name: setting.value or "" for setting in settings_in(path)}


def settings_in(path: Path) -> tuple[Setting, ...]:
    """Returns the statements of a `.env` file; none if there is no such file."""
    return parse_settings(path.read_bytes()) if path.is_file() else ()


def _steers_compose(name: str) -> bool:
    return name.startswith("COMPOSE_") and name not in HARMLESS


def _is_decided_by(settings: Mapping[str, str], name: str) -> bool:
    return name in settings and name not in NEEDED and not name.startswith("DOCKER_")
