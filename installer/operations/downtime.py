"""How long an import would keep people out, as far as a rehearsal has measured its parts."""

import time
from contextlib import suppress
from dataclasses import dataclass

from installer.operations.import_plan import ImportPlan
from installer.system.files import shares_blocks, size_of_tree
from installer.system.mariadb import DatabaseAddress
from installer.system.mariadb_programs import dump_command, dumping, find_programs
from installer.system.process import ToolFailed

SAMPLE_SECONDS = 3.0
CHUNK_BYTES = 1 << 20
MOMENTS_BYTES = 256 * 1024**2
TELLING_BYTES = 64 * 1024**2  # a smaller copy mostly measures how fast a container starts


@dataclass(frozen=True)
class Downtime:
    """Seconds of the parts of an import that were measured; `files_seconds` is None when files were not."""

    backup_seconds: float
    files_seconds: float | None
    start_seconds: float
    migrations_seconds: float

    @property
    def seconds(self) -> float:
        """All of it but the services, which nobody has started yet."""
        return self.backup_seconds + (self.files_seconds or 0) + self.start_seconds + self.migrations_seconds


def backup_seconds(copy: DatabaseAddress, data_bytes: int) -> float:
    """How long dumping so much takes, by the first seconds of a dump that nobody keeps."""
    command, read_bytes, began = dump_command(copy, find_programs(copy.container_id)), 0, time.monotonic()
    with suppress(ToolFailed), dumping(copy, command) as dump:  # ended before its time, it complains
        while chunk := dump.read(CHUNK_BYTES):
            read_bytes += len(chunk)
            if time.monotonic() - began > SAMPLE_SECONDS:
                break
        else:
            return time.monotonic() - began
    return (time.monotonic() - began) * max(1.0, data_bytes / read_bytes)


def files_seconds(plan: ImportPlan, copied_bytes: int, copied_seconds: float) -> float | None:
    """How long the data takes to its new place, at the speed of a copy that was measured.

    Nothing for what takes moments; None for more than that, where no copy was large enough to tell.
    """
    pairs = [(item.source, item.target) for item in plan.state if item.is_copied]
    if plan.snapshot is not None:
        pairs.append((plan.snapshot.live, plan.snapshot.holder))
    to_copy_bytes = sum(size_of_tree(source) for source, target in pairs if not shares_blocks(source, target))
    if copied_bytes >= TELLING_BYTES:
        return to_copy_bytes / copied_bytes * copied_seconds
    return 0.0 if to_copy_bytes < MOMENTS_BYTES else None
