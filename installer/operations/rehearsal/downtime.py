"""How long an import would keep people out, as far as a rehearsal has measured its parts."""

import math
import os
import select
import time
from dataclasses import dataclass
from typing import IO

from installer.database.values.address import DatabaseAddress
from installer.mariadb.server.programs import dump_command, dumping, find_programs
from installer.operations.plan.import_plan import ImportPlan
from installer.system.files.files import shares_blocks, size_of_tree
from installer.text import _

SAMPLE_SECONDS = 3.0
CHUNK_BYTES = 1 << 20
MOMENTS_BYTES = 256 * 1024**2
SECONDS_WORTH_TELLING = 120
TELLING_BYTES = 64 * 1024**2  # a smaller copy mostly measures how fast a container starts
TELLING_DUMP_BYTES = 4 * 1024**2  # less may be the dump's head alone: the server sorts before the first row


@dataclass(frozen=True)
class Downtime:
    """Seconds of the parts of an import that were measured; None is a part of which nothing is known."""

    backup_seconds: float | None
    files_seconds: float | None
    start_seconds: float
    migrations_seconds: float

    @property
    def seconds(self) -> float:
        """All that is known of it, but for the services, which nobody has started yet."""
        copying = (self.backup_seconds or 0) + (self.files_seconds or 0)
        return copying + self.start_seconds + self.migrations_seconds

    @property
    def is_known(self) -> bool:
        """Whether every part was measured."""
        return self.backup_seconds is not None and self.files_seconds is not None


def backup_seconds(
    copy: DatabaseAddress, data_bytes: int, sample_seconds: float = SAMPLE_SECONDS
) -> float | None:
    """How long dumping so much takes, by the first seconds of a dump that nobody keeps.

    A dump that ends within the sample says it itself. None where too little came in that time to tell.
    """
    command, began = dump_command(copy, find_programs(copy.container_id)), time.monotonic()
    try:
        with dumping(copy, command) as dump:
            _read_for_a_while(dump, began + sample_seconds)
    except _Enough as sample:
        return seconds_by_sample(sample.read_bytes, data_bytes, sample_seconds)
    return time.monotonic() - began


def seconds_by_sample(
    read_bytes: int, data_bytes: int, sample_seconds: float = SAMPLE_SECONDS
) -> float | None:
    """How long all of the data takes, if so much of it was read within the sample."""
    if read_bytes < TELLING_DUMP_BYTES:
        return None
    return sample_seconds * max(1.0, data_bytes / read_bytes)


def downtime_in_words(downtime: Downtime) -> str:
    """One line for people; "about" is meant."""
    backup = downtime.backup_seconds
    parts = [
        _("backup: not known") if backup is None else _("backup {time}", time=_about(backup)),
        _("database {time}", time=_about(downtime.start_seconds)),
        _("migrations {time}", time=_about(downtime.migrations_seconds)),
    ]
    if downtime.files_seconds is None:
        parts.append(_("copying the data: not known"))
    elif downtime.files_seconds:
        parts.append(_("copying the data {time}", time=_about(downtime.files_seconds)))
    words = {"time": _about(downtime.seconds), "parts": ", ".join(parts)}
    if not downtime.is_known:
        return _("Downtime: not known; at least {time} until the services start ({parts})", **words)
    return _("Downtime: about {time} until the services start ({parts})", **words)


def _about(seconds: float) -> str:
    if seconds < SECONDS_WORTH_TELLING:
        return _("{count} s", count=math.ceil(seconds))
    return _("{count} min", count=math.ceil(seconds / 60))


class _Enough(Exception):
    """Ends the dump, which would go on otherwise; says how much of it there was."""

    def __init__(self, read_bytes: int) -> None:
        super().__init__(read_bytes)
        self.read_bytes = read_bytes


def _read_for_a_while(dump: IO[bytes], deadline: float) -> None:
    """Read to the end, or raise `_Enough` at the deadline, also while nothing comes."""
    read_bytes = 0
    while (left_seconds := deadline - time.monotonic()) > 0:
        if select.select([dump], [], [], left_seconds)[0]:
            chunk = os.read(dump.fileno(), CHUNK_BYTES)
            if not chunk:
                return
            read_bytes += len(chunk)
    raise _Enough(read_bytes)


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
