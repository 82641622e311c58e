import io
from dataclasses import replace
from pathlib import Path

from installer.operations.decisions.show_import_plan import show_plan
from installer.operations.import_.closing_words import closing_words
from installer.operations.plan.import_plan import PlannedDatabase, Situation
from installer.screen.console import Console
from installer.system.compose.compose import Mount
from tests.operations.decisions.test_shared_data import situation

FILES = Mount("volume", "files", "/files", False)


def test_the_plan_and_the_last_words_name_what_going_back_would_not_undo(tmp_path: Path) -> None:
    story = io.StringIO()
    console = Console(story=story)
    found = situation(tmp_path, "copy", FILES)
    show_plan(found, console)
    closing_words(found, console)
    lines = story.getvalue().splitlines()
    assert "  A rollback would not undo the new release's changes in: vault_files" in lines
    assert "A rollback does not undo changes in: vault_files" in lines


def test_the_plan_says_what_the_rehearsal_found_where_there_is_something_to_rehearse(tmp_path: Path) -> None:
    found = situation(tmp_path, "copy", FILES)
    found = replace(found, plan=replace(found.plan, rehearsal="2 migrations fit the data"))
    told = {pending: shown(found, {"db": pending}) for pending in ((), ("1_one", "2_two"))}
    assert told["1_one", "2_two"][-4:] == [
        "  Apply 2 migrations:",
        "    1_one",
        "    2_two",
        "  Rehearsal: 2 migrations fit the data",
    ]
    assert told[()][-1] == "  No migrations in the package"


def test_the_plan_says_of_which_of_several_databases_it_speaks(tmp_path: Path) -> None:
    told = shown(
        situation(tmp_path, "copy", FILES), {"db": ("1_one",), "users-db": (), "orders-db": ("1_x",)}
    )
    assert [line for line in told if "-db" in line or "db:" in line or "  1_" in line] == [
        "  db: Back up the database: backups/backup_before_migration_20261122_000000_db.sql.gz",
        "  users-db: Back up the database: backups/backup_before_migration_20261122_000000_users-db.sql.gz",
        "  orders-db: Back up the database: backups/backup_before_migration_20261122_000000_orders-db.sql.gz",
        "  db: Apply 1 migration:",
        "    1_one",
        "  orders-db: Apply 1 migration:",
        "    1_x",
    ]


def shown(found: Situation, pending: dict[str, tuple[str, ...]]) -> list[str]:
    story = io.StringIO()
    databases = tuple(PlannedDatabase(service, pending=names) for service, names in pending.items())
    show_plan(replace(found, plan=replace(found.plan, databases=databases)), Console(story=story))
    return story.getvalue().splitlines()[:-1]
