"""Copies a site's own versions of files to the new release directory, and removes them again."""

import os
from pathlib import Path

from installer.bundle.archive.checksums import hash_file
from installer.bundle.layout import is_inside
from installer.bundle.manifest.manifest import Manifest
from installer.operations.carry.carry_state import discard
from installer.operations.plan.import_plan import ImportPlan
from installer.site.kept_record import Kept, KeptFile, record_kept
from installer.site.paths import kept_path, runs_folder
from installer.system.files.files import copy_whole, partial_name, rename_durably


def carry_adaptations(plan: ImportPlan, manifest: Manifest) -> None:
    """Copies what the plan keeps; moves the delivered files to the run's folder. Recorded first."""
    if plan.previous is None or not (plan.kept or plan.overrides):
        return
    sources = {name: (plan.previous.directory / name).resolve() for name in _names(plan)}
    files = tuple(KeptFile(name, hash_file(source, lambda _: None)) for name, source in sources.items())
    record_kept(plan.release, Kept(files, plan.overrides, _own(plan, manifest)))
    for name, source in sources.items():
        _move_aside(plan.release / name, _delivered(plan) / name)
        (plan.release / name).parent.mkdir(parents=True, exist_ok=True)
        copy_whole(source, plan.release / name)


def carry_adaptations_back(plan: ImportPlan, manifest: Manifest, kept_in: Path | None) -> None:
    """Undoes `carry_adaptations`, even one that was interrupted."""
    shipped = {file.path for file in manifest.files}
    for name in _names(plan):
        place, delivered = plan.release / name, _delivered(plan) / name
        discard([partial_name(place)], plan.release, None)
        if os.path.lexists(delivered):
            discard([place], plan.release, kept_in)
            rename_durably(delivered, place)
        elif name not in shipped:
            discard([place], plan.release, kept_in)
    if plan.kept or plan.overrides:
        kept_path(plan.release).unlink(missing_ok=True)


def _names(plan: ImportPlan) -> tuple[str, ...]:
    """Returns relative paths; an override elsewhere on the host stays in its place."""
    return (*plan.kept, *(name for name in plan.overrides if not Path(name).is_absolute()))


def _own(plan: ImportPlan, manifest: Manifest) -> tuple[str, ...]:
    names = (str(item.target.relative_to(plan.release)) for item in plan.state)
    return tuple(name for name in names if not is_inside(name, manifest.state))


def _delivered(plan: ImportPlan) -> Path:
    return runs_folder(plan.release) / plan.run_name / "delivered"


def _move_aside(place: Path, aside: Path) -> None:
    if os.path.lexists(place) and not os.path.lexists(aside):
        aside.parent.mkdir(parents=True, exist_ok=True)
        rename_durably(place, aside)
