"""Decides where the files of a converted database go, and what of the plan changes with them."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from installer.errors import Refused
from installer.operations.plan.import_plan import ImportPlan, PlannedDatabase
from installer.operations.plan.planned_conversion import Conversion
from installer.operations.snapshot.snapshot_place import Impossible, kept_beside
from installer.system.compose.compose import Mount
from installer.system.docker.docker import Engine
from installer.system.files.live_tree import may_hold_something
from installer.text import _

CONVERTED = "converted"


def placed(
    plan: ImportPlan, service: str, old: Mount | None, new: Mount, conversion: Conversion, engine: Engine
) -> ImportPlan:
    """Returns the plan with a place: beside the old files if both releases use one place, else a new one.

    Raises `Refused` where there is none.
    """
    if old is not None and _is_same(old, new):
        return _beside(plan, service, old, conversion, engine)
    if new.kind == "volume":
        return _in_new_volume(plan, service, new.source, conversion)
    return _in_new_folder(plan, service, Path(new.source), conversion)


def _is_same(old: Mount, new: Mount) -> bool:
    if old.kind != new.kind:
        return False
    if old.kind == "volume":
        return old.source == new.source
    return Path(old.source).resolve() == Path(new.source).resolve()


def _beside(plan: ImportPlan, service: str, old: Mount, conversion: Conversion, engine: Engine) -> ImportPlan:
    snapshot = kept_beside(plan, old, engine)
    if isinstance(snapshot, Impossible):
        raise Refused(
            _("The old database's files cannot be kept, so a rollback would not be possible."),
            details=[_difference(conversion), snapshot.reason],
            hint=_("Run the command with sudo."),
        )
    converted = replace(conversion, folder=snapshot.holder / CONVERTED)
    return _with(plan, PlannedDatabase(service, snapshot, (), converted))


def _in_new_volume(plan: ImportPlan, service: str, name: str, conversion: Conversion) -> ImportPlan:
    if name not in plan.created_volumes:
        raise _no_place(conversion, _("Volume {name} exists already.", name=name))
    return _with(plan, PlannedDatabase(service, conversion=replace(conversion, volume=name)))


def _in_new_folder(plan: ImportPlan, service: str, folder: Path, conversion: Conversion) -> ImportPlan:
    """Plans the folder of the release directory; the old files stay in theirs and are not carried."""
    if not folder.is_relative_to(plan.release):
        raise _no_place(conversion, _("Folder {path} is outside of the release directory.", path=folder))
    around = [
        item.target for item in plan.state if folder != item.target and folder.is_relative_to(item.target)
    ]
    if around:
        words = _("Folder {path} is inside of one that is carried over.", path=folder)
        raise _no_place(conversion, words)
    if folder.is_symlink() or may_hold_something(folder):
        raise _no_place(conversion, _("Folder {path} is not empty.", path=folder))
    state = tuple(item for item in plan.state if item.target != folder)
    return _with(
        _that_undo_deletes(replace(plan, state=state), folder),
        PlannedDatabase(service, conversion=replace(conversion, folder=folder)),
    )


def _that_undo_deletes(plan: ImportPlan, folder: Path) -> ImportPlan:
    if folder.is_dir():
        return replace(plan, emptied_paths=_added(plan.emptied_paths, folder))
    is_inside = any(folder.is_relative_to(path) for path in plan.created_paths)
    return plan if is_inside else replace(plan, created_paths=_added(plan.created_paths, folder))


def _added(paths: Sequence[Path], path: Path) -> tuple[Path, ...]:
    return tuple(dict.fromkeys((*paths, path)))


def _with(plan: ImportPlan, database: PlannedDatabase) -> ImportPlan:
    others = (database if one.service == database.service else one for one in plan.databases)
    return replace(plan, databases=tuple(others))


def _no_place(conversion: Conversion, reason: str) -> Refused:
    return Refused(
        _("The files of the new database server have no place."),
        details=[_difference(conversion), reason],
        hint=_("Give the database service of the release an empty volume or folder of its own."),
    )


def _difference(conversion: Conversion) -> str:
    return _(
        "The release brings {engine} {after} instead of {before}, which cannot open the old files.",
        engine=conversion.engine,
        before=conversion.before,
        after=conversion.after,
    )
