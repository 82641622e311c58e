"""Replaces the content of a database: loads it beside, compares it there, and only then puts it in place."""

from collections.abc import Callable, Iterable, Sequence

from installer.database.values.address import DatabaseAddress
from installer.database.values.picture import Picture
from installer.database.values.problems import ContentUntouched
from installer.errors import AirlockError
from installer.postgresql.content.take_picture import picture_of
from installer.postgresql.restore.database_beside import drop, maintenance, new_database, put_in_place
from installer.postgresql.restore.dump_parts import cut_roles_off
from installer.postgresql.restore.missing_roles import create_missing_roles
from installer.postgresql.server.programs import loading
from installer.postgresql.server.queries import run_sql
from installer.postgresql.server.server import connect
from installer.text import _

Compare = Callable[[Picture], Sequence[str]]


def replace_content(
    address: DatabaseAddress, statements: str, sql: Iterable[bytes], compare: Compare
) -> None:
    """Replaces the database by what `statements` and the dump `sql` create.

    `compare` returns what differs from what it shall be. Raises `ContentUntouched` for any difference and any
    error: until everything is proven the old database is in use, and its name changes hands at one moment.
    """
    try:
        with new_database(address, statements) as new:
            _load(address, new, sql)
            differences = tuple(compare(picture_of(new)))
            if differences:
                raise ContentUntouched(
                    _("The loaded database differs from what it must be; it was dropped again."),
                    details=differences,
                )
            before = put_in_place(address)
    except ContentUntouched:
        raise
    except AirlockError as failure:
        raise ContentUntouched(failure.happened, details=failure.details, hint=failure.hint) from failure
    if before is not None:
        drop(before)


def _load(address: DatabaseAddress, new: DatabaseAddress, sql: Iterable[bytes]) -> None:
    roles, rest = cut_roles_off(sql)
    with connect(maintenance(address)) as connection:
        create_missing_roles(connection, roles)
    with loading(new) as client:
        for chunk in rest:
            client.write(chunk)
    with connect(new) as connection:
        run_sql(connection, "ANALYZE")
