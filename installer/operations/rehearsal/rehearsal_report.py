"""Shows the results of a rehearsal."""

import dataclasses
from collections.abc import Iterator

from installer.bundle.layout import shown
from installer.database.values.changed_objects import Changes, changed_objects
from installer.database.values.rehearsal_result import (
    Rehearsal,
    RehearsalFailure,
    RehearsedMigration,
    RehearsedStatement,
    SilentChange,
)
from installer.operations.rehearsal.downtime import downtime_in_words
from installer.operations.rehearsal.refusal import finds_words
from installer.operations.rehearsal.rehearse import Rehearsed
from installer.screen.console import Console
from installer.text import _, ngettext

STATEMENT_COLUMNS = 48
LONG_LIST = 20
SLOW_SECONDS = 0.1


def show_rehearsal(rehearsed: Rehearsed, console: Console, *, whole_diff: bool) -> None:
    """Shows what every statement did to the copy, and the schema's changes, by name or as `whole_diff`."""
    rehearsal = rehearsed.rehearsal
    _show_statements(rehearsal, console)
    for change in rehearsal.silent_changes:
        _show_silent_change(change, console)
    if rehearsal.failure is None:
        _show_schema(rehearsal, console, whole_diff=whole_diff)
    _show_drift(rehearsal, console)
    if rehearsed.downtime is not None:
        console.say(downtime_in_words(rehearsed.downtime))


def fits(rehearsal: Rehearsal) -> str:
    """Returns the result of a rehearsal that succeeded, as text."""
    return ngettext(
        "{count} migration fits the data", "{count} migrations fit the data", len(rehearsal.migrations)
    )


def rehearsal_document(rehearsed: Rehearsed | None) -> dict[str, object]:
    """Returns the result for programs; None is a rehearsal of nothing. Times are seconds."""
    if rehearsed is None:
        return {"copy": None, "downtime": None, **dataclasses.asdict(Rehearsal())}
    copied = rehearsed.copied
    return {
        "copy": {
            "by": "dump" if copied.file_bytes is None else "files",
            "seconds": copied.copy_seconds,
            "start_seconds": copied.start_seconds,
        },
        "downtime": dataclasses.asdict(rehearsed.downtime) if rehearsed.downtime else None,
        **dataclasses.asdict(rehearsed.rehearsal),
    }


def _show_statements(rehearsal: Rehearsal, console: Console) -> None:
    headings = (_("Statement"), _("Rows"), _("Time"), _("How"))
    for migration in rehearsal.migrations:
        seconds = f"{migration.seconds:.1f}"
        console.say(_("Migration {name}: {seconds} s", name=shown(migration.name), seconds=seconds))
        failed = _failed_in(migration, rehearsal.failure)
        rows = [_row(one, fails=one.number == failed) for one in _worth_showing(migration, failed)]
        console.table(headings, rows)


def _failed_in(migration: RehearsedMigration, failure: RehearsalFailure | None) -> int | None:
    return failure.number if failure is not None and failure.migration == migration.name else None


def _worth_showing(migration: RehearsedMigration, failed: int | None) -> Iterator[RehearsedStatement]:
    """Selects all of a short list; of a long one, what failed, took time, touched rows or blocked writes."""
    short = len(migration.statements) <= LONG_LIST
    for one in migration.statements:
        tells = one.rows or one.is_blocking or one.seconds >= SLOW_SECONDS or one.number == failed
        if short or tells:
            yield one


def _row(statement: RehearsedStatement, *, fails: bool) -> tuple[str, str, str, str]:
    text = shown(" ".join(statement.text.split()))
    cut = text if len(text) <= STATEMENT_COLUMNS else text[: STATEMENT_COLUMNS - 1].rstrip() + "…"
    rows = "" if statement.rows is None else str(statement.rows)
    how = _("fails") if fails else statement.cost
    return f"{statement.number:>2} {cut}", rows, f"{statement.seconds:.2f} s", how


def _show_silent_change(change: SilentChange, console: Console) -> None:
    console.warn(change.words)
    place = {"name": shown(change.migration), "number": change.number, "line": change.line}
    console.say("  " + _("Migration {name}, statement {number}, line {line}.", **place))
    if change.select:
        console.say("  " + finds_words(fits_today=change.fits_today))
        console.say(f"    {change.select}")


def _show_schema(rehearsal: Rehearsal, console: Console, *, whole_diff: bool) -> None:
    if not rehearsal.schema_diff:
        return
    for line in _changes(changed_objects(rehearsal.schema_diff)):
        console.say(line)
    show = console.say if whole_diff else console.detail
    for line in rehearsal.schema_diff:
        show(f"  {line}")


def _changes(changes: Changes) -> Iterator[str]:
    if changes.changed:
        yield _("Changed: {names}", names=", ".join(changes.changed))
    if changes.new:
        yield _("New: {names}", names=", ".join(changes.new))
    if changes.gone:
        yield _("Removed: {names}", names=", ".join(changes.gone))


def _show_drift(rehearsal: Rehearsal, console: Console) -> None:
    if rehearsal.drift:
        console.warn(_("The schema differs from its applied migrations: it was changed by hand."))
    for line in rehearsal.drift:
        console.say(f"  {line}")
    if rehearsal.drift_unknown:
        console.detail(rehearsal.drift_unknown)
