"""A column that becomes NOT NULL is let go only where a statement before has surely left no NULL."""

import pytest

from installer.bundle.sql.migrations import Migration
from packager.lint.judge import judge_migrations

TABLES = "CREATE TABLE teams (id INT); CREATE TABLE users (id INT, team INT, nick VARCHAR(60), tag TEXT);"


def codes_after(repair: str) -> set[str]:
    """MF104: there may be NULLs. AL147: none are left."""
    script = f"{repair}; ALTER TABLE users MODIFY nick VARCHAR(60) NOT NULL"
    judged = judge_migrations([Migration("1", TABLES.encode()), Migration("2", script.encode())])[-1]
    met = {finding.code for statement in judged.statements for finding in statement.findings}
    return met & {"MF104", "AL147"}


@pytest.mark.parametrize(
    "repair",
    [
        "UPDATE users SET nick = 'x' WHERE nick IS NULL",
        "UPDATE users u SET u.nick = 'x' WHERE (u.nick IS NULL)",
        "UPDATE users AS `u` SET tag = team, `u`.`nick` = 'x', team = 1 WHERE nick IS NULL",
        "UPDATE users SET nick = CURRENT_TIMESTAMP(3) WHERE nick IS NULL",
        "DELETE FROM users WHERE nick IS NULL",
    ],
)
def test_what_reaches_every_row_is_a_repair(repair: str) -> None:
    assert codes_after(repair) == {"AL147"}


@pytest.mark.parametrize(
    "repair",
    [
        "UPDATE users u JOIN teams t ON t.id = u.team SET u.nick = 'x' WHERE u.nick IS NULL",
        "UPDATE users, teams SET nick = 'x' WHERE nick IS NULL",
        "UPDATE IGNORE users SET nick = 'x' WHERE nick IS NULL",
        "UPDATE users SET nick = 'x' WHERE id IN (SELECT id FROM teams WHERE nick IS NULL)",
        "UPDATE users SET tag = IF(nick = 'x', 'y', 'z') WHERE nick IS NULL",
        "UPDATE users SET nick = 'x' + tag WHERE nick IS NULL",
        "DELETE FROM users USING users JOIN teams WHERE nick IS NULL",
        "DELETE IGNORE FROM users WHERE nick IS NULL",
        "DELETE FROM users WHERE id IN (SELECT id FROM teams WHERE nick IS NULL)",
    ],
)
def test_what_may_leave_rows_as_they_are_is_none(repair: str) -> None:
    assert codes_after(repair) == {"MF104"}
