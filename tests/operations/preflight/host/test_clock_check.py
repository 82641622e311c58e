from datetime import datetime, timezone

from installer.operations.preflight.findings.finding import ok, warning
from installer.operations.preflight.host.clock_check import judge_clock

NOW = datetime(2026, 5, 1, 12, 0, 30, tzinfo=timezone.utc)


def test_a_clock_after_all_that_has_happened_passes() -> None:
    assert judge_clock(NOW, None) == judge_clock(NOW, NOW) == ok("Clock: 2026-05-01 12:00 UTC")


def test_a_clock_behind_the_newest_backup_or_the_release_is_a_warning() -> None:
    assert judge_clock(NOW.replace(year=1970), NOW) == warning(
        "The clock of this machine is behind.",
        [
            "It says 1970-05-01 12:00:30 UTC.",
            "The release or the newest backup was made at 2026-05-01 12:00:30 UTC.",
        ],
        hint="Set the clock, for example: sudo date --set 'YYYY-MM-DD HH:MM'",
    )
