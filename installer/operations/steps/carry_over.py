"""Takes down the old containers and carries settings and data to the new release directory, and back."""

from installer.operations.carry.carry_adaptations import carry_adaptations, carry_adaptations_back
from installer.operations.carry.carry_state import carry_back, carry_state
from installer.operations.carry.missing_folders import make_missing_folders
from installer.operations.conversion.swap_files import put_converted_in_place, put_old_files_back
from installer.operations.images.tags import point_tags_at_new, point_tags_back
from installer.operations.plan.import_plan import ImportPlan
from installer.operations.plan.step_names import CARRY_OVER
from installer.operations.services.change_context import Change
from installer.operations.services.leftover_containers import remove_ended_jobs
from installer.operations.steps.kept_data import kept_in
from installer.site.files.project_name import add_project_name, remove_project_name
from installer.site.paths import env_path
from installer.text import _, ngettext
from installer.workflow.step import Step


def carry_over(change: Change) -> Step:
    """Returns step 8. It is done when the new release has containers: they use what was carried over."""
    return Step(
        CARRY_OVER,
        _("Take down the old containers, carry over settings and data"),
        do=lambda: _carry(change),
        undo=lambda: _carry_back(change),
        is_done=lambda: bool(change.new_containers()),
    )


def _carry(change: Change) -> str:
    if change.old is not None:
        remove_ended_jobs(change, change.old)
        change.old.down()
    point_tags_at_new(change.engine, change.manifest)
    with change.console.waiting(_("Carrying over the data")):
        carry_state(change.plan)
        put_converted_in_place(change)
    carry_adaptations(change.plan, change.manifest)
    make_missing_folders(change.plan.release, change.new_model)
    if change.plan.project != change.manifest.application.project:
        add_project_name(env_path(change.plan.release), change.plan.project)
    return _carried(change.plan)


def _carried(plan: ImportPlan) -> str:
    copied = len([item for item in plan.state if item.is_copied])
    moved = len(plan.state) - copied
    parts = []
    if moved:
        parts.append(ngettext("{count} folder moved", "{count} folders moved", moved))
    if copied or not moved:
        parts.append(ngettext("{count} folder copied", "{count} folders copied", copied))
    return ", ".join(parts)


def _carry_back(change: Change) -> None:
    plan = change.plan
    put_old_files_back(change)
    carry_adaptations_back(plan, change.manifest, kept_in(change))
    carry_back(plan, kept_in=kept_in(change))
    remove_project_name(env_path(plan.release), plan.project)
    point_tags_back(change.engine, plan.references_before)
