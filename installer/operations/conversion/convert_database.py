"""Converts a database for the release's server while the old one runs, and discards what was converted."""

import os
from pathlib import PurePosixPath

from installer.database.door.server_conversion import ConversionRequest
from installer.database.engines import engine_of_container
from installer.database.scratch_servers.disk_guard import guarding
from installer.database.values.old_database import OldDatabase
from installer.errors import Failed
from installer.operations.images.stored_images import image_of_service
from installer.operations.plan.import_plan import PlannedDatabase
from installer.operations.plan.planned_conversion import Conversion
from installer.operations.services.change_context import Change
from installer.system.compose.compose import Compose, Mount
from installer.system.docker.containers import LABEL, PROJECT_LABEL
from installer.system.docker.docker import Engine, site_name
from installer.system.files.files import (
    is_real_folder,
    partial_name,
    remove_tree,
    remove_whole,
    sync_filesystem,
    write_atomically,
)
from installer.system.files.live_tree import paths_in
from installer.system.files.reserve import RESERVE_BYTES
from installer.text import _

FOLDER_MODE = 0o755  # as Docker creates them; a server narrows its own data directory


def is_to_convert(change: Change, database: PlannedDatabase) -> bool:
    """Returns whether the plan has a conversion that is not complete."""
    return database.conversion is not None and not is_converted(change, database)


def is_converted(change: Change, database: PlannedDatabase) -> bool:
    """Returns whether the new files are complete: their record is written last."""
    return change.plan.converted_record(database).is_file()


def convert(change: Change, old: Compose, database: PlannedDatabase) -> None:
    """Fills the planned place with the content of the running database, from nothing; records the end.

    The old server and its files are not changed. Raises `Failed`.
    """
    conversion = database.conversion
    assert conversion is not None
    discard_converted(change, database)
    mount = _empty_place(change, conversion)
    _fill(change, old, database, mount, conversion)
    if conversion.folder is not None:
        sync_filesystem(conversion.folder)
    write_atomically(change.plan.converted_record(database), b"")


def discard_converted(change: Change, database: PlannedDatabase) -> None:
    """Deletes the new files from the place where they were made, complete or not, and their record first."""
    conversion = database.conversion
    change.plan.converted_record(database).unlink(missing_ok=True)
    if conversion is not None and conversion.volume is not None:
        change.engine.remove_volume(conversion.volume)
    elif conversion is not None and conversion.folder is not None:
        _empty(conversion, change)


def _empty(conversion: Conversion, change: Change) -> None:
    """Deletes the folder, or only its content where the folder itself was there before."""
    folder = conversion.folder
    assert folder is not None
    if os.path.lexists(partial_name(folder)):
        remove_tree(partial_name(folder))
    if not is_real_folder(folder):
        return
    if folder not in change.plan.emptied_paths:
        remove_whole(folder)
        return
    for path in paths_in(folder):
        remove_whole(path)


def _empty_place(change: Change, conversion: Conversion) -> Mount:
    if conversion.folder is not None:
        conversion.folder.mkdir(parents=True, exist_ok=True)
        conversion.folder.chmod(FOLDER_MODE)
        return Mount("bind", str(conversion.folder), "", read_only=False)
    assert conversion.volume is not None
    names = {name: key for key, name in change.new_model.volumes.items()}
    labels = {PROJECT_LABEL: change.plan.project, f"{LABEL}volume": names[conversion.volume]}
    change.engine.create_volume(conversion.volume, labels)  # as Compose would: it takes it for its own
    return Mount("volume", conversion.volume, "", read_only=False)


def _fill(
    change: Change, old: Compose, database: PlannedDatabase, mount: Mount, conversion: Conversion
) -> None:
    service, site = change.new_model.services[database.service], _site(change)
    container = change.container_of(database.service)
    live = OldDatabase(change.model_of(old).services[database.service], container, "")
    image, way = image_of_service(change.engine, change.manifest, service), engine_of_container(container)
    if image is None or way.conversion is None:
        raise Failed(_("The image {reference} of the release is not loaded yet.", reference=service.image))
    place = conversion.folder or change.engine.version().data_root
    with (
        change.engine.scratch(site, change.console.warn) as scratch,
        guarding(place, RESERVE_BYTES, lambda: Engine.connect().scratch(site).sweep()),
    ):
        inside = PurePosixPath(conversion.inside)
        way.conversion.convert(
            ConversionRequest(change.engine, scratch, live, image.id, service, mount, inside, change.console)
        )


def _site(change: Change) -> str:
    return site_name(change.engine, change.manifest.application.project)
