"""Detects a database that is empty although migrations were applied to it: its dump is no backup."""

from collections.abc import Sequence

from installer.bundle.layout import shown
from installer.errors import Refused
from installer.text import _, ngettext

TOLD = 3


def refuse_lost_tables(known: Sequence[str], *, is_empty: bool) -> None:
    """Raises `Refused` when the schema has no table although the migrations `known` were applied to it."""
    if known and is_empty:
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
