"""Removes the settings that an import carried over from the new directory again, during a rollback."""

from pathlib import Path

from installer.bundle.layout import ENV
from installer.operations.carry.carry_state import discard
from installer.operations.plan.import_plan import ImportPlan


def take_settings_back(plan: ImportPlan, kept_in: Path, *, keeps_all: bool) -> None:
    """Deletes the copies; moves one that was edited, or whose original is missing, to `kept_in` instead."""
    for name in reversed(plan.settings):
        path = plan.release / name
        keeps = keeps_all or not _is_copy(path, original_of(plan, name))
        discard([path], plan.release, kept_in if keeps else None)


def original_of(plan: ImportPlan, name: str) -> Path | None:
    """Returns the file of the old release that is copied to `name`; None in a fresh installation."""
    if plan.previous is None:
        return None
    if name == ENV and plan.previous.env_file is not None:
        return plan.previous.env_file
    return plan.previous.directory / name


def _is_copy(path: Path, original: Path | None) -> bool:
    if path.is_symlink():
        return True  # its target stays
    if not path.is_file() or original is None or not original.is_file():
        return False
    return path.read_bytes() == original.read_bytes()
