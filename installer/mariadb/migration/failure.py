"""Describes a migration that failed half-way, for people and for the history."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from installer.bundle.layout import shown
from installer.bundle.sql.migrations import Migration
from installer.bundle.sql.statements import split_statements
from installer.database.values.problems import MigrationStopped
from installer.errors import Refused, Stuck
from installer.mariadb.server.queries import ServerError
from installer.text import _

LOCK_ERRORS = (1205, 1206, 1213)
PREVIEW_LINES, PREVIEW_COLUMNS = 8, 120
LOGS = """A migration failed to apply. New migrations cannot be applied before the error is recovered from. \
Read more about how to resolve migration issues in a production database: https://pris.ly/d/migrate-resolve

Migration name: {name}

Database error code: {code}

Database error:
{text}

Please check the query number {number} from the migration file.
"""


class MigrationFailed(MigrationStopped):
    """Reports that migration `name` stopped at its statement `number` (from 1) with the text `statement`.

    `statement` is empty where it is not known. `code` and `text` are the server's, 0 where it sent none;
    `logs` is for the history. Earlier statements have taken effect.
    """

    def __init__(
        self, migration: Migration, number: int, statement: str, error: Refused, details: Sequence[str]
    ) -> None:
        super().__init__(
            _(
                "Migration `{name}` failed at statement {number}.",
                name=shown(migration.name),
                number=number,
            ),
            details=[error.happened, *error.details, *details],
            hint=_way_on(),
        )
        self.name, self.number, self.statement = migration.name, number, statement
        self.code, self.text, self.is_lost_connection = 0, error.happened, False
        if isinstance(error, ServerError):
            self.code, self.text = error.code, error.text
            self.is_lost_connection = error.is_lost_connection
        self.logs = LOGS.format(name=migration.name, code=self.code, text=self.text, number=number)


def failed_in_script(
    migration: Migration, number: int, error: ServerError, others: Sequence[str]
) -> MigrationFailed:
    """Returns the failure of one statement; `others` are the sessions that block it, if any."""
    statements = split_statements(migration.text)
    statement = statements[number - 1].text if number <= len(statements) else ""
    place = [_("line {line}:", line=statements[number - 1].line)] if statement else []
    details = [*place, *_preview(statement), *others]
    return MigrationFailed(migration, number, statement, error, details)


def failed_to_begin(migration: Migration, error: Refused) -> MigrationFailed:
    """Returns the failure of a script that did not start: no session for it, or no row in the history."""
    return MigrationFailed(migration, 1, "", error, [_("None of its statements ran.")])


def failed_in_ending(migration: Migration, error: ServerError) -> MigrationFailed:
    """Returns the failure of a script that ran, but whose open transaction could not be committed."""
    number = len(split_statements(migration.text))
    details = [_("All statements ran, but the script's open transaction could not be committed.")]
    return MigrationFailed(migration, number, "", error, details)


def failed_in_bookkeeping(migration: Migration, error: Refused) -> MigrationFailed:
    """Returns the failure of a script that ran, but whose row in the history could not be written."""
    number = len(split_statements(migration.text))
    details = [_("All statements were applied, but the history could not be written.")]
    return MigrationFailed(migration, number, "", error, details)


@contextmanager
def stuck_if_interrupted(migration: Migration) -> Iterator[None]:
    """Raises `Stuck` for a migration that Ctrl-C interrupts; its row in the history stays open."""
    try:
        yield
    except KeyboardInterrupt as interrupt:
        raise Stuck(
            _("Migration `{name}` was interrupted.", name=shown(migration.name)),
            details=[_("Some of its statements may have taken effect; the server may still be running one.")],
            hint=_way_on(),
        ) from interrupt


def _way_on() -> str:
    return _(
        "Restore the backup: ./airlock restore."
        " Or repair the database by hand, then run: ./airlock migrate resolve"
    )


def _preview(statement: str) -> list[str]:
    lines = statement.splitlines()
    first = [shown(line.expandtabs(2))[:PREVIEW_COLUMNS] for line in lines[:PREVIEW_LINES]]
    return [f"  {line}" for line in first] + (["  …"] if len(lines) > PREVIEW_LINES else [])
