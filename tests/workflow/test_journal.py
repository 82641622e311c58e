import json
import os
from pathlib import Path

import pytest

from installer.workflow.journal import EVENTS, FACTS, Journal, begin_run, runs_in


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return begin_run(tmp_path / "runs", "20261122-020304-import", b"{}")


def names_of(journal: Journal) -> list[tuple[str, str]]:
    """What was recorded after the run began."""
    first, *events = journal.events()
    assert (first.what, first.name) == ("begun", "import")
    return [(event.what, event.name) for event in events]


def test_the_plan_is_on_disk_before_anything_is_done(journal: Journal) -> None:
    assert journal.plan() == b"{}"
    assert names_of(journal) == []


def test_events_are_read_back_in_order(journal: Journal) -> None:
    journal.started("load")
    journal.finished("load")
    journal.ended("done")
    assert names_of(journal) == [("started", "load"), ("finished", "load"), ("ended", "done")]


def test_a_step_is_begun_until_it_is_undone(journal: Journal) -> None:
    journal.started("stop")
    journal.started("copy")
    journal.undone("copy")
    assert journal.begun() == frozenset({"stop"})


def test_a_run_that_was_cut_off_has_no_end(journal: Journal) -> None:
    journal.started("stop")
    assert journal.end() is None


def test_the_last_end_counts(journal: Journal) -> None:
    journal.ended("stuck")
    journal.ended("restored")
    assert journal.end() == "restored"


def test_a_run_that_is_reopened_has_not_ended_until_it_ends_again(journal: Journal) -> None:
    journal.ended("done")
    journal.reopened("rollback")
    assert journal.end() is None
    journal.ended("restored")
    assert journal.end() == "restored"


@pytest.mark.parametrize("kept_bytes", range(1, 60))
def test_a_line_cut_off_by_a_power_cut_is_as_if_never_written(journal: Journal, kept_bytes: int) -> None:
    journal.started("stop")
    path = journal.folder / EVENTS
    whole = path.stat().st_size
    journal.started("copy")
    os.truncate(path, min(whole + kept_bytes, path.stat().st_size - 1))
    journal.undone("stop")
    assert names_of(journal) == [("started", "stop"), ("undone", "stop")]


@pytest.mark.parametrize(
    "line",
    [
        b'{"at": "2030", "what": "started", "name": "copy", "node": "second", "format": 9}',
        b'{"at": "2030", "what": "measured", "name": "copy"}',
        b"\0\0\0\0\0\0\0\0",
        b'{"at": "2030", "what": "star\0\0\0\0',
        b"[1, 2]",
        b'{"what": "started"}',
        b"\xff\xfe",
    ],
    ids=["unknown keys", "unknown kind", "zeros", "torn", "no object", "keys missing", "no text"],
)
def test_lines_of_later_versions_and_torn_ones_do_not_hide_the_others(journal: Journal, line: bytes) -> None:
    journal.started("stop")
    with (journal.folder / EVENTS).open("ab") as file:
        file.write(line + b"\n")
    journal.finished("stop")
    assert {("started", "stop"), ("finished", "stop")} <= set(names_of(journal))
    assert journal.begun() - {"copy"} == {"stop"}
    assert journal.end() is None


def test_a_run_names_its_verb_its_format_and_what_is_known_of_it(tmp_path: Path) -> None:
    facts = {"by": "minji", "with sudo from": "kim"}
    journal = begin_run(tmp_path / "a" / "runs", "1-restore", b"{}", verb="restore", facts=facts)
    assert (journal.verb, journal.facts()) == ("restore", facts)
    assert json.loads((journal.folder / EVENTS).read_bytes().splitlines()[0])["format"] == 2


def test_a_journal_without_a_format_is_of_an_import(journal: Journal) -> None:
    event = b'{"at": "2026-11-22T02:03:04+00:00", "what": "started", "name": "stop"}\n'
    (journal.folder / EVENTS).write_bytes(event)
    (journal.folder / FACTS).unlink()
    assert (journal.verb, journal.facts(), journal.begun()) == ("import", {}, {"stop"})


def test_runs_are_listed_newest_first_and_foreign_folders_left_alone(tmp_path: Path) -> None:
    older = begin_run(tmp_path, "20261122-020304-import", b"{}")
    newer = begin_run(tmp_path, "20261123-020304-import", b"{}")
    (tmp_path / "lost+found").mkdir()
    assert list(runs_in(tmp_path)) == [newer, older]


def test_no_runs_folder_means_no_runs(tmp_path: Path) -> None:
    assert list(runs_in(tmp_path / "none")) == []


def test_only_the_owner_can_read_a_run(journal: Journal) -> None:
    journal.started("stop")
    modes = [path.stat().st_mode & 0o777 for path in (journal.folder, journal.folder / EVENTS)]
    assert modes == [0o700, 0o600]


def test_a_step_has_finished_until_it_is_undone(journal: Journal) -> None:
    journal.started("record")
    assert not journal.has_finished("record")
    journal.finished("record")
    assert journal.has_finished("record")
    journal.undone("record")
    assert not journal.has_finished("record")


def test_a_step_that_is_carried_out_again_has_not_finished_before_it_does(journal: Journal) -> None:
    journal.started("record")
    journal.finished("record")
    journal.started("record")
    assert not journal.has_finished("record")
    journal.undone("record")
    journal.started("record")
    assert not journal.has_finished("record")
    journal.finished("record")
    assert journal.has_finished("record")
