"""Describes a release that an import brings here, for what is said about its data from then on."""

from collections.abc import Iterator

from installer.errors import AirlockError
from installer.operations.decisions.sqlite_stores import sqlite_stores
from installer.operations.plan.import_plan import Situation
from installer.operations.services.change_context import Change
from installer.system.docker.data_stores import Unserved


def situation_of(change: Change) -> Situation:
    """Returns the situation without the old installation, which may not run any more."""
    stores = tuple(dict.fromkeys(_stores(change)))
    return Situation(change.manifest, change.new, change.new_model, None, change.plan, file_stores=stores)


def _stores(change: Change) -> Iterator[Unserved]:
    """Looks into the folders of both releases: until it is carried over, the data is in those of the old."""
    databases = change.plan.database_services
    yield from sqlite_stores(change.new_model, change.engine, but_for=databases)
    try:
        old = change.model_of(change.old) if change.old is not None else None
    except AirlockError:  # its directory is gone
        return
    if old is not None:
        yield from sqlite_stores(old, change.engine, but_for=databases)
