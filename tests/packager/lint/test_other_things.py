"""What is called like a table: views, sequences, routines, and tables that are gone with the session."""

import pytest

from packager.lint.catalogue.findings import Finding
from tests.packager.lint.catalogue.test_findings import found


@pytest.mark.parametrize(
    "script",
    [
        "CREATE TEMPORARY TABLE tmp (a INT); DROP TEMPORARY TABLE tmp",
        "CREATE TEMPORARY TABLE tmp (a INT); DROP TEMPORARY TABLE IF EXISTS gone, tmp",
        "CREATE TEMPORARY TABLE tmp (a INT)",
        "CREATE TEMPORARY TABLE tmp (a INT); ALTER TABLE tmp ADD b INT",
        "CREATE TEMPORARY TABLE tmp (a INT); ALTER TABLE tmp DISCARD b EVERYTHING",
    ],
)
def test_a_temporary_table_leaves_its_name_to_the_next_migration(script: str) -> None:
    assert found("CREATE TABLE t (id INT)", script, "CREATE TABLE tmp (a INT)") == ()


def test_a_temporary_table_hides_another_one_until_its_script_ends() -> None:
    hidden = "CREATE TEMPORARY TABLE t (a INT)"
    assert found("CREATE TABLE t (id INT)", hidden, "ALTER TABLE t DROP gone") == (
        Finding("AL124", "t", "gone", now="1091"),
    )


def test_a_trigger_called_like_a_table_leaves_the_table_known() -> None:
    trigger = "CREATE TRIGGER users BEFORE INSERT ON users FOR EACH ROW SET NEW.id = 1"
    assert found("CREATE TABLE users (id INT)", trigger, "CREATE TABLE users (id INT)") == (
        Finding("AL123", "users", now="1050"),
    )
