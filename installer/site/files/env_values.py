"""Reads `.env` files. Values are secrets until shown otherwise."""

from collections.abc import Mapping
from pathlib import Path

from installer.system.compose.env_file import values_of
from installer.system.compose.environment import settings_in, shell_values
from installer.system.secret import Secret


def read_env(path: Path) -> Mapping[str, Secret]:
    """The variables a `.env` file sets, as Compose takes them; empty when there is no such file."""
    return {name: Secret(value) for name, value in values_of(settings_in(path), shell_values()).items()}
