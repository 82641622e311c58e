"""Finds a project's Prisma migrations, and says which of them are new since an earlier package."""

import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from installer.bundle.layout import path_problem, shown
from installer.bundle.sql.migrations import SCRIPT, Migration, read_migrations
from installer.errors import UsageProblem
from installer.text import _
from packager.lint.suppressions import FILE as ACCEPTED
from packager.lint.suppressions import Suppression, read_suppressions

FOLDER = "migrations"
SCHEMA_FILE = "schema.prisma"
NEVER_SEARCHED = ("node_modules", "vendor", "dist", "build", "__pycache__")


@dataclass(frozen=True)
class ProjectMigrations:
    """The migrations of a project in Prisma's order. `folder` and `schema` are relative to the project.

    `accepted` are the findings of the lint that somebody gave a reason for.
    """

    folder: str
    schema: str | None
    all: tuple[Migration, ...]
    accepted: tuple[Suppression, ...] = ()

    def since(self, names: Collection[str] | None) -> tuple[Migration, ...]:
        """Those that are not among `names`, the ones of the previous release; all if that is unknown."""
        return tuple(migration for migration in self.all if not names or migration.name not in names)


def find_migrations(directory: Path, told: str | None, state: Collection[str]) -> ProjectMigrations | None:
    """The migrations in the folder `told`, else in the only one there is; None when there is none.

    Raises `UsageProblem` when there are several, when the one told is missing, or a migration has no script.
    """
    folder = told if told is not None else _only(list(_candidates(directory, state)))
    if folder is None:
        return None
    if not (directory / folder).is_dir():
        raise UsageProblem(_("There is no folder {folder} with migrations.", folder=folder))
    migrations = read_migrations(directory / folder)
    _refuse_unusable(migrations)
    schema = (directory / folder).parent / SCHEMA_FILE
    found = schema.relative_to(directory).as_posix() if schema.is_file() else None
    return ProjectMigrations(folder, found, migrations, _accepted(directory / folder / ACCEPTED))


def require_migrations(
    directory: Path, found: ProjectMigrations | None, state: Collection[str]
) -> ProjectMigrations:
    """The migrations that were found. Raises `UsageProblem` with what was looked for when there are none."""
    if found is not None and found.all:
        return found
    if found is not None:
        raise UsageProblem(
            _("The folder {folder} holds no migrations.", folder=found.folder),
            details=[_("looked for: {pattern}", pattern=f"{found.folder}/<name>/{SCRIPT}")],
            hint=_("Name another folder in airlock.yml, or write one: `airlock migration new NAME`"),
        )
    others = [folder for folder, _name in _folders(directory, state)]
    raise UsageProblem(
        _("No migrations were found."),
        details=[
            _("looked for: {pattern}", pattern=f"**/{FOLDER}/<name>/{SCRIPT}"),
            _("left out: hidden folders, {names}", names=", ".join((*NEVER_SEARCHED, *state))),
            *(_("found under another name: {folder}", folder=folder) for folder in others),
        ],
        hint=_(
            "Name the folder in airlock.yml: `migrations: {folder}`",
            folder=(*others, f"prisma/{FOLDER}")[0],
        ),
    )


def _accepted(file: Path) -> tuple[Suppression, ...]:
    return read_suppressions(file.read_bytes().decode("utf-8", "replace")) if file.is_file() else ()


def _candidates(directory: Path, state: Collection[str]) -> Iterator[str]:
    return (folder for folder, name in _folders(directory, state) if name == FOLDER)


def _folders(directory: Path, state: Collection[str]) -> Iterator[tuple[str, str]]:
    """Every folder that holds migrations, whatever its name, which comes second."""
    for above, folders, _files in os.walk(directory):
        place = Path(above)
        if any((place / folder / SCRIPT).is_file() for folder in folders):
            yield place.relative_to(directory).as_posix(), place.name
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".")
            and name not in NEVER_SEARCHED
            and (place / name).relative_to(directory).as_posix() not in state
        )


def _only(candidates: list[str]) -> str | None:
    if len(candidates) > 1:
        raise UsageProblem(
            _("There are several folders with migrations."),
            details=candidates,
            hint=_("Name the right one in airlock.yml: `migrations: {folder}`", folder=candidates[0]),
        )
    return candidates[0] if candidates else None


def _refuse_unusable(migrations: tuple[Migration, ...]) -> None:
    problems = [
        _("{name}: there is no migration.sql in it (Prisma P3015)", name=shown(migration.name))
        for migration in migrations
        if migration.script is None
    ]
    problems += [
        f"{shown(migration.name)}: {problem}"
        for migration in migrations
        if (problem := path_problem(migration.name))
    ]
    if problems:
        raise UsageProblem(_("The migrations cannot be packed."), details=problems)
