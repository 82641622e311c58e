"""A column that others point to, by its new name."""

import pytest

from packager.lint.catalogue.findings import Finding
from packager.lint.history.tables import ForeignKey, Schema
from packager.lint.judge import judge_script
from tests.packager.lint.catalogue.test_findings import HISTORY, found


@pytest.mark.parametrize("rename", ["RENAME COLUMN id TO nr", "CHANGE id nr INTEGER NOT NULL AUTO_INCREMENT"])
def test_foreign_keys_point_to_a_column_by_its_new_name(rename: str) -> None:
    drop = "ALTER TABLE teams ADD id INT NULL; ALTER TABLE teams DROP id"
    assert Finding("AL120", "teams", "id", now="users_team_id_fkey") not in found(
        HISTORY, f"ALTER TABLE teams {rename}", drop
    )
    assert Finding("AL120", "teams", "nr", now="users_team_id_fkey") in found(
        HISTORY, f"ALTER TABLE teams {rename}", "ALTER TABLE teams DROP nr"
    )


def test_a_table_points_to_its_own_column_by_its_new_name() -> None:
    table = "CREATE TABLE t (id INT NOT NULL PRIMARY KEY, up INT NULL, FOREIGN KEY (up) REFERENCES t (id))"
    rename = "ALTER TABLE t RENAME COLUMN id TO nr"
    _judged, schema = judge_script(f"{table}; {rename}", Schema())
    assert schema.tables["t"].foreign_keys == (ForeignKey("t_ibfk_1", ("up",), "t", ("nr",)),)
