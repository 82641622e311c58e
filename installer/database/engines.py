"""Lists the database engines that Airlock serves."""

from collections.abc import Collection
from itertools import chain

from installer.database.door.database_engine import DatabaseEngine
from installer.database.door.running_database import Database
from installer.database.records.backup_record import Backup
from installer.errors import Refused
from installer.mariadb.engine import MARIADB
from installer.postgresql.engine import POSTGRESQL
from installer.system.compose.compose import Service
from installer.system.docker.docker import Container
from installer.text import _

ENGINES: tuple[DatabaseEngine, ...] = (MARIADB, POSTGRESQL)
DATA_FOLDERS = tuple(folder for engine in ENGINES for folder in engine.data_folders)


def engine_of(image: str, settings: Collection[str] = ()) -> DatabaseEngine:
    """Returns the database engine that an image belongs to: by its name, else by `settings`, else the first.

    `settings` are the names of the variables in its environment.
    """
    by_name = (engine for engine in ENGINES if engine.recognises(image))
    by_settings = (engine for engine in ENGINES if engine.reads_any(settings))
    return next(chain(by_name, by_settings, ENGINES))


def engine_of_container(container: Container) -> DatabaseEngine:
    """Returns the database engine of a container."""
    return engine_of(container.image, container.environment)


def is_served(image: str) -> bool:
    """Returns whether an image is of an engine in the table, by its name."""
    return any(engine.recognises(image) for engine in ENGINES)


def engine_of_backup(backup: Backup) -> DatabaseEngine:
    """Returns the database engine that wrote a backup. Raises `Refused` if it is not in the table."""
    engine = next((engine for engine in ENGINES if engine.key == backup.engine), None)
    if engine is None:
        raise Refused(
            _("The backup {name} is of a database that Airlock does not serve.", name=backup.path.name),
            details=[_("Its engine: {engine}", engine=backup.engine)],
        )
    return engine


def locate(service: Service, container: Container) -> Database:
    """Returns the database of a running service. Raises `Refused` when its container names no schema."""
    return engine_of_container(container).locate(service, container)
