"""Records the state of a database at its stop by what is quick, where its kept files are backed up later."""

from datetime import datetime
from pathlib import Path

from installer.database.door.running_database import Database
from installer.database.records.backup_record import (
    Backup,
    is_named_by_airlock,
    read_backup,
    write_record,
)
from installer.database.records.differences import differences
from installer.database.values.picture import fingerprints
from installer.operations.proof.same_database import settled, without_events

REASON = "state_at_stop"


def record_state(database: Database, path: Path, now: datetime) -> None:
    """Writes definitions, next numbers, rights and history, in the form of the record of a dump at `path`."""
    with database.at_one_moment() as moment:
        picture, version = moment.picture("quick"), moment.server_version
    write_record(
        Backup(
            path=path,
            reason=REASON,
            made_at=now.isoformat(timespec="milliseconds"),
            database=database.name,
            create_database="",
            server_version=version,
            locked_tables=False,
            sha256="",
            size_bytes=0,
            sql_bytes=0,
            data_bytes=None,
            recipients=(),
            tables={},
            objects=fingerprints(picture.definitions),
            positions=picture.positions,
            grants=picture.grants,
            inexact_columns=(),
            migrations=picture.migrations,
        )
    )


def is_backup(proof: Path) -> bool:
    """Returns whether a database is compared with a backup, whose rows are known, and not with a state."""
    return is_named_by_airlock(proof)


def differences_from_state(path: Path, database: Database) -> tuple[str, ...]:
    """Compares a database with a recorded state, but for what a starting server changes by itself."""
    state = read_backup(path)
    with database.at_one_moment() as moment:
        picture, version = moment.picture("quick"), moment.server_version
    return differences(without_events(state), settled(picture), same_server=version == state.server_version)
