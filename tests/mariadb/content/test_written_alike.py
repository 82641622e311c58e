"""What MySQL writes differently after a dump and its restore counts as the same."""

import pytest

from installer.mariadb.content.written_alike import written_alike


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        (
            "table",
            "`a` varchar(9) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci",
            "`a` varchar(9) COLLATE utf8mb4_unicode_ci",
        ),
        ("trigger", "CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW SET NEW.a = ';' ; ", None),
        ("procedure", "CREATE PROCEDURE p() BEGIN SELECT 1; END", "CREATE PROCEDURE p() BEGIN SELECT 1; END"),
        ("table", "`a` varchar(9) CHARACTER SET latin1", "`a` varchar(9) CHARACTER SET latin1"),
    ],
)
def test_only_what_a_restore_changes_is_removed(kind: str, before: str, after: str | None) -> None:
    assert written_alike(kind, before) == (after or before.removesuffix(" ; "))
