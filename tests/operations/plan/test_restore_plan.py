"""The plan of a restore outlives a crash, and a directory that is renamed meanwhile."""

import json
from datetime import datetime, timezone
from pathlib import Path

from installer.operations.plan.restore_plan import (
    RestorePlan,
    dump_restore_plan,
    parse_restore_plan,
    relative_to,
)

PLAN = RestorePlan(
    started_at=datetime(2026, 11, 22, 1, 2, 3, tzinfo=timezone.utc),
    backup="backups/backup_manual_20261121_000000.sql.gz",
    sha256="0" * 64,
    is_unproven=False,
    is_encrypted=True,
    database="customer_vault",
    create_database="CREATE DATABASE `customer_vault`",
    running_services=("app", "web"),
    healthy_services=("app",),
    safety_backup="backups/backup_before_restore_20261122_010203.sql.gz",
    server_settings={"event_scheduler": "ON", "max_allowed_packet": 1 << 24},
)


def test_a_plan_is_read_as_it_was_written() -> None:
    assert parse_restore_plan(dump_restore_plan(PLAN)) == PLAN


def test_keys_of_a_later_version_are_ignored() -> None:
    fields = {**json.loads(dump_restore_plan(PLAN)), "hurry": True}
    assert parse_restore_plan(json.dumps(fields).encode()) == PLAN


def test_backups_are_found_where_the_directory_is_now(tmp_path: Path) -> None:
    before, now = tmp_path / "before", tmp_path / "now"
    inside, outside = (
        relative_to(before / "backups/b.sql.gz", before),
        relative_to(tmp_path / "b.sql", before),
    )
    moved = RestorePlan(**{**vars(PLAN), "backup": inside})
    assert moved.backup_path(now) == now / "backups/b.sql.gz"
    assert RestorePlan(**{**vars(PLAN), "backup": outside}).backup_path(now) == tmp_path / "b.sql"


def test_a_safety_backup_counts_only_with_its_record_which_is_written_last(tmp_path: Path) -> None:
    path = PLAN.safety_path(tmp_path)
    assert path is not None and not PLAN.has_safety_backup(tmp_path)
    path.parent.mkdir()
    path.touch()
    assert not PLAN.has_safety_backup(tmp_path)
    path.with_name("backup_before_restore_20261122_010203.json").touch()
    assert PLAN.has_safety_backup(tmp_path)
