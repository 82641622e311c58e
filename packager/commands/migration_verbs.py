"""The engineer's verbs about migrations: lint, migration new."""

from pathlib import Path

import click

from installer.commands.click_words import Command, Group
from installer.errors import Refused
from installer.screen.console import Console
from installer.system.clock import utc_now
from installer.text import _
from packager.commands.context import Told
from packager.deltas.previous import read_previous
from packager.migration.new_migration import tell, write_by_prisma, write_empty
from packager.migration.prisma_tool import PrismaTool, find_prisma
from packager.project.project import open_project
from packager.project.project_migrations import require_migrations

ERRORS_STAND = Refused.exit_code


@click.command(
    "lint",
    cls=Command,
    help=_("Judge the migrations by their SQL: what destroys data, may fail, or blocks writes."),
    epilog=_(
        "Ends with 3 while an error stands, with 2 when there are no migrations, else with 0. What was looked"
        " at and is fine goes into the file"
        " airlock-lint.yml beside the migrations: below a migration's name, `CODE table.column: the reason`."
    ),
)
@click.option(
    "--project",
    "directory",
    type=click.Path(path_type=Path),
    default=Path(),
    help=_("The directory with the compose file, if it is not this one."),
)
@click.option(
    "--previous",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=_("The package of the release before: only what is new since then is judged."),
)
@click.option("--json", "as_json", is_flag=True, help=_("Print the result as JSON."))
@click.pass_context
def lint_(context: click.Context, directory: Path, previous: Path | None, as_json: bool) -> None:
    """Every finding has a code; the schema is known from the migrations before."""
    from packager.lint.report import lint
    from packager.lint.show import report_document, report_lines

    console: Console = context.obj.console
    project = open_project(directory)
    found = require_migrations(directory, project.migrations, project.files.state)
    known = read_previous(previous).migrations if previous else ()
    report = lint(found.all, found.accepted, known=known)
    if as_json:
        console.json(report_document(report, found.folder))
    else:
        console.result("\n".join(report_lines(report, found.folder)))
    context.exit(ERRORS_STAND if report.has_errors else 0)


@click.group("migration", cls=Group, help=_("Write migrations."))
def migration() -> None:
    """The group of the verbs that write migrations."""


@migration.command(
    "new",
    help=_(
        "Create a migration the Prisma way: by the team's own Prisma where there is one, else an empty script"
        " to fill in."
    ),
)
@click.argument("name", metavar=_("NAME"))
@click.option(
    "--project",
    "directory",
    type=click.Path(path_type=Path),
    default=Path(),
    help=_("The directory with the compose file, if it is not this one."),
)
@click.option("--empty", is_flag=True, help=_("Do not ask Prisma; write an empty script."))
@click.pass_obj
def new(told: Told, name: str, directory: Path, empty: bool) -> None:
    """NAME says what it does, such as add_user_department."""
    console = told.console
    project = open_project(directory)
    prisma = None if empty else _agreed(find_prisma(project), console)
    made = write_by_prisma(project, name, prisma) if prisma else write_empty(project, name, utc_now())
    tell(made, project, console)
    console.result(made.script)


COMMANDS = (lint_, migration)


def _agreed(prisma: PrismaTool | None, console: Console) -> PrismaTool | None:
    """Prisma compares with the database that the team develops on, so a person has to say yes."""
    if prisma is None:
        return None
    if not console.is_interactive:
        console.say(_("Prisma writes migrations only on a terminal, so this one is empty."))
        return None
    question = _("Let Prisma write it? It connects to the development database that DATABASE_URL names.")
    return prisma if console.confirm(question, default=True) else None
