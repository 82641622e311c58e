"""Records that the new release is installed: the last thing that an import writes."""

import os

from installer.operations.plan.step_names import RECORD
from installer.operations.services.change_context import Change
from installer.operations.services.start_services import keep_new_release
from installer.site.paths import record_path
from installer.site.release_record import ReleaseRecord, read_record, record_release
from installer.system.clock import utc_now
from installer.text import _
from installer.workflow.step import Step


def record_new(change: Change) -> Step:
    """Returns step 12. At its end, the release is in operation: an engine may be restarted at any moment."""
    return Step(
        RECORD,
        _("Record the release"),
        do=lambda: _record(change),
        undo=lambda: record_path(change.plan.release).unlink(missing_ok=True),
        is_done=lambda: _is_recorded(change),
    )


def _record(change: Change) -> str:
    plan = change.plan
    record = ReleaseRecord(
        application=change.manifest.application.name,
        version=plan.version,
        project=plan.project,
        installed_at=utc_now().isoformat(timespec="seconds"),
        run=plan.run_name,
        previous_version=plan.previous.version if plan.previous else None,
        previous_directory=os.path.relpath(plan.previous.directory, plan.release) if plan.previous else None,
    )
    record_release(plan.release, record)
    keep_new_release(change)
    return str(record_path(plan.release).relative_to(plan.release))


def _is_recorded(change: Change) -> bool:
    record = read_record(change.plan.release)
    return record is not None and record.run == change.plan.run_name
