"""Fills an empty place with a server that has all content of a running one of another major version."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

from installer.database.door.server_conversion import ConversionRequest
from installer.database.dumps.dump_reader import CHUNK_BYTES
from installer.database.values.address import DatabaseAddress
from installer.database.values.picture import Picture
from installer.errors import AirlockError, Failed
from installer.postgresql.backup.backup_obstacles import estimated_bytes
from installer.postgresql.backup.new_tools import with_new_tools
from installer.postgresql.content.database_statements import database_statements
from installer.postgresql.content.frozen_view import ReadView, frozen_view
from installer.postgresql.content.take_picture import take_picture
from installer.postgresql.conversion.all_roles import alter_first_role, create_roles, first_role
from installer.postgresql.conversion.converted_content import conversion_differences
from installer.postgresql.conversion.empty_server import (
    EmptyPlace,
    NewServer,
    start_empty_server,
    stop_cleanly,
)
from installer.postgresql.restore.dump_parts import cut_roles_off
from installer.postgresql.restore.replace_content import replace_content
from installer.postgresql.server.location import locate_database
from installer.postgresql.server.programs import dumping, roles_of
from installer.postgresql.server.queries import databases_of, server_version
from installer.postgresql.server.series import Series, series_of_version
from installer.postgresql.server.server import connect
from installer.screen.console import Advance
from installer.text import _

SHORT_FLOATS = (12,)  # the first version that prints floating-point numbers as later ones do


def convert_server(request: ConversionRequest) -> None:
    """Dumps every database of the running server with the new image's tools, loads and compares it.

    The old server and its files are not changed. What is in the place is complete only if this returns; the
    server there is stopped then. Raises `Failed`.
    """
    live = locate_database(request.live.service, request.live.container)
    old = with_new_tools(request.engine, request.scratch, request.image, live)
    new = start_empty_server(request.engine, request.scratch, _new_server(request, live))
    roles, _nothing_more = cut_roles_off([roles_of(old)])  # without commands of psql
    create_roles(new, roles)
    names = _databases(old)
    with request.console.progress(_words(request), _bytes_of(old, names)) as advance:
        for name in names:
            _convert_database(_in(old, name), _in(new, name), advance)
    alter_first_role(new, roles)
    stop_cleanly(request.engine, new)


def _new_server(request: ConversionRequest, live: DatabaseAddress) -> NewServer:
    place = EmptyPlace(request.mount, request.inside)
    return NewServer(request.image, request.service, place, first_role(live), live.password)


def _words(request: ConversionRequest) -> str:
    return _("Converting the database of {service}", service=request.service.name)


def _databases(old: DatabaseAddress) -> Sequence[str]:
    with connect(old) as connection:
        return sorted(databases_of(connection))


def _bytes_of(old: DatabaseAddress, names: Sequence[str]) -> int:
    total_bytes = 0
    for name in names:
        with connect(_in(old, name)) as connection:
            total_bytes += estimated_bytes(connection)
    return total_bytes


def _in(address: DatabaseAddress, database: str) -> DatabaseAddress:
    """Returns another database of the same server; names of objects are written alike on both servers."""
    return replace(address, database=database, schema="public")


def _convert_database(old: DatabaseAddress, new: DatabaseAddress, advance: Advance) -> None:
    same_texts = _series(old) >= SHORT_FLOATS
    with frozen_view(old) as view, ThreadPoolExecutor(1) as beside:
        seen = beside.submit(take_picture, view)

        def compare(now: Picture) -> Sequence[str]:
            return conversion_differences(seen.result(), now, same_texts=same_texts)

        try:
            replace_content(new, database_statements(old), _sql_of(old, view, advance), compare)
        except AirlockError as failure:
            raise Failed(
                _("Database {name} could not be loaded into the new server.", name=old.database),
                details=(failure.happened, *failure.details),
            ) from failure


def _sql_of(old: DatabaseAddress, view: ReadView, advance: Advance) -> Iterator[bytes]:
    with dumping(old, view.snapshot) as dump:
        for chunk in iter(partial(dump.read, CHUNK_BYTES), b""):
            advance(len(chunk))
            yield chunk


def _series(address: DatabaseAddress) -> Series:
    with connect(address) as connection:
        return series_of_version(server_version(connection))
