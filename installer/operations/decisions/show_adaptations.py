"""Shows in the plan what a site changed, and what the import does with it."""

from collections.abc import Iterator
from pathlib import Path

from installer.operations.adaptations.difference import bounded, difference
from installer.operations.adaptations.find_adaptations import Edited, Override
from installer.operations.plan.import_plan import ImportPlan, Situation
from installer.screen.console import Console
from installer.text import _

LINES_SHOWN = 12
LINES_IN_LOG = 400


def show_adaptations(situation: Situation, console: Console) -> None:
    """Shows each file with its difference: the beginning on the screen, more of it in the log."""
    for title, lines in _shown(situation):
        console.say(f"  {title}")
        for line in bounded(lines, LINES_SHOWN):
            console.say(f"    {line}")
        for line in bounded(lines[LINES_SHOWN:], LINES_IN_LOG):
            console.detail(f"    {line}")


def _shown(situation: Situation) -> Iterator[tuple[str, list[str]]]:
    plan = situation.plan
    if plan.previous is None:
        return
    for override in situation.adaptations.overrides:
        lines = difference(None, override.path.read_bytes(), override.name) if override.path.is_file() else []
        yield _about_override(override, plan), lines
    for edited in situation.adaptations.edited:
        path = plan.release / edited.path
        before = path.read_bytes() if path.is_file() else None
        after = (plan.previous.directory / edited.path).read_bytes()
        yield _about_edited(edited, plan, path), difference(before, after, edited.path)
    listed = {edited.path for edited in situation.adaptations.edited}
    for name in (name for name in plan.kept if name not in listed):
        yield _("Keep this site's file: {path}", path=name), []


def _about_override(override: Override, plan: ImportPlan) -> str:
    if override.name in plan.overrides:
        return _("Keep this site's override: {path}", path=override.path)
    if not override.is_used:
        return _("NOT taken over, nor used by the old release: {path}", path=override.path)
    return _("NOT taken over: this site's override {path}; to keep it: --override keep", path=override.path)


def _about_edited(edited: Edited, plan: ImportPlan, path: Path) -> str:
    if edited.path in plan.kept:
        return _("Keep this site's file: {path}", path=edited.path)
    if edited.is_compose_file:
        return _(
            "NOT taken over: this site's changes in {path}; put them into docker-compose.override.yml",
            path=edited.path,
        )
    if not path.exists():
        return _(
            "NOT taken over, and not in the release: {path}; to keep it: --keep {path}", path=edited.path
        )
    return _("NOT taken over: this site's changes in {path}; to keep them: --keep {path}", path=edited.path)
