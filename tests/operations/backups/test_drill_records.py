"""The file with the last drill of each backup outlives damage and later versions."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from installer.operations.backups.drill_records import Drill, last_drills, record_drill
from installer.operations.backups.listing import backup_documents, last_drill_lines
from installer.site.paths import drills_path
from tests.operations.backups.test_retention import made

DRILL = Drill("2026-11-22T01:02:03+00:00", "0.1.0", "b.sql.gz", "restored", 2.5, "10.11", ())


def test_each_backup_has_its_last_drill(tmp_path: Path) -> None:
    first, second = made(tmp_path, 1), replace(made(tmp_path, 2), sha256="1")
    for drill in (replace(DRILL, result="failed"), DRILL):
        record_drill(tmp_path, first, drill)
    failed = replace(DRILL, result="failed", seconds=None, problems=("why",))
    record_drill(tmp_path, second, failed)
    drills = last_drills(tmp_path)
    assert drills == {"0": DRILL, "1": failed}
    never = replace(first, sha256="2")
    assert last_drill_lines((first, second, never), drills) == (
        f"Last drill of {first.path.name}: 2026-11-22T01:02:03+00:00, restored exactly, 2.5 s",
        f"Last drill of {second.path.name}: 2026-11-22T01:02:03+00:00, failed",
    )
    assert [one["last_drill"] for one in backup_documents((second, never), drills)] == [
        {**vars(failed), "problems": ["why"]},
        None,
    ]


@pytest.mark.parametrize("content", ["", "[]", '{"drills": []}', '{"drills": {"0": 1}}', "\0"])
def test_a_damaged_file_is_no_drill_and_is_written_anew(tmp_path: Path, content: str) -> None:
    backup = made(tmp_path, 1)
    drills_path(tmp_path).parent.mkdir()
    drills_path(tmp_path).write_text(content)
    assert last_drills(tmp_path) == {}
    record_drill(tmp_path, backup, DRILL)
    assert last_drills(tmp_path) == {"0": DRILL}


def test_unknown_keys_are_passed_over_and_foreign_drills_kept(tmp_path: Path) -> None:
    record_drill(tmp_path, made(tmp_path, 1), DRILL)
    document = json.loads(drills_path(tmp_path).read_text())
    document["drills"]["0"]["later"] = document["later"] = 1
    document["drills"]["9"] = {"other": True}
    drills_path(tmp_path).write_text(json.dumps(document))
    assert last_drills(tmp_path) == {"0": DRILL}
    record_drill(tmp_path, replace(made(tmp_path, 2), sha256="1"), DRILL)
    assert set(json.loads(drills_path(tmp_path).read_text())["drills"]) == {"0", "1", "9"}
