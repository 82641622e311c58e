"""Estimates how long a backup takes, from the first seconds of a dump that is not kept."""

from installer.database.dumps.dump_sample import SAMPLE_SECONDS, dump_seconds
from installer.database.values.address import DatabaseAddress
from installer.mariadb.server.programs import dump_command, dumping, find_programs


def backup_seconds(
    copy: DatabaseAddress, data_bytes: int, sample_seconds: float = SAMPLE_SECONDS
) -> float | None:
    """Returns how long dumping `data_bytes` takes; None where the sample is too small for an estimate."""
    command = dump_command(copy, find_programs(copy.container_id))
    return dump_seconds(dumping(copy, command), data_bytes, sample_seconds)
