"""Shows what a rehearsal has found out, and refuses where a migration failed."""

import dataclasses
import math
from collections.abc import Iterator

from installer.bundle.layout import shown
from installer.console import Console
from installer.errors import Refused
from installer.operations.downtime import Downtime
from installer.operations.rehearsal_changes import Changes, changed_objects
from installer.operations.rehearsal_result import (
    Offender,
    Rehearsal,
    RehearsalFailure,
    RehearsedMigration,
    RehearsedStatement,
)
from installer.operations.rehearse import Rehearsed
from installer.text import _, ngettext

STATEMENT_COLUMNS = 48
PREVIEW_LINES, PREVIEW_COLUMNS = 6, 100
SECONDS_WORTH_TELLING = 120
LONG_LIST = 20
SLOW_SECONDS = 0.1


def show_rehearsal(rehearsed: Rehearsed, console: Console, *, whole_diff: bool) -> None:
    """Tell what every statement did to the copy, and what became of the schema, in names or `whole_diff`."""
    rehearsal = rehearsed.rehearsal
    _show_statements(rehearsal, console)
    if rehearsal.failure is None:
        _show_schema(rehearsal, console, whole_diff=whole_diff)
    _show_drift(rehearsal, console)
    if rehearsed.downtime is not None:
        console.say(_downtime_line(rehearsed.downtime))


def refuse_failure(rehearsal: Rehearsal) -> None:
    """Raise `Refused` with all that is known about the migration that failed, if one did."""
    failure = rehearsal.failure
    if failure is not None:
        raise Refused(
            _(
                "The rehearsal failed: migration `{name}`, statement {number}. Nothing was changed.",
                name=shown(failure.migration),
                number=failure.number,
            ),
            details=_failure_lines(failure),
            hint=_("Mend the data, or ask for a mended package; then run the command again."),
        )


def fits(rehearsal: Rehearsal) -> str:
    """The result of a rehearsal that succeeded, in words."""
    return ngettext(
        "{count} migration fits the data", "{count} migrations fit the data", len(rehearsal.migrations)
    )


def rehearsal_document(rehearsed: Rehearsed | None) -> dict[str, object]:
    """The result for programs; None is a rehearsal of nothing. Times are seconds."""
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


def _downtime_line(downtime: Downtime) -> str:
    parts = [
        _("backup {time}", time=_about(downtime.backup_seconds)),
        _("database {time}", time=_about(downtime.start_seconds)),
        _("migrations {time}", time=_about(downtime.migrations_seconds)),
    ]
    if downtime.files_seconds is None:
        parts.append(_("copying the data: not known"))
    elif downtime.files_seconds:
        parts.append(_("copying the data {time}", time=_about(downtime.files_seconds)))
    return _(
        "Downtime: about {time} until the services start ({parts})",
        time=_about(downtime.seconds),
        parts=", ".join(parts),
    )


def _about(seconds: float) -> str:
    if seconds < SECONDS_WORTH_TELLING:
        return _("{count} s", count=math.ceil(seconds))
    return _("{count} min", count=math.ceil(seconds / 60))


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
    """All of a short list; of a long one, what failed, took time, touched rows or kept others waiting."""
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


def _show_schema(rehearsal: Rehearsal, console: Console, *, whole_diff: bool) -> None:
    if not rehearsal.schema_diff:
        return
    for line in _changes(changed_objects(rehearsal.schema_diff)):
        console.say(line)
    tell = console.say if whole_diff else console.detail
    for line in rehearsal.schema_diff:
        tell(f"  {line}")


def _changes(changes: Changes) -> Iterator[str]:
    if changes.changed:
        yield _("Changed: {names}", names=", ".join(changes.changed))
    if changes.new:
        yield _("New: {names}", names=", ".join(changes.new))
    if changes.gone:
        yield _("Gone: {names}", names=", ".join(changes.gone))


def _show_drift(rehearsal: Rehearsal, console: Console) -> None:
    if rehearsal.drift:
        console.warn(_("The schema is not what its applied migrations make; somebody changed it by hand."))
    for line in rehearsal.drift:
        console.say(f"  {line}")
    if rehearsal.drift_unknown:
        console.detail(rehearsal.drift_unknown)


def _failure_lines(failure: RehearsalFailure) -> Iterator[str]:
    yield _("MariaDB error {code}: {text}", code=failure.code, text=failure.error)
    yield _("line {line}:", line=failure.line)
    lines = failure.text.splitlines()
    for line in lines[:PREVIEW_LINES]:
        yield f"  {shown(line.expandtabs(2))[:PREVIEW_COLUMNS]}"
    if len(lines) > PREVIEW_LINES:
        yield "  …"
    for offender in failure.offenders:
        yield from _offender_lines(offender)
    yield from failure.notes


def _offender_lines(offender: Offender) -> Iterator[str]:
    yield offender.words
    yield (
        _("This finds them:")
        if offender.fits_today
        else _("This finds them, where the statements before it have run:")
    )
    yield f"  {offender.select}"
