"""Detects a database that is empty although migrations were applied to it: its dump is no backup."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from installer.bundle.layout import shown
from installer.errors import Refused
from installer.mariadb.migration.history import has_history, has_other_tables
from installer.text import _, ngettext

if TYPE_CHECKING:
    from installer.mariadb.server.queries import Server

TOLD = 3


def refuse_lost_tables(connection: "Server", known: Sequence[str]) -> None:
    """Raises `Refused` when the schema has no table although the migrations `known` were applied to it."""
    if known and not has_history(connection) and not has_other_tables(connection):
        raise Refused(
            ngettext(
                "The database has no tables, but {count} migration was applied to it.",
                "The database has no tables, but {count} migrations were applied to it.",
                len(known),
            ),
            details=[shown(name) for name in known[-TOLD:]],
            hint=_(
                "The data files are probably elsewhere: find them before any program writes to this"
                ' database. See "Tidy up and rename" in DEPLOYMENT_GUIDE.md.'
            ),
        )
