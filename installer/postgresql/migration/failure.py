"""Describes a migration that failed, for people and for the history."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from installer.bundle.layout import shown
from installer.bundle.sql.migrations import Migration
from installer.bundle.sql.postgresql_statements import spans_of_statements
from installer.database.values.problems import MigrationStopped
from installer.errors import Refused, Stuck
from installer.postgresql.migration.committed import fate_of, ranges
from installer.postgresql.migration.place_in_script import place_of
from installer.postgresql.server.queries import ServerError
from installer.text import _, ngettext

LOCK_ERRORS = ("55P03", "40P01")  # lock_timeout, deadlock
LOGS = """A migration failed to apply. New migrations cannot be applied before the error is recovered from. \
Read more about how to resolve migration issues in a production database: https://pris.ly/d/migrate-resolve

Migration name: {name}

Database error code: {code}

Database error:
ERROR: {text}
"""


class MigrationFailed(MigrationStopped):
    """Reports that migration `name` stopped at its statement `number` (from 1) with the text `statement`.

    `statement` is empty where it is not known. `code` is the SQLSTATE, empty where the server sent none;
    `logs` is for the history. With `took_effect` False, nothing of the script is in the database.
    """

    def __init__(
        self,
        migration: Migration,
        error: Refused,
        details: Sequence[str],
        *,
        number: int = 1,
        statement: str = "",
        took_effect: bool = True,
        position: str = "",
        hint: str | None = None,
    ) -> None:
        super().__init__(
            _("Migration `{name}` failed at statement {number}.", name=shown(migration.name), number=number),
            details=[error.happened, *error.details, *details],
            hint=hint or _way_on(),
        )
        self.name, self.number, self.statement = migration.name, number, statement
        self.took_effect = took_effect
        self.code, self.text, self.is_lost_connection = "", error.happened, False
        if isinstance(error, ServerError):
            self.code, self.text = error.code, error.text
            self.is_lost_connection = error.is_lost_connection
        text = "\n".join((self.text, *error.details))
        self.logs = LOGS.format(name=migration.name, code=self.code, text=text) + position


def failed_in_script(
    migration: Migration,
    error: ServerError,
    *,
    done: int,
    sent_from: int,
    is_alone: bool,
    others: Sequence[str],
) -> MigrationFailed:
    """Returns the failure of one statement after `done` others.

    `sent_from` is where the message began in the script that the error's position is counted from; with
    `is_alone`, the statement may have committed a part of its work. `others` are lines about what stands in
    the way, or was left behind.
    """
    place = place_of(migration.text, error.position, sent_from, done)
    committed = fate_of(migration, done).committed
    took_effect = bool(committed) or is_alone or error.is_lost_connection
    effect = _committed(committed) if took_effect else [_("None of its statements took effect.")]
    shown_lines = [place.words, *place.lines] if place.statement else []
    position = "\nPosition:\n" + "\n".join(place.lines) + "\n" if place.column else ""
    return MigrationFailed(
        migration,
        error,
        [*shown_lines, *effect, *others],
        number=place.number,
        statement=place.statement,
        took_effect=took_effect,
        position=position,
        hint=_way_back(migration, undone=not took_effect, committed=bool(committed)),
    )


def _committed(numbers: list[int]) -> list[str]:
    if not numbers:
        return []
    return [
        ngettext(
            "Statement {numbers} was already committed, and remains in the database.",
            "Statements {numbers} were already committed, and remain in the database.",
            len(numbers),
            numbers=ranges(numbers),
        )
    ]


def failed_to_begin(migration: Migration, error: Refused) -> MigrationFailed:
    """Returns the failure of a script that did not start: no session for it, or no row in the history."""
    hint = _("Nothing has to be undone. Correct the cause, then run the command again.")
    return MigrationFailed(migration, error, [_("None of its statements ran.")], took_effect=False, hint=hint)


def failed_in_ending(migration: Migration, error: ServerError) -> MigrationFailed:
    """Returns the failure of a script that ran, but whose open transaction could not be committed."""
    details = [_("All statements ran, but the script's open transaction could not be committed.")]
    return MigrationFailed(migration, error, details, number=_count(migration))


def failed_in_bookkeeping(migration: Migration, error: Refused) -> MigrationFailed:
    """Returns the failure of a script that ran, but whose row in the history could not be written."""
    details = [_("All statements were applied, but the history could not be written.")]
    return MigrationFailed(migration, error, details, number=_count(migration))


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


def _way_back(migration: Migration, *, undone: bool, committed: bool) -> str | None:
    """Returns the hint that is exact for this failure; None where the usual one is."""
    if undone:
        return _(
            "Nothing has to be undone. Correct the cause, then run:"
            " ./airlock migrate resolve --rolled-back {name}",
            name=shown(migration.name),
        )
    if committed:
        return _(
            "Restore the backup: ./airlock restore. Or undo the committed statements by hand, then run:"
            " ./airlock migrate resolve --rolled-back {name}",
            name=shown(migration.name),
        )
    return None


def _way_on() -> str:
    return _(
        "Restore the backup: ./airlock restore."
        " Or repair the database by hand, then run: ./airlock migrate resolve"
    )


def _count(migration: Migration) -> int:
    return len(spans_of_statements(migration.text))
