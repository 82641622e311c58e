"""One run: build a database, back it up, let a migration fail, restore, compare all that can be compared."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from installer.bundle.sql.migrations import Migration
from installer.database.values.address import DatabaseAddress
from installer.database.values.picture import Picture
from installer.postgresql.backup.backup import back_up
from installer.postgresql.content.take_picture import picture_of
from installer.postgresql.migration.failure import MigrationFailed
from installer.postgresql.migration.migrate import deploy
from installer.postgresql.restore.restore import restore_exactly
from tests.mariadb.backups import NOW, Told
from tests.randomised.dice import Dice
from tests.randomised.journey import differing_lines
from tests.randomised.postgresql.databases import major_of, random_database, standing
from tests.randomised.postgresql.evidence import Evidence, evidence
from tests.randomised.postgresql.migrations import failing_migrations
from tests.testbed.postgresql import PostgreSQL

HISTORY = "_prisma_migrations"


def differences_after(seed: int, server: PostgreSQL, folder: Path) -> list[str]:
    """What is not as it was after the failed migration of this seed is undone; nothing if all is well."""
    dice, told = Dice(seed), Told()
    database = random_database(dice, seed, major_of(server))
    migrations = failing_migrations(dice, database)
    with standing(server, database) as address:
        before, facts = picture_of(address), evidence(address)
        backup = back_up(address, folder, reason="test", now=NOW, console=told.console, reserve_bytes=0)
        failure = fail(address, migrations, told)
        after = picture_of(address)
        assert after != before
        claimed = (
            []
            if failure.took_effect or len(migrations) > 3
            else differing_lines(*map(scripts_own, (before, after)))
        )
        restore_exactly(address, backup, told.console)
        return [
            *claimed,
            *differing_lines(before, picture_of(address)),
            *differing_lines(facts, evidence(address)),
        ]


def fail(address: DatabaseAddress, migrations: Sequence[Migration], told: Told) -> MigrationFailed:
    """Deploy what must fail half-way."""
    try:
        deploy(address, migrations, told.console)
    except MigrationFailed as failure:
        return failure
    raise AssertionError("the migration did not fail")


def scripts_own(found: Picture) -> Picture:
    """What a script that took no effect has not changed: all but the history, and numbers that were given
    out."""
    tables = {name: content for name, content in found.tables.items() if name != HISTORY}
    return replace(found, tables=tables, positions={}, migrations=None)


def everything(address: DatabaseAddress) -> tuple[Picture, Evidence]:
    """What the product sees and what the tests see."""
    return picture_of(address), evidence(address)
