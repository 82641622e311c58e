"""Estimates the downtime of an import from the parts that a rehearsal measured."""

import math
from dataclasses import dataclass

from installer.operations.plan.import_plan import ImportPlan
from installer.system.files.files import size_of_tree
from installer.system.files.shared_blocks import shares_blocks
from installer.text import _

MOMENTS_BYTES = 256 * 1024**2
SECONDS_WORTH_TELLING = 120
MEASURABLE_BYTES = 64 * 1024**2  # a smaller copy mostly measures how fast a container starts


@dataclass(frozen=True)
class Downtime:
    """Holds the seconds of each part of an import; None for a part that is not known."""

    backup_seconds: float | None
    files_seconds: float | None
    start_seconds: float
    migrations_seconds: float

    @property
    def seconds(self) -> float:
        """Returns the known seconds, without the start of the services, which was not measured."""
        copying = (self.backup_seconds or 0) + (self.files_seconds or 0)
        return copying + self.start_seconds + self.migrations_seconds

    @property
    def is_known(self) -> bool:
        """Returns whether every part was measured."""
        return self.backup_seconds is not None and self.files_seconds is not None


def downtime_in_words(downtime: Downtime) -> str:
    """Returns one line for people; the values are approximate."""
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
    values = {"time": _about(downtime.seconds), "parts": ", ".join(parts)}
    if not downtime.is_known:
        return _("Outage: not known; at least {time} until the services start ({parts})", **values)
    return _("Outage: about {time} until the services start ({parts})", **values)


def _about(seconds: float) -> str:
    if seconds < SECONDS_WORTH_TELLING:
        return _("{count} s", count=math.ceil(seconds))
    return _("{count} min", count=math.ceil(seconds / 60))


def files_seconds(plan: ImportPlan, copied_bytes: int, copied_seconds: float) -> float | None:
    """Estimates the seconds to carry the data over, at the speed of a measured copy.

    Returns 0 for data that takes moments; None for more, if no copy was large enough to measure.
    """
    pairs = [(item.source, item.target) for item in plan.state if item.is_copied]
    pairs += [(snapshot.live, snapshot.holder) for snapshot in plan.copied_files]
    to_copy_bytes = sum(size_of_tree(source) for source, target in pairs if not shares_blocks(source, target))
    if copied_bytes >= MEASURABLE_BYTES:
        return to_copy_bytes / copied_bytes * copied_seconds
    return 0.0 if to_copy_bytes < MOMENTS_BYTES else None
