"""Says where a rollback keeps what the new release wrote."""

from pathlib import Path

from installer.operations.plan.import_plan import ImportPlan
from installer.operations.services.change_context import Change
from installer.site.paths import runs_folder


def set_aside_folder(plan: ImportPlan) -> Path:
    """Returns the folder in which a rollback keeps what the new release wrote."""
    return runs_folder(plan.release) / plan.run_name / "discarded"


def kept_in(change: Change) -> Path | None:
    """Returns that folder if this undo keeps data instead of deleting it."""
    return set_aside_folder(change.plan) if change.sets_aside else None
