"""The plan of a restore outlives a crash, and a directory that is renamed meanwhile."""

import json
from dataclasses import asdict, replace
from datetime import datetime, timezone
from pathlib import Path

from installer.operations.plan.restore_plan import (
    PlannedRestore,
    RestorePlan,
    dump_restore_plan,
    parse_restore_plan,
    relative_to,
)

DATABASE = PlannedRestore(
    backup="backups/backup_manual_20261121_000000.sql.gz",
    sha256="0" * 64,
    is_unproven=False,
    is_encrypted=True,
    database="customer_vault",
    create_database="CREATE DATABASE `customer_vault`",
    safety_backup="backups/backup_before_restore_20261122_010203.sql.gz",
    server_settings={"event_scheduler": "ON", "max_allowed_packet": 1 << 24},
)
PLAN = RestorePlan(
    started_at=datetime(2026, 11, 22, 1, 2, 3, tzinfo=timezone.utc),
    running_services=("app", "web"),
    healthy_services=("app",),
    databases=(DATABASE,),
)
OF_TWO = replace(
    PLAN,
    databases=tuple(
        replace(
            DATABASE,
            service=service,
            backup=f"backups/backup_manual_20261121_000000_{service}.sql.gz",
            safety_backup=f"backups/backup_before_restore_20261122_010203_{service}.sql.gz",
            is_encrypted=False,
        )
        for service in ("users-db", "orders-db")
    ),
)


def of_one(**changes: object) -> RestorePlan:
    """The plan with changes to its only database."""
    return replace(PLAN, databases=(replace(DATABASE, **changes),))  # type: ignore[arg-type]


def test_a_plan_is_read_as_it_was_written() -> None:
    assert [parse_restore_plan(dump_restore_plan(plan)) for plan in (PLAN, OF_TWO)] == [PLAN, OF_TWO]


def test_keys_of_a_later_version_are_ignored() -> None:
    fields = {**json.loads(dump_restore_plan(PLAN)), "hurry": True}
    assert parse_restore_plan(json.dumps(fields).encode()) == PLAN


def test_a_restore_that_an_earlier_version_began_goes_on() -> None:
    """It had one database, whose keys stood beside the others."""
    fields = json.loads(dump_restore_plan(PLAN))
    del fields["databases"]
    assert parse_restore_plan(json.dumps({**fields, **asdict(DATABASE)}).encode()) == PLAN


def test_the_databases_of_a_restore_are_told_apart_only_if_there_are_several() -> None:
    labels = [[plan.label_of(one) for one in plan.databases] for plan in (of_one(service="users-db"), OF_TWO)]
    assert labels == [[""], ["users-db", "orders-db"]]


def test_backups_are_found_where_the_directory_is_now(tmp_path: Path) -> None:
    before, now = tmp_path / "before", tmp_path / "now"
    inside, outside = (
        relative_to(before / "backups/b.sql.gz", before),
        relative_to(tmp_path / "b.sql", before),
    )
    assert replace(DATABASE, backup=inside).backup_path(now) == now / "backups/b.sql.gz"
    assert replace(DATABASE, backup=outside).backup_path(now) == tmp_path / "b.sql"


def test_a_safety_backup_counts_only_with_its_record_which_is_written_last(tmp_path: Path) -> None:
    path = DATABASE.safety_path(tmp_path)
    assert path is not None and not DATABASE.has_safety_backup(tmp_path)
    path.parent.mkdir()
    path.touch()
    assert not DATABASE.has_safety_backup(tmp_path)
    path.with_name("backup_before_restore_20261122_010203.json").touch()
    assert DATABASE.has_safety_backup(tmp_path)
