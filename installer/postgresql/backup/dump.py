"""Takes the dump and the picture of one moment while users write."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import IO

from installer.database.dumps.dump_reader import CHUNK_BYTES
from installer.database.dumps.dump_writer import Written
from installer.database.values.address import DatabaseAddress
from installer.database.values.picture import Picture
from installer.errors import Refused
from installer.postgresql.content.frozen_view import frozen_view
from installer.postgresql.content.take_picture import picture_of, take_picture
from installer.postgresql.server.programs import dumping, roles_of
from installer.text import _

Write = Callable[[Iterator[bytes]], Written]
ROLES = b"-- The roles of the server; a role that exists already is refused, which does no harm\n"


@dataclass(frozen=True)
class Taken:
    """Describes the file and its content; None marks a sequence that went on during the dump."""

    written: Written
    picture: Picture
    positions: Mapping[str, int | None]


def take(address: DatabaseAddress, write: Write) -> Taken:
    """Passes the SQL of the roles and of the database to `write`.

    Raises `Refused` when another session changed the schema meanwhile, `ToolFailed` when the dump failed.
    """
    roles = roles_of(address)
    with frozen_view(address) as view, ThreadPoolExecutor(1) as beside:
        seen = beside.submit(take_picture, view)
        with dumping(address, view.snapshot) as sql:
            written = write(_chunks(roles, sql))
        picture = seen.result()
    after = picture_of(address, "quick")
    _refuse_unfinished(written, picture, after)
    return Taken(written, picture, _unmoved(picture.positions, after.positions))


def _chunks(roles: bytes, sql: IO[bytes]) -> Iterator[bytes]:
    yield ROLES + roles
    while chunk := sql.read(CHUNK_BYTES):
        yield chunk


def _unmoved(before: Mapping[str, int], after: Mapping[str, int]) -> dict[str, int | None]:
    return {name: position if position == before.get(name) else None for name, position in after.items()}


def _refuse_unfinished(written: Written, before: Picture, after: Picture) -> None:
    if not written.is_complete:
        raise Refused(_("The dump is incomplete: its end is missing."))
    if after.definitions != before.definitions:
        raise Refused(
            _("Another session changed the schema during the backup."),
            hint=_("Stop the program that changes the schema, then run the command again."),
        )
