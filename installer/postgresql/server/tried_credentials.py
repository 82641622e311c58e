"""Tries whether a running server accepts the credentials of a service."""

from dataclasses import replace

from installer.errors import Refused
from installer.postgresql.server.location import locate_database
from installer.postgresql.server.server import connect
from installer.system.compose.compose import Service
from installer.system.docker.docker import Container
from installer.text import _


def refused_credentials(service: Service, container: Container) -> str | None:
    """Returns why `service` could not use this database, or None.

    Tries the user and the password that the image would be given, and the database.
    """
    stranger = replace(container, environment={})
    try:
        before, after = locate_database(service, container), locate_database(service, stranger)
        with connect(after):
            pass
    except Refused as problem:
        return problem.happened
    if after.database != before.database:
        return _("The data is in the database {old}, not in {new}.", old=before.database, new=after.database)
    return None


def moved_data(old: Service, new: Service, container: Container) -> str | None:
    """Returns why `new` would not find the data of `old`: another database or schema in the URLs; else None.

    Raises `Refused` where a URL is not clear.
    """
    before, after = locate_database(old, container), locate_database(new, container)
    if after.database != before.database:
        return _("The data is in the database {old}, not in {new}.", old=before.database, new=after.database)
    if after.schema != before.schema:
        return _("The data is in the schema {old}, not in {new}.", old=before.schema, new=after.schema)
    return None
