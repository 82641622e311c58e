"""Lists the database engines that Airlock serves."""

from installer.database.door.database_engine import DatabaseEngine
from installer.database.door.running_database import Database
from installer.mariadb.engine import MARIADB
from installer.system.compose.compose import Service
from installer.system.docker.docker import Container

ENGINES: tuple[DatabaseEngine, ...] = (MARIADB,)
DATA_FOLDERS = tuple(folder for engine in ENGINES for folder in engine.data_folders)


def engine_of(image: str) -> DatabaseEngine:
    """Returns the database engine that an image belongs to; the first one where the image name names none."""
    return next((engine for engine in ENGINES if engine.recognises(image)), ENGINES[0])


def is_served(image: str) -> bool:
    """Returns whether an image is of an engine in the table, by its name."""
    return any(engine.recognises(image) for engine in ENGINES)


def engine_of_backups() -> DatabaseEngine:
    """Returns the database engine that wrote the backups.

    Records of format 2 name none, as only one existed.
    """
    return ENGINES[0]


def locate(service: Service, container: Container) -> Database:
    """Returns the database of a running service. Raises `Refused` when its container names no schema."""
    return engine_of(container.image).locate(service, container)
