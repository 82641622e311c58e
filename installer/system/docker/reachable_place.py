"""Finds where this host reaches a server in a container: at its own address, or at a published port."""

import socket
from collections.abc import Iterator

from installer.errors import Refused
from installer.system.docker.docker import Container
from installer.text import _

REACH_SECONDS = 2.0
EVERYWHERE = ("", "0.0.0.0", "::")


def reachable_place(container: Container, port: int) -> tuple[str, int]:
    """Returns the first host and port that accepts a connection; the first of all where none does.

    Raises `Refused` if the container has no address.
    """
    places = list(places_of(container, port))
    if not places:
        raise Refused(
            _("The database's container {name} has no address.", name=container.name),
            hint=_(
                "See `docker logs {name}`, start the database, then run the command again.",
                name=container.name,
            ),
        )
    return next(filter(_is_open, places), places[0])


def places_of(container: Container, port: int) -> Iterator[tuple[str, int]]:
    """Yields each host and port by which a port of the container may be reached."""
    for address in container.addresses:
        yield address, port
    for published in container.ports:
        if published.target == port and published.published:
            host = "127.0.0.1" if published.host_ip in EVERYWHERE else published.host_ip
            yield host, published.published


def _is_open(place: tuple[str, int]) -> bool:
    try:
        socket.create_connection(place, REACH_SECONDS).close()
    except OSError:
        return False
    return True
