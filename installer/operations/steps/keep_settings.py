"""Keeps the settings that the new release borrowed while the import was planned."""

import os

from installer.operations.carry.settings_back import original_of, take_settings_back
from installer.operations.plan.import_plan import ImportPlan
from installer.operations.plan.step_names import KEEP_SETTINGS
from installer.operations.services.change_context import Change
from installer.operations.steps.kept_data import set_aside_folder
from installer.site.files.carried_files import carry_file
from installer.workflow.step import Step


def keep_settings(change: Change) -> Step:
    """Returns the step, which has no line of its own."""
    return Step(
        KEEP_SETTINGS,
        "",
        do=lambda: _keep(change.plan),
        undo=lambda: take_settings_back(
            change.plan, set_aside_folder(change.plan), keeps_all=change.sets_aside
        ),
        is_done=lambda: not tuple(_missing(change.plan)),
    )


def _keep(plan: ImportPlan) -> str:
    """Copies those that are missing again: a power cut may have lost them."""
    for name in _missing(plan):
        source = original_of(plan, name)
        if plan.previous is not None and source is not None and source.is_file():
            for _copied in carry_file(name, source, plan.previous.directory, plan.release):
                pass
    return ""


def _missing(plan: ImportPlan) -> list[str]:
    return [name for name in plan.settings if not os.path.lexists(plan.release / name)]
