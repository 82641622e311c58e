"""Replaces the content of a database: loads it beside, compares it there, and only then puts it in place."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager

from installer.database.values.address import DatabaseAddress
from installer.database.values.picture import Picture
from installer.database.values.problems import ContentUntouched, InterruptedUntouched
from installer.errors import AirlockError, AnotherRunActive, Refused, Stuck
from installer.postgresql.content.take_picture import picture_of
from installer.postgresql.restore.database_beside import (
    IN_USE,
    drop,
    exists,
    maintenance,
    new_database,
    put_in_place,
)
from installer.postgresql.restore.dump_parts import cut_roles_off
from installer.postgresql.restore.missing_roles import missing_roles_created
from installer.postgresql.server.programs import loading
from installer.postgresql.server.queries import ServerError, run_sql
from installer.postgresql.server.server import connect
from installer.postgresql.server.sessions import migration_lock, others_in
from installer.system.process.signals import uninterrupted
from installer.text import _

Compare = Callable[[Picture], Sequence[str]]
# Of the database's own settings, those that would refuse the dump or write names in another way.
NEUTRAL = b"SET default_transaction_read_only = off;\nSET quote_all_identifiers = off;\n"


class LoadedContentDiffers(ContentUntouched):
    """Reports that the loaded content is not what it must be; the old content is untouched."""


def replace_content(
    address: DatabaseAddress,
    statements: str,
    sql: Iterable[bytes],
    compare: Compare,
    *,
    before_comparing: Callable[[], None] = lambda: None,
) -> DatabaseAddress | None:
    """Replaces the database by what `statements` and the dump `sql` create.

    `compare` returns what differs from what it shall be. Until everything is proven the old database is in
    use, and its name changes hands at one moment. Raises `LoadedContentDiffers` for any difference,
    `AnotherRunActive` while somebody migrates, `InterruptedUntouched` after Ctrl-C, and `ContentUntouched`
    for any other error but `Stuck`: the server was lost while the names changed hands. Returns the address
    of the old database where it could not be dropped afterwards.
    """
    with ExitStack() as undo:
        undo.enter_context(_telling_that_nothing_changed())
        roles, content = cut_roles_off(sql, address.database)
        undo.enter_context(missing_roles_created(maintenance(address), roles))
        new = undo.enter_context(new_database(address, statements))
        with _nobody_migrating(address):
            _load(new, content)
            before_comparing()
            _refuse_differences(compare(picture_of(new)))
        with uninterrupted():
            before = _put_in_place(address)
            undo.pop_all().close()
            return before if before is not None and not _is_dropped(before) else None


@contextmanager
def _telling_that_nothing_changed() -> Iterator[None]:
    try:
        yield
    except (ContentUntouched, AnotherRunActive, Stuck):
        raise
    except KeyboardInterrupt as interruption:
        raise InterruptedUntouched from interruption
    except AirlockError as failure:
        raise ContentUntouched(failure.happened, details=failure.details, hint=failure.hint) from failure


@contextmanager
def _nobody_migrating(address: DatabaseAddress) -> Iterator[None]:
    """Holds Prisma's migration lock of the old database while the new one is made, if there is an old one."""
    if not exists(address):
        yield
        return
    with connect(address) as connection, migration_lock(connection):
        yield


def _load(new: DatabaseAddress, content: Iterable[bytes]) -> None:
    with loading(new) as client:
        client.write(NEUTRAL)
        for chunk in content:
            client.write(chunk)
    with connect(new) as connection:
        run_sql(connection, "ANALYZE")


def _refuse_differences(differences: Sequence[str]) -> None:
    if differences:
        raise LoadedContentDiffers(
            _("The loaded database differs from what it must be; it was dropped again."),
            details=differences,
        )


def _put_in_place(address: DatabaseAddress) -> DatabaseAddress | None:
    try:
        return put_in_place(address)
    except ServerError as error:
        if error.code != IN_USE:
            raise
        with connect(address) as connection:
            sessions = others_in(connection)
        raise ContentUntouched(
            _("Sessions of {database} could not be ended; nothing was changed.", database=address.database),
            details=(*sessions, *error.details),
            hint=_("End them, or restart the database, then run the command again."),
        ) from error


def _is_dropped(before: DatabaseAddress) -> bool:
    try:
        drop(before)
    except Refused:
        return False
    return True
