"""Refuses an import whose migration failed on a copy of the data: why, and which rows cause it."""

from collections.abc import Iterator

from installer.bundle.layout import shown
from installer.database.values.rehearsal_result import Offender, Rehearsal, RehearsalFailure
from installer.errors import Refused
from installer.text import _

PREVIEW_LINES, PREVIEW_COLUMNS = 6, 100


def refuse_failure(rehearsal: Rehearsal) -> None:
    """Raises `Refused` with all that is known about the migration that failed, if one did."""
    failure = rehearsal.failure
    if failure is not None:
        raise Refused(
            _(
                "The rehearsal failed: migration `{name}`, statement {number}. Nothing was changed.",
                name=shown(failure.migration),
                number=failure.number,
            ),
            details=_failure_lines(failure),
            hint=_("Fix the data, or ask the vendor for a fixed package, then run the command again."),
        )


def _failure_lines(failure: RehearsalFailure) -> Iterator[str]:
    yield failure.error
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
    yield finds_words(fits_today=offender.fits_today)
    yield f"  {offender.select}"


def finds_words(*, fits_today: bool) -> str:
    """Returns the line before a SELECT that finds rows."""
    if fits_today:
        return _("This query finds them:")
    return _("This query finds them after the statements before it have run:")
