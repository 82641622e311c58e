"""Which variables of a person's shell would change what Compose does, and are kept from it."""

import os
from collections.abc import Mapping
from pathlib import Path

from installer.system.compose.env_file import Setting, parse_settings

HARMLESS = ("COMPOSE_HTTP_TIMEOUT", "COMPOSE_PARALLEL_LIMIT")
NEEDED = ("HOME", "PATH")  # the docker command itself lives by them, and by DOCKER_*


def disturbing_variables(
    settings: Mapping[str, str], shell: Mapping[str, str] = os.environ
) -> frozenset[str]:
    """Variables of the shell to keep from Compose: its own COMPOSE_* ones, and what the settings decide."""
    return frozenset(name for name in shell if _steers_compose(name) or _is_decided_by(settings, name))


def shadowed_settings(settings: Mapping[str, str], shell: Mapping[str, str] = os.environ) -> tuple[str, ...]:
    """Names of settings to which the shell gives another value, sorted."""
    return tuple(
        sorted(
            name
            for name, value in settings.items()
            if _is_decided_by(settings, name) and shell.get(name, value) != value
        )
    )


def shell_values(shell: Mapping[str, str] = os.environ) -> dict[str, str]:
    """What Compose takes from the shell where the settings say nothing."""
    return {name: value for name, value in shell.items() if not _steers_compose(name)}


def read_settings(path: Path) -> Mapping[str, str]:
    """Names and values of a `.env` file, nothing interpolated; empty when there is no such file."""
    return {setting.name: setting.value or "" for setting in settings_in(path)}


def settings_in(path: Path) -> tuple[Setting, ...]:
    """The statements of a `.env` file; none when there is no such file."""
    return parse_settings(path.read_bytes()) if path.is_file() else ()


def _steers_compose(name: str) -> bool:
    return name.startswith("COMPOSE_") and name not in HARMLESS


def _is_decided_by(settings: Mapping[str, str], name: str) -> bool:
    return name in settings and name not in NEEDED and not name.startswith("DOCKER_")
