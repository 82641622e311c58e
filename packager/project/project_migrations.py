"""Finds a project's Prisma migrations, and which of them are new since an earlier package."""

import os
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from installer.bundle.layout import path_problem, shown
from installer.bundle.sql.migrations import SCRIPT, Migration, read_migrations
from installer.bundle.sql.provider import MYSQL, SCHEMA_FILE, Provider, provider_of
from installer.errors import UsageProblem
from installer.text import _
from packager.git.checkout import Checkout
from packager.lint.suppressions import FILE as ACCEPTED
from packager.lint.suppressions import Suppression, read_suppressions
from packager.project.databases.locked_prisma import locked_prisma

FOLDER = "migrations"
USUAL_VARIABLE = "DATABASE_URL"
ADDRESS = re.compile(r"^\s*datasource\s+\w+\s*\{[^}]*?^\s*url\s*=\s*env\(\"(?P<name>\w+)\"\)", re.MULTILINE)
NEVER_SEARCHED = ("node_modules", "vendor", "dist", "build", "__pycache__")


@dataclass(frozen=True)
class ProjectMigrations:
    """The migrations of a project in Prisma's order. `folder` and `schema` are relative to the project.

    `accepted` are lint findings that an engineer accepted with a reason; `provider` says for which database
    they were written, `variable` in which variable applications find its address, `prisma` the version of the
    project's Prisma, None if it is not known.
    """

    folder: str
    schema: str | None
    all: tuple[Migration, ...]
    accepted: tuple[Suppression, ...] = ()
    provider: Provider = MYSQL
    variable: str = USUAL_VARIABLE
    prisma: str | None = None

    def since(self, names: Collection[str] | None) -> tuple[Migration, ...]:
        """Returns the migrations not in `names`, those of the previous release; all if `names` is unknown."""
        return tuple(migration for migration in self.all if not names or migration.name not in names)


def migration_folders(checkout: Checkout, state: Collection[str]) -> tuple[str, ...]:
    """Returns every folder `migrations` that contains some, relative to the project."""
    return tuple(folder for folder, name in _folders(checkout.directory, state) if name == FOLDER)


def migrations_in(folder: str, checkout: Checkout) -> ProjectMigrations:
    """Returns the migrations of a folder. Raises `UsageProblem` if it, or the script of one, is missing."""
    place = checkout.directory / folder
    if not place.is_dir():
        raise UsageProblem(_("Migrations folder {folder} does not exist.", folder=folder))
    prisma = locked_prisma(place.parent, checkout.directory)
    migrations = tuple(_as_in_git(one, folder, checkout) for one in read_migrations(place, prisma))
    _refuse_unusable(migrations)
    schema = place.parent / SCHEMA_FILE
    found = schema.relative_to(checkout.directory).as_posix() if schema.is_file() else None
    return ProjectMigrations(
        folder, found, migrations, _accepted(place / ACCEPTED), provider_of(place), _variable(schema), prisma
    )


def require_migrations(
    directory: Path, found: ProjectMigrations | None, state: Collection[str]
) -> ProjectMigrations:
    """Returns the migrations found. Raises `UsageProblem`, naming the places searched, if there are none."""
    if found is not None and found.all:
        return found
    if found is not None:
        raise UsageProblem(
            _("Folder {folder} contains no migrations.", folder=found.folder),
            details=[_("searched for: {pattern}", pattern=f"{found.folder}/<name>/{SCRIPT}")],
            hint=_(
                "Specify another folder in airlock.yml, or create a migration: `airlock migration new NAME`"
            ),
        )
    others = [folder for folder, _name in _folders(directory, state)]
    raise UsageProblem(
        _("No migrations were found."),
        details=[
            _("searched for: {pattern}", pattern=f"**/{FOLDER}/<name>/{SCRIPT}"),
            _("not searched: hidden folders, {names}", names=", ".join((*NEVER_SEARCHED, *state))),
            *(_("found with another name: {folder}", folder=folder) for folder in others),
        ],
        hint=_(
            "Specify the folder in airlock.yml: `migrations: {folder}`",
            folder=(*others, f"prisma/{FOLDER}")[0],
        ),
    )


def _as_in_git(migration: Migration, folder: str, checkout: Checkout) -> Migration:
    """Returns the migration with the line ends, and so the checksum, that it has on every machine."""
    if migration.script is None:
        return migration
    script = checkout.content(f"{folder}/{migration.name}/{SCRIPT}", migration.script)
    return replace(migration, script=script)


def _accepted(file: Path) -> tuple[Suppression, ...]:
    return read_suppressions(file.read_bytes().decode("utf-8", "replace")) if file.is_file() else ()


def _folders(directory: Path, state: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yields every folder that contains migrations, with its own name second."""
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


def _variable(schema: Path) -> str:
    """Returns the variable with the address of the database: `env("…")` in the schema's datasource."""
    text = schema.read_text("utf-8", "replace") if schema.is_file() else ""
    found = ADDRESS.search(text)
    return found["name"] if found else USUAL_VARIABLE


def _refuse_unusable(migrations: tuple[Migration, ...]) -> None:
    problems = [
        _("{name}: migration.sql is missing (Prisma P3015)", name=shown(migration.name))
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
