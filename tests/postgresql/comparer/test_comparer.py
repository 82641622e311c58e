"""Everything that a picture covers is changed once, and the comparer names each change and nothing else."""

import io
from collections import Counter
from datetime import datetime, timezone
from pathlib import Path

import pytest

from installer.database.records.differences import differences
from installer.database.values.address import DatabaseAddress
from installer.postgresql.backup.backup import back_up
from installer.postgresql.content.take_picture import picture_of
from installer.postgresql.server.queries import run_script
from installer.postgresql.server.server import connect
from installer.screen.console import Console
from tests.postgresql.comparer.changes import CHANGES

ROLES = ("*owner*", "*role*", "*plain*", "*keeper*")
pytestmark = [pytest.mark.engine, pytest.mark.database]


def test_every_change_is_named_and_nothing_else(pg: DatabaseAddress, tmp_path: Path) -> None:
    names = {word: f"{pg.database}_{word.strip('*')}" for word in ROLES}
    names["*this*"] = pg.database
    try:
        with connect(pg) as connection:
            for change in CHANGES:
                run_script(connection, said(change.before, names))
            backup = back_up(
                pg,
                tmp_path / "backups",
                reason="test",
                now=datetime(2026, 1, 1, tzinfo=timezone.utc),
                console=Console(story=io.StringIO()),
            )
            for change in CHANGES:
                run_script(connection, said(change.change, names))
        found = differences(backup, picture_of(pg), same_server=True)
        assert Counter(found) == Counter(said(line, names) for change in CHANGES for line in change.lines)
    finally:
        forget(pg, names)


def test_a_picture_taken_twice_is_the_same(pg: DatabaseAddress) -> None:
    with connect(pg) as connection:
        run_script(
            connection,
            "CREATE TABLE t (a text, b float8); INSERT INTO t VALUES ('한글😀', 0.1), (NULL, 'NaN')",
        )
    assert picture_of(pg) == picture_of(pg)


def said(text: str, names: dict[str, str]) -> str:
    for word, name in names.items():
        text = text.replace(word, name)
    return text


def forget(pg: DatabaseAddress, names: dict[str, str]) -> None:
    """Roles belong to the server, and would be in the pictures of other tests."""
    with connect(pg) as connection:
        for word in ROLES:
            run_script(connection, f"DROP OWNED BY {names[word]}; DROP ROLE {names[word]}")
