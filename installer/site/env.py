"""Reads `.env` files. Values are secrets until shown otherwise."""

from collections.abc import Mapping
from pathlib import Path

from installer.system.secret import Secret


def read_env(path: Path) -> Mapping[str, Secret]:
    """The variables a `.env` file sets; empty when there is no such file."""
    from dotenv import dotenv_values

    if not path.is_file():
        return {}
    values = dotenv_values(path, interpolate=True)
    return {name: Secret(value or "") for name, value in values.items()}
