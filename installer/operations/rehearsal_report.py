"""Shows what a rehearsal has found out, and refuses where a migration failed."""

import dataclasses
import math
from collections.abc import Iterator

from installer.bundle.layout import shown
from installer.console import Console
from installer.errors import Refused
from installer.operations.downtime import Downtime
from installer.operations.rehearsal_copy import CopiedDatabase
from installer.operations.rehearsal_result import (
    Offender,
    Rehearsal,
    RehearsalFailure,
    RehearsedMigration,
    RehearsedStatement,
)
from installer.operations.rehearse import WITHOUT, Rehearsed
from installer.text import _, ngettext

STATEMENT_COLUMNS = 48
DIFF_LINES = 24
PREVIEW_LINES, PREVIEW_COLUMNS = 6, 100
SECONDS_WORTH_TELLING = 120
LONG_LIST = 20
SLOW_SECONDS = 0.1


def show_rehearsal(rehearsed: Rehearsed, console: Console) -> None:
    """Tell how the copy was made, what every statement did to it, and what became of the schema."""
    rehearsal = rehearsed.rehearsal
    console.say(_way(rehearsed.copied))
    _show_statements(rehearsal, console)
    _show_schema(rehearsal, console)
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
            hint=_("Mend the data, or ask for a mended package. {without}", without=WITHOUT),
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


def _way(copied: CopiedDatabase) -> str:
    seconds = f"{copied.copy_seconds:.1f}"
    if copied.file_bytes is None:
        return _(
            "The copy was loaded from a dump in {seconds} s: {reason}.", seconds=seconds, reason=copied.reason
        )
    return _("The files were copied while in use, with mariadb-backup, in {seconds} s.", seconds=seconds)


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
    headings = (_("Statement"), _("Rows"), _("Time"), _("On the table"))
    for migration in rehearsal.migrations:
        console.say(
            _("Migration {name}: {seconds} s", name=shown(migration.name), seconds=f"{migration.seconds:.1f}")
        )
        console.table(headings, [_row(one) for one in _worth_showing(migration)])


def _worth_showing(migration: RehearsedMigration) -> Iterator[RehearsedStatement]:
    """All of a short list; of a long one, those that took time, touched rows or kept others waiting."""
    short = len(migration.statements) <= LONG_LIST
    for one in migration.statements:
        if short or one.rows or one.is_blocking or one.seconds >= SLOW_SECONDS:
            yield one


def _row(statement: RehearsedStatement) -> tuple[str, str, str, str]:
    text = " ".join(shown(statement.text).split())
    cut = text if len(text) <= STATEMENT_COLUMNS else text[: STATEMENT_COLUMNS - 1] + "…"
    rows = "" if statement.rows is None else str(statement.rows)
    return f"{statement.number:>2} {cut}", rows, f"{statement.seconds:.2f} s", statement.cost


def _show_schema(rehearsal: Rehearsal, console: Console) -> None:
    lines = [line for line in rehearsal.schema_diff if not line.startswith(("---", "+++"))]
    if lines:
        console.say(_("What becomes of the schema:"))
    for line in lines[:DIFF_LINES]:
        console.say(f"  {line}")
    for line in lines[DIFF_LINES:]:
        console.detail(f"  {line}")
    if len(lines) > DIFF_LINES:
        console.say(
            ngettext(
                "  … and {count} more line: see the log, or use --verbose",
                "  … and {count} more lines: see the log, or use --verbose",
                len(lines) - DIFF_LINES,
            )
        )


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
    yield ngettext(
        "{count} row of `{table}` stands in the way: {words}",
        "{count} rows of `{table}` stand in the way: {words}",
        offender.rows,
        table=offender.table,
        words=offender.words,
    )
    yield (
        _("This finds them:")
        if offender.fits_today
        else _("This finds them, but only after the statements before it:")
    )
    yield f"  {offender.select}"
