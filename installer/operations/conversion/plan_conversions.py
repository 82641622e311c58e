"""Plans which databases are converted, and where their new files go. Changes nothing."""

from dataclasses import replace

from installer.database.engines import engine_of_container
from installer.database.values.old_database import OldDatabase
from installer.operations.conversion.conversion_place import placed
from installer.operations.images.stored_images import image_of_service
from installer.operations.plan.find_old_database import old_databases
from installer.operations.plan.import_plan import Situation
from installer.operations.plan.planned_conversion import Conversion
from installer.operations.preflight.database.database_bytes import converted_bytes
from installer.operations.preflight.database.database_place import data_mount
from installer.operations.preflight.database.database_product import running_facts
from installer.operations.preflight.findings.surroundings import Surroundings
from installer.operations.snapshot.snapshot_choice import minutes_to_load
from installer.system.compose.compose import Mount

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
