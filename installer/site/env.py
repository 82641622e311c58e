"""Reads `.env` files. Values are secrets until shown otherwise."""

import re
from collections.abc import Mapping
from pathlib import Path

from installer.errors import Refused
from installer.system.secret import Secret
from installer.text import _

VARIABLE = re.compile(r"\$\{(?P<name>[A-Za-z_][A-Za-z0-9_]*)(?::?-(?P<default>[^}]*))?\}")


def read_env(path: Path) -> Mapping[str, Secret]:
    """The variables a `.env` file sets; empty when there is no such file."""
    from dotenv import dotenv_values

    if not path.is_file():
        return {}
    values = dotenv_values(path, interpolate=True)
    return {name: Secret(value or "") for name, value in values.items()}


def fill_in(text: str, variables: Mapping[str, Secret]) -> str:
    """`text` with `${NAME}` and `${NAME:-default}` replaced. Raises `Refused` for a variable nobody sets."""

    def value_of(found: "re.Match[str]") -> str:
        value = variables.get(found["name"])
        if value is not None and value.reveal():
            return value.reveal()
        if found["default"] is not None:
            return found["default"]
        raise Refused(_("The variable {name} is not set.", name=found["name"]), hint=_("Set it in `.env`."))

    return VARIABLE.sub(value_of, text)
