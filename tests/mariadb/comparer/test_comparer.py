"""The comparer of databases names every single change in a restored copy, whatever is changed."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path

import pytest

from installer.database.records.differences import differences
from installer.database.values.address import DatabaseAddress
from installer.database.values.picture import Picture
from installer.mariadb.content.take_picture import picture_of
from installer.mariadb.restore.restore import restore_exactly
from tests.mariadb.backups import Told, backup_of
from tests.mariadb.comparer.change import Change
from tests.mariadb.comparer.changes import ACCOUNTS, CHANGES, PARENTS, UNSEEN
from tests.mariadb.schemas import execute
from tests.testbed.mariadb import MariaDB

pytestmark = [pytest.mark.engine, pytest.mark.database]


@dataclass(frozen=True)
class Compared:
    """What the comparer said of a copy: just restored from its backup, and after all changes."""

    restored: tuple[str, ...]
    changed: tuple[str, ...]
    picture: Picture


@pytest.fixture(scope="module")
def compared(mariadb: MariaDB, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Compared]:
    """Everything that the changes need, backed up and restored once; then all changes are made."""
    try:
        with mariadb.new_database() as address:
            run(address, PARENTS, *(change.before for change in CHANGES))
            backup = backup_of(address, tmp_path_factory.mktemp("backups"))
            restore_exactly(address, backup, Told().console)
            restored = differences(backup, picture_of(address), same_server=True)
            run(address, *(change.change for change in CHANGES))
            picture = picture_of(address)
            yield Compared(restored, differences(backup, picture, same_server=True), picture)
    finally:
        mariadb.execute(ACCOUNTS)


@pytest.mark.parametrize("change", UNSEEN, ids=lambda change: f"{change.kind}: {change.name}")
def test_what_the_comparer_does_not_see_is_known(
    database: DatabaseAddress, tmp_path: Path, change: Change
) -> None:
    run(database, change.before)
    backup = backup_of(database, tmp_path)
    assert backup.inexact_columns == (("u_float.f",) if change.name == "FLOAT" else ())
    run(database, change.change)
    assert differences(backup, picture_of(database), same_server=True) == ()


def run(address: DatabaseAddress, *scripts: str) -> None:
    for script in filter(None, scripts):
        execute(address, script.replace("*THIS*", address.database))


def test_an_unchanged_copy_has_no_difference(compared: Compared) -> None:
    assert compared.restored == ()


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: f"{change.kind}: {change.name}")
def test_a_change_is_named(compared: Compared, change: Change) -> None:
    assert set(change.lines) - set(compared.changed) == set()


def test_nothing_else_is_named(compared: Compared) -> None:
    assert Counter(compared.changed) == Counter(line for change in CHANGES for line in change.lines)


def test_everything_that_a_picture_covers_has_a_change(compared: Compared) -> None:
    covered = {field.name for field in fields(Picture)} - {"definitions"} | {*compared.picture.definitions}
    assert covered == {change.kind for change in CHANGES}


def test_every_property_of_the_database_has_a_change(compared: Compared) -> None:
    assert [f"different: database {name}" for name in compared.picture.definitions["database"]] == [
        line for change in CHANGES if change.kind == "database" for line in change.lines
    ]
