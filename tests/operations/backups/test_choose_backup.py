"""Which file a person means, and what it is."""

from pathlib import Path

import pytest

from installer.errors import Refused
from installer.operations.backups.choose_backup import choose_backup

OURS = "backup_manual_20261122_010203.sql.gz"


def test_a_dump_of_airlock_whose_record_is_lost_is_called_so_and_restored_only_unproven(
    tmp_path: Path,
) -> None:
    (tmp_path / OURS).touch()
    with pytest.raises(Refused) as refused:
        choose_backup(tmp_path, OURS, unproven=False)
    assert (refused.value.happened, refused.value.details, refused.value.hint) == (
        f"The record of the backup {OURS} is missing: backup_manual_20261122_010203.json.",
        ("Airlock writes the record last: the backup may be incomplete.",),
        f"To restore it without a comparison, run: ./airlock restore --unproven {OURS}",
    )
    assert choose_backup(tmp_path, OURS, unproven=True) == tmp_path / OURS


def test_a_dump_made_by_hand_needs_no_record(tmp_path: Path) -> None:
    (tmp_path / "backup.sql.gz").touch()
    assert choose_backup(tmp_path, "backup.sql.gz", unproven=False) == tmp_path / "backup.sql.gz"
