"""What is shown of a script that takes long on a PostgreSQL server."""

import pytest

from installer.bundle.sql.migrations import Migration
from installer.database.values.address import DatabaseAddress
from installer.postgresql.migration.current_script import AtWork
from installer.postgresql.migration.failure import MigrationFailed
from installer.postgresql.migration.migrate import deploy
from installer.postgresql.server.queries import run_sql
from installer.postgresql.server.server import connect
from tests.mariadb.backups import Told

SCRIPT = Migration("20260101000000_large", b"CREATE TABLE t (i int)")


class Clock:
    """A clock that stands still until it is set."""

    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_a_script_is_shown_after_some_seconds_with_the_session_it_waits_for() -> None:
    clock, asked = Clock(), list[int]()

    def blockers(pid: int) -> tuple[str, ...]:
        asked.append(pid)
        return ("connection 7",) if clock.seconds > 60 else ()

    work = AtWork(blockers, clock)
    lines = []
    with work.at(SCRIPT, 42):
        for clock.seconds in (1.9, 2, 3, 65, 66):
            lines.append(work.line())
    assert lines == [
        "",
        "Migration `20260101000000_large`, running for 2 s",
        "Migration `20260101000000_large`, running for 3 s",
        "Migration `20260101000000_large` waits (1 min 5 s) for connection 7",
        "Migration `20260101000000_large` waits (1 min 6 s) for connection 7",
    ]
    assert (asked, work.line()) == ([42, 42], "")


@pytest.mark.engine
@pytest.mark.database
def test_who_holds_the_lock_is_told_while_the_script_waits(
    pg: DatabaseAddress, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("installer.screen.long_work.TOLD_SECONDS", (2.0,))
    told, script = Told(), Migration("20260101000000_wait", b"ALTER TABLE s.held ADD j int")
    with connect(pg) as holder:
        for sql in ("CREATE SCHEMA s", "CREATE TABLE s.held (i int)", "BEGIN", "LOCK TABLE s.held"):
            run_sql(holder, sql)
        with pytest.raises(MigrationFailed):
            deploy(pg, (script,), told.console, lock_wait_seconds=3.5)
        words = f"waits (2 s) for connection {holder.pid} of postgres from "
    assert words in " ".join(" ".join(told.lines).split())
