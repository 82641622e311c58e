"""Content that cannot be backed up before it is replaced, and the command that replaces it all the same."""

import pytest

from installer.database.dumps.safety_backup import NoSafetyBackup, for_safety
from installer.errors import Refused

HAPPENED = "The safety backup of the current content failed; nothing was changed."


def test_the_way_without_a_backup_names_all_that_is_restored_together() -> None:
    with pytest.raises(NoSafetyBackup) as refused, for_safety("a.sql.gz b.sql.gz"), for_safety("a.sql.gz"):
        raise Refused("No room.", hint="Make room.")
    assert (refused.value.happened, refused.value.details, refused.value.hint) == (
        HAPPENED,
        ("No room.", "Make room."),
        "If the current content may be DELETED without a backup,"
        " run: ./airlock restore --no-safety-backup a.sql.gz b.sql.gz",
    )
