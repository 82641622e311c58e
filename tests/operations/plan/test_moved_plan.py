"""A plan whose directories bear other names by now."""

from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

from installer.operations.plan.import_plan import (
    CarriedState,
    ImportPlan,
    PlannedDatabase,
    Previous,
    Snapshot,
)
from installer.operations.plan.import_plan_file import load_plan, parse_plan
from installer.operations.plan.moved_plan import plan_in
from installer.site.directory_mark import DirectoryMark

BEFORE_MARKS = Path(__file__).parent / "plans" / "before_marks.json"
NEW, OLD = Path("/srv/customer_vault_2.1.2_package"), Path("/srv/customer-vault")


def the_plan(new: Path = NEW, old: Path = OLD) -> ImportPlan:
    """The plan in `BEFORE_MARKS` for these two directories."""
    return ImportPlan(
        started_at=datetime(2026, 11, 22, 2, 3, 4, tzinfo=timezone.utc),
        release=new,
        version="2.1.2",
        project="customer-vault",
        previous=Previous(
            directory=old,
            files=(f"{old}/docker-compose.yml", "override.yml", "/etc/vault/more.yml"),
            env_file=old / "prod.env",
            version="2.1.1",
            running_services=("db", "proxy"),
            healthy_services=("db",),
            images=(("vault:2.1.1", "sha256:aa"),),
        ),
        settings=(".env",),
        state_mode="copy",
        state=(
            CarriedState(old / "data", new / "data", databases=("db",), is_copied=True),
            CarriedState(Path("/mnt/uploads"), new / "uploads", databases=(), is_copied=True),
        ),
        created_paths=(new / "logs",),
        created_volumes=("vault_cache",),
        emptied_paths=(new / "tmp",),
        references_before=(("mariadb:10.11", "sha256:bb"),),
        databases=(
            PlannedDatabase("db", Snapshot(old / "mysql", old / ".mysql.airlock_20261122_020304", None)),
        ),
        rehearsal="2 migrations fit",
    )


def test_a_plan_written_before_directories_had_marks_is_read() -> None:
    assert parse_plan(BEFORE_MARKS.read_bytes()) == the_plan()


def test_an_old_plan_is_read_for_the_directory_in_which_it_was_found() -> None:
    elsewhere = Path("/opt/no such place/vault")
    assert load_plan(BEFORE_MARKS.read_bytes(), elsewhere) == the_plan(new=elsewhere)


def test_every_path_follows_its_directory_also_where_one_has_the_others_old_name() -> None:
    backup = Path("/srv/customer-vault.backup.2.1.1")
    assert plan_in(the_plan(), OLD, backup) == the_plan(new=OLD, old=backup)


def test_the_kept_files_follow_the_directory_that_keeps_them() -> None:
    kept = PlannedDatabase("db", kept_files=OLD / "data" / "mysql")
    moved = plan_in(replace(the_plan(), databases=(kept,)), NEW, Path("/srv/old"))
    assert moved.databases == (replace(kept, kept_files=Path("/srv/old/data/mysql")),)


def test_both_follow_a_parent_folder_that_was_renamed() -> None:
    assert plan_in(the_plan(), Path("/opt/v/new"), Path("/opt/v/old")) == the_plan(
        new=Path("/opt/v/new"), old=Path("/opt/v/old")
    )


def test_a_release_inside_the_directory_before_goes_its_own_way() -> None:
    inside = the_plan(new=OLD / "package")
    assert plan_in(inside, Path("/a/package"), Path("/b")) == the_plan(new=Path("/a/package"), old=Path("/b"))


def test_a_directory_before_that_lies_in_the_release_goes_its_own_way_too() -> None:
    inside = the_plan(old=NEW / "before")
    assert plan_in(inside, Path("/a"), Path("/b/before")) == the_plan(new=Path("/a"), old=Path("/b/before"))


def test_a_directory_upgraded_in_its_place_is_one_directory() -> None:
    in_place = the_plan(new=OLD, old=OLD)
    assert plan_in(in_place, Path("/srv/v"), Path("/srv/v")) == the_plan(
        new=Path("/srv/v"), old=Path("/srv/v")
    )


def test_a_first_release_has_nothing_before_it_and_keeps_its_mark_of_nothing() -> None:
    first = replace(the_plan(), previous=None, state=(), databases=())
    moved = replace(the_plan(new=OLD), previous=None, state=(), databases=())
    assert plan_in(first, OLD, None) == moved


def test_a_mark_stays_with_its_directory() -> None:
    previous = the_plan().previous
    assert previous is not None
    mark = DirectoryMark(7, (("docker-compose.yml", "ab"),))
    moved = plan_in(replace(the_plan(), previous=replace(previous, mark=mark)), NEW, Path("/x"))
    assert moved.previous is not None and (moved.previous.mark, moved.previous.directory) == (
        mark,
        Path("/x"),
    )
