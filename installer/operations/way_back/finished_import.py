"""Finds the import that brought the release of a directory into operation."""

from pathlib import Path

from installer.errors import Refused
from installer.operations.plan.import_plan_file import load_plan
from installer.site.paths import runs_folder
from installer.site.release_record import ReleaseRecord, read_record
from installer.text import _
from installer.workflow.journal import PLAN, Journal, runs_in


def finished_run(release: Path) -> Journal:
    """Finds the journal of the import that the record of `release` names. Raises `Refused` without one."""
    record = read_record(release)
    newest = next(runs_in(runs_folder(release), "import"), None)
    if newest is not None and newest.end() == "restored":
        raise _nothing_more(newest, release)
    if record is None:
        raise _never_installed(release)
    journal = Journal(runs_folder(release) / record.run)
    if not (journal.folder / PLAN).is_file():
        raise _journal_gone(journal)
    if load_plan(journal.plan(), release).previous is None:
        raise _first_release(record)
    return journal


def _nothing_more(newest: Journal, release: Path) -> Refused:
    previous = load_plan(newest.plan(), release).previous
    return Refused(
        _("There is no import to roll back in this directory: it was already undone."),
        details=[_("Its journal: {path}", path=newest.folder)],
        hint=_("The old release is in {directory}.", directory=previous.directory) if previous else "",
    )


def _never_installed(release: Path) -> Refused:
    return Refused(
        _("There is no import to roll back in this directory."),
        details=[_("Looked in: {path}", path=runs_folder(release))],
        hint=_("Run this in the directory of the release that is in operation, or whose import failed."),
    )


def _first_release(record: ReleaseRecord) -> Refused:
    return Refused(
        _(
            "{version} was the first release here: there is no old release to roll back to.",
            version=record.version,
        ),
        hint=_("To take it down without deleting any data: docker compose down"),
    )


def _journal_gone(journal: Journal) -> Refused:
    return Refused(
        _("The journal of the import is missing, so the import cannot be undone."),
        details=[_("Looked in: {path}", path=journal.folder)],
        hint=_('Roll back by hand: see "By hand" in DEPLOYMENT_GUIDE.md.'),
    )
