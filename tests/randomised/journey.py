"""One run: build a database, back it up, let a migration fail, restore, compare all that can be compared."""

import difflib
import pprint
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from installer.bundle.sql.migrations import Migration
from installer.database.values.address import DatabaseAddress
from installer.database.values.picture import Picture
from installer.mariadb.migration.failure import MigrationFailed
from installer.mariadb.migration.migrate import deploy
from installer.mariadb.restore.restore import restore_exactly
from tests.mariadb.backups import Told, backup_of
from tests.mariadb.schemas import picture
from tests.randomised.databases import random_database, standing
from tests.randomised.dice import Dice
from tests.randomised.evidence import evidence
from tests.randomised.migrations import failing_migrations
from tests.testbed.mariadb import MariaDB


def differences_after(seed: int, server: MariaDB, folder: Path) -> list[str]:
    """What is not as it was after the failed migration of this seed is undone; nothing if all is well."""
    dice, told = Dice(seed), Told()
    database = random_database(dice, seed)
    migrations = failing_migrations(dice, database)
    with standing(server, database) as address:
        before, facts = picture(address), evidence(address)
        backup = backup_of(address, folder, told)
        fail(address, migrations, told)
        assert picture(address) != before
        restore_exactly(address, backup, told.console)
        inexact = backup.inexact_columns
        return [
            *differing_lines(comparable(before, inexact), comparable(picture(address), inexact)),
            *differing_lines(facts, evidence(address)),
        ]


def fail(address: DatabaseAddress, migrations: Sequence[Migration], told: Told) -> None:
    """Deploy what must fail half-way."""
    try:
        deploy(address, migrations, told.console)
    except MigrationFailed:
        return
    raise AssertionError("the migration did not fail")


def comparable(found: Picture, inexact_columns: Sequence[str]) -> Picture:
    """Without the checksums of tables that the backup's record calls inexact, and the order of rights.

    The server shows those on routines as they lie in a hash.
    """
    inexact = {column.rpartition(".")[0] for column in inexact_columns}
    tables = {
        name: replace(content, checksum=None) if name in inexact else content
        for name, content in found.tables.items()
    }
    grants = {account: tuple(sorted(statements)) for account, statements in (found.grants or {}).items()}
    return replace(found, tables=tables, grants=grants)


def differing_lines(before: object, after: object) -> list[str]:
    """The lines that are in one only, with a sign before each."""
    texts = [pprint.pformat(found, width=200).splitlines() for found in (before, after)]
    return list(difflib.unified_diff(*texts, "before", "after", n=0, lineterm=""))
