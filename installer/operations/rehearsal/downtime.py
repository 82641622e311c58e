"""How long an import would keep people out, as far as a rehearsal has measured its parts."""

import math
from dataclasses import dataclass

from installer.operations.plan.import_plan import ImportPlan
from installer.system.files.files import shares_blocks, size_of_tree
from installer.text import _

MOMENTS_BYTES = 256 * 1024**2
SECONDS_WORTH_TELLING = 120
TELLING_BYTES = 64 * 1024**2  # a smaller copy mostly measures how fast a container starts


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
