"""Checks what must hold before the first migration is applied to a MariaDB server."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from installer.bundle.layout import shown
from installer.bundle.sql.migrations import Migration
from installer.database.records.migration_refusals import refuse_blocked
from installer.database.records.migration_status import MigrationStatus
from installer.errors import Refused
from installer.mariadb.server.queries import value_of
from installer.mariadb.server.replication import refuse_replication
from installer.text import _

if TYPE_CHECKING:
    from installer.mariadb.server.queries import Server


def refuse_unless_deployable(
    connection: "Server", status: MigrationStatus, pending: Sequence[Migration]
) -> None:
    """Raises `Refused` for the first obstacle to applying `pending`; changes nothing."""
    refuse_replication(connection)
    refuse_blocked(status, pending)
    _refuse_too_large(connection, pending)


def _refuse_too_large(connection: "Server", pending: Sequence[Migration]) -> None:
    limit_bytes = int(value_of(connection, "SELECT @@max_allowed_packet"))
    large = [m for m in pending if len(m.text.encode()) + 1 >= limit_bytes]
    if large:
        raise Refused(
            _("Some scripts exceed the server's limit for one command (max_allowed_packet)."),
            details=[f"{shown(m.name)}: {len(m.script or b'')} > {limit_bytes}" for m in large],
            hint=_("Increase max_allowed_packet in the server's configuration and restart the server."),
        )
