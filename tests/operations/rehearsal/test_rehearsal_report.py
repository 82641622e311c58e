"""What a person reads of a rehearsal."""

import io

import pytest

from installer.database.door.running_database import CopiedDatabase
from installer.database.dumps.dump_sample import seconds_by_sample
from installer.database.values.address import DatabaseAddress
from installer.database.values.changed_objects import Changes, changed_objects
from installer.database.values.rehearsal_result import (
    Offender,
    Rehearsal,
    RehearsalFailure,
    RehearsedMigration,
    RehearsedStatement,
    SilentChange,
)
from installer.errors import Refused
from installer.mariadb.database import MariaDbDatabase
from installer.operations.rehearsal.downtime import Downtime, downtime_in_words
from installer.operations.rehearsal.refusal import refuse_failure
from installer.operations.rehearsal.rehearsal_report import rehearsal_document, show_rehearsal
from installer.operations.rehearsal.rehearse import Rehearsed
from installer.screen.console import Console
from installer.system.secret import Secret

ADDRESS = DatabaseAddress("c", "10.0.0.2", 3306, "root", Secret("s3cret"), "app")
ALTER = RehearsedStatement(1, 2, "ALTER TABLE `t`\n  ADD INDEX (`a`)", 0, 0.5, "COPY", "SHARED")
UPDATE = RehearsedStatement(2, 5, "UPDATE `t` SET `a` = " + "1 + " * 20 + "1", 1200, 2.25)
DIFF = (
    *("--- table t", "+++ table t", "@@ -1,2 +1,2 @@", "-  `a` int", "+  `a` bigint"),
    *("--- a comment", "+++ no heading", "--- /dev/null", "+++ view v", "@@ -0,0 +1 @@", "+CREATE VIEW v"),
    *("--- event e", "+++ /dev/null", "@@ -1 +0,0 @@", "-CREATE EVENT e"),
)
FAILURE = RehearsalFailure(
    "2_two", 2, 5, "UPDATE `t`\n  SET `a` = 1", 1264, "MariaDB error 1264: Out of range value",
    (
        Offender("t", 3, "SELECT * FROM `t` WHERE `a` > 9", "3 rows of `t` do not fit.", fits_today=True),
        Offender("u", 1, "SELECT * FROM `u`", "1 row of `u` does not fit.", fits_today=False),
    ),
    ("Nobody else knows.",),
)  # fmt: skip


def a_rehearsal(failure: RehearsalFailure | None = None, **more: tuple[str, ...]) -> Rehearsal:
    migrations = (RehearsedMigration("2_two", 2.75, (ALTER, UPDATE)),)
    return Rehearsal(migrations, failure, DIFF, **more)


def rehearsed(rehearsal: Rehearsal, downtime: Downtime | None = None) -> Rehearsed:
    return Rehearsed(CopiedDatabase(MariaDbDatabase(ADDRESS), 9, "", 1.5, 2.0), rehearsal, downtime)


def told(shown: Rehearsed, *, whole_diff: bool = False) -> list[str]:
    story = io.StringIO()
    show_rehearsal(shown, Console(results=io.StringIO(), story=story), whole_diff=whole_diff)
    return story.getvalue().splitlines()


def test_every_statement_is_a_line_and_the_schema_is_told_by_names() -> None:
    downtime = Downtime(backup_seconds=200, files_seconds=3.2, start_seconds=2, migrations_seconds=2.75)
    lines = told(rehearsed(a_rehearsal(drift=("table t: `x` is not there",)), downtime))
    assert [" ".join(line.split()) for line in lines[:2] + lines[3:5]] == [
        "Migration 2_two: 2.8 s",
        "Statement Rows Time How",
        "1 ALTER TABLE `t` ADD INDEX (`a`) 0 0.50 s rebuilds the table, blocks writes",
        "2 UPDATE `t` SET `a` = 1 + 1 + 1 + 1 + 1 + 1 + 1… 1200 2.25 s",
    ]
    assert lines[5:] == [
        "Changed: table t",
        "New: view v",
        "Removed: event e",
        "Warning: The schema differs from its applied migrations: it was changed by hand.",
        "  table t: `x` is not there",
        "Outage: about 4 min until the services start"
        " (backup 4 min, database 2 s, migrations 3 s, copying the data 4 s)",
    ]


def test_values_that_change_without_an_error_are_told_with_the_select() -> None:
    changes = (
        SilentChange("2_two", 1, 2, "t", "a", 3, "SELECT * FROM `t` WHERE x", "3 rows.", fits_today=True),
        SilentChange("2_two", 2, 5, "", "", None, "", "Not known.", fits_today=False),
    )
    lines = told(rehearsed(Rehearsal((), None, (), silent_changes=changes)))
    assert lines == [
        "Warning: 3 rows.",
        "  Migration 2_two, statement 1, line 2.",
        "  This query finds them:",
        "    SELECT * FROM `t` WHERE x",
        "Warning: Not known.",
        "  Migration 2_two, statement 2, line 5.",
    ]


def test_what_could_not_be_measured_is_said_to_be_unknown() -> None:
    downtime = Downtime(None, 0.0, start_seconds=2, migrations_seconds=2.75)
    assert downtime_in_words(downtime) == (
        "Outage: not known; at least 5 s until the services start"
        " (backup: not known, database 2 s, migrations 3 s)"
    )
    assert downtime_in_words(Downtime(1, None, 2, 3)).startswith("Outage: not known; at least 6 s until")


def test_a_sample_without_rows_tells_nothing_of_the_rest() -> None:
    assert [seconds_by_sample(read, 4 << 30) for read in (0, 780, 1 << 20)] == [None, None, None]
    assert seconds_by_sample(512 << 20, 4 << 30) == 24
    assert seconds_by_sample(8 << 20, 4 << 20) == 3, "of a database that is smaller than its dump"


def test_the_whole_difference_is_shown_where_it_is_wanted() -> None:
    assert told(rehearsed(a_rehearsal()), whole_diff=True)[-len(DIFF) :] == [f"  {line}" for line in DIFF]


def test_of_a_long_migration_only_what_matters_is_shown() -> None:
    quick = tuple(RehearsedStatement(n, n, f"SELECT {n}", 0, 0.01) for n in range(3, 40))
    long = Rehearsal((RehearsedMigration("2_two", 3, (ALTER, UPDATE, *quick)),), failure_at(30))
    assert [line.split()[0] for line in told(rehearsed(long))[3:]] == ["1", "2", "30"]


def failure_at(number: int) -> RehearsalFailure:
    return RehearsalFailure("2_two", number, 1, "SELECT", 1064, "no")


def test_a_failure_is_refused_with_the_rows_and_how_to_find_them() -> None:
    with pytest.raises(Refused) as refused:
        refuse_failure(a_rehearsal(FAILURE))
    assert str(refused.value).splitlines() == [
        "The rehearsal failed: migration `2_two`, statement 2. Nothing was changed.",
        "  MariaDB error 1264: Out of range value",
        "  line 5:",
        "    UPDATE `t`",
        "      SET `a` = 1",
        "  3 rows of `t` do not fit.",
        "  This query finds them:",
        "    SELECT * FROM `t` WHERE `a` > 9",
        "  1 row of `u` does not fit.",
        "  This query finds them after the statements before it have run:",
        "    SELECT * FROM `u`",
        "  Nobody else knows.",
        "Fix the data, or ask the vendor for a fixed package, then run the command again.",
    ]


def test_a_failure_of_which_the_server_said_nothing_has_no_number() -> None:
    with pytest.raises(Refused) as refused:
        refuse_failure(a_rehearsal(RehearsalFailure("2_two", 2, 5, "UPDATE `t`", 0, "The history is lost.")))
    assert refused.value.details == ("The history is lost.", "line 5:", "  UPDATE `t`")


def test_a_success_is_not_refused_and_a_failure_marks_its_statement() -> None:
    refuse_failure(a_rehearsal())
    lines = told(rehearsed(a_rehearsal(FAILURE)))
    assert (lines[4].split()[-1], lines[5:]) == ("fails", [])


def test_programs_get_numbers_and_no_secret() -> None:
    downtime = Downtime(1, None, 2, 3)
    document = rehearsal_document(rehearsed(a_rehearsal(FAILURE), downtime))
    assert document["copy"] == {"by": "files", "seconds": 1.5, "start_seconds": 2.0}
    assert document["downtime"] == {
        "backup_seconds": 1, "files_seconds": None, "start_seconds": 2, "migrations_seconds": 3
    }  # fmt: skip
    assert sorted(document) == [
        "copy", "downtime", "drift", "drift_unknown", "failure", "migrations", "schema_diff",
        "silent_changes",
    ]  # fmt: skip
    assert sorted(rehearsal_document(None)) == sorted(document)


def test_only_headings_are_taken_for_objects() -> None:
    assert changed_objects(DIFF) == Changes(("table t",), ("view v",), ("event e",))
