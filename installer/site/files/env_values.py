"""Reads `.env` files. All values are treated as secrets."""

from collections.abc import Mapping
from pathlib import Path

from installer.system.compose.env_file import values_of
from installer.system.compose.environment import settings_in, shell_values
from installer.system.secret import Secret


def read_env(path: Path) -> Mapping[str, Secret]:
    """Returns the variables that a `.env` file sets, as Compose reads them; empty if the file is missing."""
    return {name: Secret(value) for name, value in values_of(settings_in(path), shell_values()).items()}
