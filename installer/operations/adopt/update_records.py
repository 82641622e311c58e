"""Updates the records of a release directory with its current path and that of the old release."""

import os
from dataclasses import replace
from pathlib import Path

from installer.operations.plan.import_plan_file import dump_plan, parse_plan
from installer.operations.plan.moved_plan import plan_in
from installer.operations.plan.previous_place import place_of_previous
from installer.screen.console import Console
from installer.site.paths import runs_folder
from installer.site.release_record import read_record, record_release
from installer.system.files.files import writable, write_atomically
from installer.text import _
from installer.workflow.journal import PLAN


def renew_records(release: Path, console: Console) -> None:
    """Writes the current paths of both directories to the record and to the plan that a rollback uses."""
    record = read_record(release)
    path = runs_folder(release) / record.run / PLAN if record else None
    if record is None or path is None or not path.is_file():
        return
    recorded = parse_plan(path.read_bytes())
    previous = place_of_previous(recorded, release)
    if recorded.previous is not None and previous is None:
        _warn_missing(recorded.previous.directory, console)
        return
    plan = plan_in(recorded, release, previous)
    before = os.path.relpath(previous, release) if previous else None
    with writable(release):
        if plan != recorded:
            write_atomically(path, dump_plan(plan))
        if before != record.previous_directory:
            record_release(release, replace(record, previous_directory=before))


def _warn_missing(directory: Path, console: Console) -> None:
    console.warn(
        _(
            "The old release's directory was not found (it was {directory}); a rollback "
            "needs it: ./airlock rollback --to DIRECTORY",
            directory=directory,
        )
    )
