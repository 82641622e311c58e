"""An empty database where migrations had been applied."""

from pathlib import Path

import pytest

from installer.bundle.manifest.manifest_file import dump_manifest
from installer.bundle.sql.migrations import Migration
from installer.database.records.known_migrations import known_migrations
from installer.database.values.address import DatabaseAddress
from installer.errors import Refused
from installer.mariadb.backup.backup import back_up, list_backups
from installer.mariadb.migration.history import create_history, record_applied
from installer.mariadb.server.server import connect
from installer.screen.console import Console
from installer.site.paths import backups_folder
from installer.site.release_record import ReleaseRecord, record_release
from installer.system.clock import utc_now
from tests.bundle.builders import a_manifest
from tests.mariadb.schemas import execute

USERS = "20260101000000_users"


def test_the_migrations_of_an_installed_release_are_known_and_of_no_other(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_bytes(dump_manifest(a_manifest()))
    assert known_migrations(tmp_path, "db") == ()
    record_release(tmp_path, ReleaseRecord("vault", "2.1.2", "vault", "2026-11-22", "run", None, None))
    assert known_migrations(tmp_path, "db") == ("20250101000000_init",)


@pytest.mark.engine
@pytest.mark.database
def test_no_backup_is_made_of_an_empty_database_that_had_migrations(
    database: DatabaseAddress, tmp_path: Path
) -> None:
    with connect(database) as connection:
        create_history(connection)
        record_applied(connection, Migration(USERS, b"CREATE TABLE users (id INT PRIMARY KEY)"))
    folder = backups_folder(tmp_path)
    back_up(database, folder, now=utc_now(), console=Console())
    execute(database, "DROP TABLE _prisma_migrations")
    known = known_migrations(tmp_path, "db")
    with pytest.raises(Refused) as refused:
        back_up(database, folder, reason="manual", now=utc_now(), console=Console(), known_migrations=known)
    assert refused.value.happened == "The database has no tables, but 1 migration was applied to it."
    assert refused.value.details == (USERS,)
    assert len(list_backups(folder)) == 1
    execute(database, "CREATE TABLE users (id INT PRIMARY KEY)")
    back_up(database, folder, reason="manual", now=utc_now(), console=Console(), known_migrations=known)
