"""Compares a server of the new image, which runs for a moment on an empty volume, with the running one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from installer.database.door.server_conversion import Misfit, TrialRequest
from installer.database.values.address import DatabaseAddress
from installer.errors import Refused
from installer.postgresql.backup.new_tools import with_new_tools
from installer.postgresql.conversion.alike_database import created_alike
from installer.postgresql.conversion.all_roles import first_role
from installer.postgresql.conversion.collation_versions import changed_collations
from installer.postgresql.conversion.empty_server import EmptyPlace, NewServer, start_empty_server
from installer.postgresql.conversion.lost_on_conversion import lost_on_conversion
from installer.postgresql.server.location import locate_database
from installer.postgresql.server.queries import databases_of, rows_of, server_version
from installer.postgresql.server.series import Series, series_of_version
from installer.postgresql.server.server import connect
from installer.system.compose.model import Mount
from installer.text import _

EXTENSIONS = "SELECT extname FROM pg_extension ORDER BY 1"
AVAILABLE = "SELECT name FROM pg_available_extensions"


@dataclass(frozen=True)
class Pair:
    """Holds the running server, asked with the new image's programs, and the new one."""

    old: DatabaseAddress
    new: DatabaseAddress


def misfits(request: TrialRequest) -> Sequence[Misfit]:
    """Starts the new server on an empty volume. Raises `ServerWouldNotStart`, and `Refused`."""
    live = locate_database(request.live.service, request.live.container)
    new = _started(request, live)
    before, after = version_of(live), version_of(new)
    if series_of_version(after) < series_of_version(before):
        return (_older(before, after),)
    if series_of_version(after) > series_of_version(before) and not request.is_converted:
        return (_without_place(before, after),)
    old = with_new_tools(request.engine, request.scratch, request.image, live)
    pair = Pair(replace(old, schema="public"), new)
    return tuple(_found(pair, request, series_of_version(before), series_of_version(after)))


def version_of(address: DatabaseAddress) -> str:
    """Returns the server's own version text."""
    with connect(address) as connection:
        return server_version(connection)


def _started(request: TrialRequest, live: DatabaseAddress) -> DatabaseAddress:
    volume = Mount("volume", request.scratch.new_volume(), "", read_only=False)
    place = EmptyPlace(volume, PurePosixPath())
    server = NewServer(request.image, request.service, place, first_role(live), live.password)
    return start_empty_server(request.engine, request.scratch, server)


def _found(pair: Pair, request: TrialRequest, before: Series, after: Series) -> Iterator[Misfit]:
    with connect(pair.old) as connection:
        names = sorted(databases_of(connection))
    with connect(pair.new) as connection:
        available = {name for (name,) in rows_of(connection, AVAILABLE)}
    lacking = tuple(line for name in names for line in _lacking(pair, name, available))
    if lacking:
        yield _without_extensions(lacking)
    if before == after:
        yield from changed_collations(pair.old, pair.new, names)
        return
    yield from _unknown_locales(pair, names)
    yield from lost_on_conversion(pair.old, pair.new, request.service)


def _lacking(pair: Pair, database: str, available: set[str]) -> Iterator[str]:
    with connect(replace(pair.old, database=database)) as connection:
        for (name,) in rows_of(connection, EXTENSIONS):
            if name not in available:
                yield _("extension {name} in database {database}", name=name, database=database)


def _unknown_locales(pair: Pair, names: Sequence[str]) -> Iterator[Misfit]:
    """Creates each database on the new server, empty and for a moment."""
    for name in names:
        try:
            with created_alike(replace(pair.old, database=name), pair.new):
                pass
        except Refused as refusal:
            yield Misfit(
                _("The new database server cannot create the database {name}.", name=name),
                (refusal.happened, *refusal.details),
                _("Ask the vendor for an image with the same locales."),
                prevents=True,
            )


def _without_extensions(lacking: tuple[str, ...]) -> Misfit:
    return Misfit(
        _("The new database image lacks extensions that the database uses."),
        lacking,
        _("Ask the vendor for an image with these extensions, or drop those that nothing uses."),
        prevents=True,
    )


def _without_place(before: str, after: str) -> Misfit:
    return Misfit(
        _("The files of the new database server have no place."),
        (
            _("Now: {old}; in the release: {new}", old=before, new=after),
            _("The image does not say by PGDATA where it keeps them."),
        ),
        _("Ask the vendor to set PGDATA for the database service, inside of a volume."),
        prevents=True,
    )


def _older(before: str, after: str) -> Misfit:
    return Misfit(
        _("The release brings an older database server, which cannot read the data."),
        (_("Now: {old}; in the release: {new}", old=before, new=after),),
        _("Ask the vendor for a package with the same server or a newer one."),
        prevents=True,
    )
