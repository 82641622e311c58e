"""Tries whether a running server accepts the credentials of a service."""

from dataclasses import replace

from installer.database.values.address import DatabaseAddress
from installer.errors import Refused
from installer.mariadb.server.location import locate_database, locate_for_application
from installer.mariadb.server.server import connect
from installer.system.compose.compose import Service
from installer.system.docker.docker import Container
from installer.text import _


def refused_credentials(service: Service, container: Container) -> str | None:
    """Returns why `service` could not use this database, or None.

    Tries root's credentials, the application's, and the schema.
    """
    stranger = replace(container, environment={})
    try:
        before, after = locate_database(service, container), locate_database(service, stranger)
        _knock(after)
        if after.database != before.database:
            return _(
                "The data is in the database {old}, not in {new}.", old=before.database, new=after.database
            )
        application = locate_for_application(service, stranger)
        if application is not None and _accepts(locate_for_application(service, container)):
            _knock(application)
    except Refused as problem:
        return problem.happened
    return None


def _accepts(address: DatabaseAddress | None) -> bool:
    """Returns whether this user may connect from this host.

    Its rights may be limited to the application's address.
    """
    try:
        if address is not None:
            _knock(address)
    except Refused:
        return False
    return address is not None


def _knock(address: DatabaseAddress) -> None:
    with connect(address):
        pass
