"""Estimates how long a backup takes, from the first seconds of a dump that is not kept."""

from installer.database.dumps.dump_sample import SAMPLE_SECONDS, dump_seconds
from installer.database.values.address import DatabaseAddress
from installer.postgresql.content.frozen_view import frozen_view
from installer.postgresql.server.programs import dumping


def backup_seconds(
    copy: DatabaseAddress, data_bytes: int, sample_seconds: float = SAMPLE_SECONDS
) -> float | None:
    """Returns how long dumping `data_bytes` takes; None where the sample is too small for an estimate."""
    with frozen_view(copy) as view:
        return dump_seconds(dumping(copy, view.snapshot), data_bytes, sample_seconds)
