"""What the comparer says where a record knows less than a picture."""

from dataclasses import replace
from pathlib import Path

import pytest

from installer.database.records.differences import differences
from installer.database.values.picture import Picture
from tests.operations.backups.test_retention import made

NOW = Picture({"database": {"character set": "c", "comment": ""}}, {}, {}, None, {"'app'@'%'": ("GRANT",)})


@pytest.mark.parametrize(
    ("now", "lines"),
    [
        (NOW, ("not in the backup: rights of 'app'@'%'",)),
        (replace(NOW, grants=None), ()),
        (replace(NOW, grants={}, definitions={"database": {}}), ("missing: database character set",)),
    ],
)
def test_what_is_not_known_is_not_compared(tmp_path: Path, now: Picture, lines: tuple[str, ...]) -> None:
    """Older records have no comment of the database."""
    backup = replace(made(tmp_path, 0), objects={"database": {"character set": None}})
    assert differences(backup, now, same_server=True) == lines
    assert differences(replace(backup, grants=None), replace(now, definitions=NOW.definitions),
                       same_server=True) == ()  # fmt: skip
