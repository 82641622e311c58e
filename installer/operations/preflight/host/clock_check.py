"""Checks whether the clock is plausible: it names and orders backups and migrations."""

import re
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path

from installer.operations.preflight.findings.finding import Finding, ok, warning
from installer.operations.preflight.findings.surroundings import Surroundings
from installer.site.paths import backups_folder
from installer.text import _


def check_clock(around: Surroundings) -> Iterator[Finding]:
    """Compares the clock with the newest time that is known to be past."""
    plan, source = around.situation.plan, around.situation.manifest.source
    places = [plan.release, *([plan.previous.directory] if plan.previous else [])]
    past = [moment for place in places for moment in _backup_times(backups_folder(place))]
    if source.committed_at is not None:
        past.append(datetime.fromisoformat(source.committed_at.replace("Z", "+00:00")))
    yield judge_clock(around.now, max(past, default=None))


def judge_clock(now: datetime, newest: datetime | None) -> Finding:
    """Fails for a clock that is behind a past event. Both times have a time zone."""
    if newest is None or now >= newest:
        return ok(_("Clock: {now} UTC", now=f"{now:%Y-%m-%d %H:%M}"))
    return warning(
        _("The clock of this machine is behind."),
        [
            _("It says {now} UTC.", now=f"{now:%Y-%m-%d %H:%M:%S}"),
            _(
                "The release or the newest backup was made at {newest} UTC.",
                newest=f"{newest:%Y-%m-%d %H:%M:%S}",
            ),
        ],
        hint=_("Set the clock, for example: sudo date --set 'YYYY-MM-DD HH:MM'"),
    )


def _backup_times(folder: Path) -> Iterator[datetime]:
    for file in folder.glob("backup_*") if folder.is_dir() else ():
        stamp = re.search(r"_(\d{8}_\d{6})\.", file.name)
        if stamp:
            yield datetime.strptime(stamp[1], "%Y%m%d_%H%M%S").replace(tzinfo=timezone.utc)
