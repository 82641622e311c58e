"""Loads content into a database, and says what is there if that fails; finds obstacles before."""

from collections.abc import Iterator
from pathlib import Path

from installer.database.dumps.safety_backup import for_safety
from installer.database.values.address import DatabaseAddress
from installer.database.values.problems import ContentUntouched
from installer.errors import Refused
from installer.postgresql.backup.backup import refuse_to_back_up
from installer.postgresql.backup.backup_obstacles import IS_STANDBY, IS_SUPERUSER
from installer.postgresql.restore.database_beside import exists, maintenance
from installer.postgresql.restore.replace_content import LoadedContentDiffers, replace_content
from installer.postgresql.restore.restore_room import refuse_without_room
from installer.postgresql.restore.restored_content import Content
from installer.postgresql.server.queries import value_of
from installer.postgresql.server.server import connect
from installer.postgresql.server.sessions import others_in
from installer.screen.console import Advance, Console
from installer.text import _


def load_content(address: DatabaseAddress, wanted: Content, console: Console) -> None:
    """Replaces the content of the database at one moment, when the new one is loaded and compared.

    Raises `AnotherRunActive`, `InterruptedUntouched`, or `ContentUntouched`, which says that the old content
    is in its place.
    """
    _tell_of_others(address, console)
    try:
        with console.progress(_("Loading the backup"), wanted.sql_bytes) as advance:
            left = replace_content(
                address,
                wanted.create_database,
                _counted(wanted.read(), advance),
                wanted.differences,
                before_comparing=lambda: console.say(_("Comparing the result with the backup.")),
            )
    except ContentUntouched as failure:
        raise _not_restored(address, wanted, failure) from failure
    if left is not None:
        console.warn(
            _(
                "The old content could not be deleted. Delete it by hand: DROP DATABASE {database}",
                database=left.database,
            )
        )


def refuse_content_obstacles(address: DatabaseAddress, wanted: Content, safety_folder: Path | None) -> None:
    """Raises `Refused` for each known obstacle to loading `wanted`, and to a backup of the old content."""
    _refuse_unfit_server(address)
    refuse_without_room(address, wanted)
    if safety_folder is not None and exists(address):
        with for_safety(wanted.name):
            refuse_to_back_up(address, safety_folder)


def as_before(address: DatabaseAddress) -> str:
    """Returns the sentence that the old content is in use, as it was."""
    return _(
        "The content of {database} is as it was before: the new one was loaded beside it.",
        database=address.database,
    )


def _tell_of_others(address: DatabaseAddress, console: Console) -> None:
    if not exists(address):
        return
    with connect(address) as connection:
        for line in others_in(connection):
            console.warn(_("Another session uses the database, and will be ended: {line}", line=line))


def _counted(chunks: Iterator[bytes], advance: Advance) -> Iterator[bytes]:
    for chunk in chunks:
        advance(len(chunk))
        yield chunk


def _not_restored(address: DatabaseAddress, wanted: Content, failure: ContentUntouched) -> ContentUntouched:
    hint = failure.hint or _("Fix the problems above, then run: ./airlock restore {name}", name=wanted.name)
    if isinstance(failure, LoadedContentDiffers) and wanted.has_record:
        hint = _(
            "To load it without a comparison, run: ./airlock restore --unproven {name}", name=wanted.name
        )
    return ContentUntouched(
        _("{name} was not restored.", name=wanted.name),
        details=[failure.happened, *failure.details, as_before(address)],
        hint=hint,
    )


def _refuse_unfit_server(address: DatabaseAddress) -> None:
    with connect(maintenance(address)) as connection:
        if value_of(connection, IS_STANDBY):
            raise Refused(
                _("This PostgreSQL server is a standby: it only repeats what another server does."),
                hint=_("Restore into the server that it follows, or promote this one first."),
            )
        if not value_of(connection, IS_SUPERUSER):
            raise Refused(
                _("The database's user is no superuser, so it cannot restore owners and rights."),
                hint=_("Use the user that the image was created with: POSTGRES_USER."),
            )
