"""Plans which databases are converted, and where their new files go. Changes nothing."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from installer.database.engines import engine_of_container
from installer.database.values.old_database import OldDatabase
from installer.errors import Refused
from installer.operations.images.stored_images import image_of_service
from installer.operations.plan.find_old_database import old_databases
from installer.operations.plan.import_plan import ImportPlan, PlannedDatabase, Situation
from installer.operations.plan.planned_conversion import Conversion
from installer.operations.preflight.database.database_place import data_mount
from installer.operations.preflight.database.database_product import running_facts
from installer.operations.preflight.database.disk import converted_bytes
from installer.operations.preflight.findings.surroundings import Surroundings
from installer.operations.snapshot.snapshot_choice import minutes_to_load
from installer.operations.snapshot.snapshot_place import Impossible, kept_beside
from installer.system.compose.compose import Mount
from installer.system.docker.docker import Engine
from installer.system.files.live_tree import may_hold_something
from installer.text import _

CONVERTED = "converted"
Series = tuple[int, ...]


def plan_conversions(around: Surroundings) -> Situation:
    """Adds to the plan how the databases are converted whose new server cannot open the old files.

    A server is known by its image, once that is in the engine, else by its tag; without either, nothing is
    planned for it yet. Raises `Refused` where the new files have no place, or the old ones could not be kept.
    """
    situation = around.situation
    for live in old_databases(situation):
        situation = _with_conversion(replace(around, situation=situation), live)
    return situation


def _with_conversion(around: Surroundings, live: OldDatabase) -> Situation:
    situation, way = around.situation, engine_of_container(live.container).conversion
    if way is None or situation.plan.database(live.service.name).conversion is not None:
        return situation
    service = situation.model.services[live.service.name]
    image = image_of_service(around.engine, situation.manifest, service)
    before, after, place = series_before(live), way.series_of(service, image), way.place_of(service, image)
    if not before or not is_newer(before, after) or place is None or place.mount is None:
        return situation  # which the checks of the preflight judge
    conversion = Conversion(
        engine=engine_of_container(live.container).name,
        before=_words(before),
        after=_words(after),
        volume=None,
        folder=None,
        inside=str(place.inside),
        minutes=minutes_to_load(converted_bytes(around, live)),
    )
    old = data_mount(live.container.mounts)
    new = _by_real_name(place.mount, situation)
    plan = placed(situation.plan, live.service.name, old, new, conversion, around.engine)
    return replace(situation, plan=plan)


def series_before(live: OldDatabase) -> Series:
    """Returns the series of the running server; empty where it cannot be asked."""
    facts = running_facts(live)
    return engine_of_container(live.container).series_of_version(facts.server_version) if facts else ()


def is_newer(before: Series, after: Series) -> bool:
    """Returns whether the new server is of a newer series, by which it cannot open the old files."""
    return bool(after) and after[: len(before)] > before[: len(after)]


def _words(series: Series) -> str:
    return ".".join(map(str, series))


def _by_real_name(mount: Mount, situation: Situation) -> Mount:
    is_volume = mount.kind == "volume"
    return replace(mount, source=situation.model.volumes[mount.source]) if is_volume else mount


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
