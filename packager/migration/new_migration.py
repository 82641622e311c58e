"""Creates a migration: with the project's own Prisma, else as an empty script in a correctly named folder."""

import shlex
from dataclasses import dataclass
from datetime import datetime

from installer.bundle.layout import shown
from installer.bundle.sql.migrations import SCRIPT, Migration, migration_order, read_migrations
from installer.errors import Refused
from installer.screen.console import Console
from installer.system.files.files import write_atomically
from installer.system.process.process import converse
from installer.text import _
from packager.lint.report import lint
from packager.lint.show import report_lines
from packager.migration.migration_name import migration_folder, sanitised
from packager.migration.prisma_tool import PrismaTool
from packager.project.project import Project
from packager.project.project_migrations import ProjectMigrations

EMPTY = b"-- This is an empty migration.\n"  # as Prisma writes it; the server refuses an empty script
FILE_MODE = 0o644


@dataclass(frozen=True)
class NewMigration:
    """The new migration and its history. `script` is relative to the project."""

    migration: Migration
    history: tuple[Migration, ...]
    script: str


def write_empty(project: Project, found: ProjectMigrations, name: str, now: datetime) -> NewMigration:
    """Creates a folder with an empty script for an engineer to fill in. Connects to no database."""
    folder = migration_folder(name, now)
    place = project.directory / found.folder / folder
    try:
        place.mkdir()
    except FileExistsError as there:
        raise Refused(_("Migration {name} already exists.", name=folder)) from there
    write_atomically(place / SCRIPT, EMPTY, mode=FILE_MODE)
    return _made(project, found)


def write_by_prisma(
    project: Project, found: ProjectMigrations, name: str, prisma: PrismaTool
) -> NewMigration:
    """Lets Prisma write the difference between its schema and the migrations; Prisma uses the terminal.

    Raises `Refused` if it created no migration.
    """
    command = prisma.create_only(sanitised(name))
    exit_code = converse(command, cwd=prisma.directory)
    made = _made(project, found) if _names(project, found) - {one.name for one in found.all} else None
    if exit_code or made is None:
        raise Refused(
            _("Prisma created no migration."),
            details=[
                _("`{command}` ended with exit code {code}.", command=shlex.join(command), code=exit_code)
            ],
            hint=_("To create an empty migration instead, add --empty."),
        )
    return made


def show_new_migration(new: NewMigration, found: ProjectMigrations, console: Console) -> None:
    """Shows the SQL, the lint findings for it, and the commands that add it to Git."""
    for line in new.migration.text.splitlines():
        console.say(f"    {line}")
    known = [one.name for one in found.all]
    report = lint(new.history, found.accepted, known=known, provider=found.provider)
    for line in report_lines(report, found.folder):
        console.say(line)
    last = max((one.name for one in new.history), key=migration_order)
    if last != new.migration.name:
        console.warn(_("The migration runs before {name}, which sorts after it.", name=shown(last)))
    console.say(_("When the SQL is right, run:"))
    for command in git_commands(new, found.schema):
        console.say(f"    {command}")


def git_commands(new: NewMigration, schema: str | None) -> tuple[str, str]:
    """Returns the commands that add the migration to Git, to be run in the project's directory."""
    title = f"Add migration {new.migration.name.partition('_')[2]}"
    files = (new.script, *((schema,) if schema else ()))
    return shlex.join(("git", "add", *files)), shlex.join(("git", "commit", "-m", title))


def _names(project: Project, found: ProjectMigrations) -> set[str]:
    return {migration.name for migration in read_migrations(project.directory / found.folder)}


def _made(project: Project, before: ProjectMigrations) -> NewMigration:
    """Returns the migration that is new in the folder."""
    history = read_migrations(project.directory / before.folder, before.prisma)
    known = {migration.name for migration in before.all}
    migration = next(one for one in reversed(history) if one.name not in known)
    return NewMigration(migration, history, f"{before.folder}/{migration.name}/{SCRIPT}")
