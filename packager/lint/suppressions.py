"""Reads findings that were reviewed and accepted, each with a reason, from a file beside the migrations.

They cannot be in migration.sql: an added comment would change its checksum, and Prisma and Airlock would
treat the migration as edited. Prisma reads folders only, so a file beside them is safe.
"""

import difflib
from dataclasses import dataclass

from installer.errors import UsageProblem
from installer.text import _
from packager.lint.catalogue.codes import CODES
from packager.lint.catalogue.findings import Finding
from packager.yaml.yaml_text import Entry, read_yaml

FILE = "airlock-lint.yml"
UNUSED = "AL191"


@dataclass(frozen=True)
class Suppression:
    """One line of the file. `subject` is a table, `table.column`, or '' for all; `line` counts from 1."""

    migration: str
    code: str
    subject: str
    reason: str
    line: int

    def covers(self, migration: str, finding: Finding) -> bool:
        """Returns whether the suppression matches this finding."""
        same_place = self.migration == migration and self.subject in ("", finding.subject)
        return same_place and self.code == finding.code

    @property
    def written(self) -> str:
        """Returns the key as written in the file."""
        return f"{self.code} {self.subject}".strip()


def read_suppressions(text: str) -> tuple[Suppression, ...]:
    """Reads the file: `migration: {CODE table.column: reason}`. Raises `UsageProblem` with all problems."""
    root = read_yaml(text, FILE)
    problems: list[str] = []
    found: list[Suppression] = []
    if root.kind != "mapping" and not root.is_null:
        problems.append(_("{file}: must contain keys and values", file=FILE))
    for migration in root.entries:
        if migration.value.kind != "mapping":
            problems.append(_place(migration) + _("must contain keys and values"))
        for entry in migration.value.entries:
            problems += _problems(entry)
            found.append(_suppression(migration.key.value, entry))
    if problems:
        raise UsageProblem(
            _("{file} has errors.", file=FILE),
            details=problems,
            hint=_(
                "Under the name of a migration, write one line for each finding: `CODE table.column: "
                "the reason`"
            ),
        )
    return tuple(found)


def _suppression(migration: str, entry: Entry) -> Suppression:
    code, _space, subject = entry.key.value.partition(" ")
    return Suppression(migration, code, subject.strip(), " ".join(entry.value.value.split()), entry.key.line)


def _problems(entry: Entry) -> list[str]:
    code = entry.key.value.partition(" ")[0]
    problems = []
    known = [one for one in CODES if one != UNUSED]
    if code not in known:
        near = difflib.get_close_matches(code, known, 1, 0.5)
        hint = _("is unknown; did you mean `{key}`?", key=near[0]) if near else _("is unknown")
        problems.append(f"{_place(entry)}{hint}")
    if entry.value.kind != "scalar" or entry.value.is_null or not entry.value.value.strip():
        problems.append(_place(entry) + _("the reason is missing"))
    return problems


def _place(entry: Entry) -> str:
    return f"{FILE}:{entry.key.line} {entry.key.value}: "
