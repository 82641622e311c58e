"""Finds variables of a compose file that have no value, in Compose's output."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from installer.system.compose.messages import ComposeProblem
from installer.text import _


@dataclass(frozen=True)
class MissingVariable:
    """A variable that the compose file requires (`${NAME:?reason}`), at a place like "services.web.image"."""

    name: str
    place: str
    reason: str


def missing_variable(stderr: str) -> MissingVariable | None:
    """Returns the required variable that Compose reports as missing, if any."""
    found = re.search(
        r"(?:interpolating (\S+): |format for (\S+): \"?)?"
        r"required variable (\S+) is missing a value(?:: (.*))?",
        stderr,
    )
    if found is None:
        return None
    return MissingVariable(found[3], found[1] or found[2] or "", (found[4] or "").strip())


class VariablesMissing(ComposeProblem):
    """Required variables of the compose file have no value."""


def missing_variables_problem(
    missing: Sequence[MissingVariable], empty: Sequence[str], settings: Path
) -> VariablesMissing:
    """Returns one error for all variables without a value; Compose itself would accept the `empty` ones.

    `settings` is the file where they should be set.
    """
    required = [
        " ".join(filter(None, (one.name, one.place and f"({one.place})", one.reason))) for one in missing
    ]
    return VariablesMissing(
        _("Required variables of the compose file have no value."),
        details=[
            *sorted(required),
            *(_("{name}: also not set, treated as empty", name=name) for name in sorted(empty)),
        ],
        hint=_("Set them in {path}, then run the command again.", path=settings),
    )


def unset_variables(stderr: str) -> tuple[str, ...]:
    """Returns the variables that Compose warns about as empty, in the order of their first mention."""
    return tuple(dict.fromkeys(re.findall(r'The \\?"([^"\\]+)\\?" variable is not set', stderr)))
