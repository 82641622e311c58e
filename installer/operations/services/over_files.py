"""Runs a temporary server on kept files of a site's database, and removes it in the end."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from installer.database.door.kept_files import KeptFiles
from installer.database.door.running_database import Database
from installer.database.engines import engine_of
from installer.database.scratch_servers.disk_guard import guarding
from installer.database.values.copy_request import GUARDED_BYTES
from installer.operations.services.change_context import Change
from installer.system.compose.compose import Service
from installer.system.docker.docker import Engine, site_name
from installer.system.docker.volumes import folder_of_volumes
from installer.text import _


@dataclass(frozen=True)
class KeptServer:
    """Names the image (by its ID) and the service of the server that wrote the files."""

    image: str
    service: Service


@contextmanager
def database_over_files(change: Change, server: KeptServer, folder: Path) -> Iterator[Database]:
    """Yields the database in the data directory `folder`, which is not changed.

    The server is swept away before it fills the disk.
    """
    site, console = site_name(change.engine, change.plan.project), change.console
    place = folder_of_volumes(change.engine.version().data_root)
    with (
        change.engine.scratch(site, console.warn) as scratch,
        guarding(place, GUARDED_BYTES, lambda: Engine.connect().scratch(site).sweep()),
    ):
        with console.waiting(_("Starting a temporary server on the kept files")):
            service = server.service
            database = engine_of(service.image, service.environment).over_files(
                KeptFiles(change.engine, scratch, folder, server.image, service)
            )
        yield database
