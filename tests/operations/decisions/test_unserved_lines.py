import io
from dataclasses import replace
from pathlib import Path

from installer.operations.decisions.show_import_plan import show_plan
from installer.operations.decisions.unserved_lines import other_shared_places, unserved_lines
from installer.operations.import_.closing_words import closing_words
from installer.operations.plan.import_plan import CarriedState, Situation
from installer.operations.preflight.database.data_without_backup import judge_data_without_backup
from installer.operations.preflight.findings.finding import warning
from installer.operations.steps.start_new_services import lines_of
from installer.screen.console import Console
from installer.system.compose.compose import Mount, Service
from installer.system.docker.data_stores import Unserved
from tests.operations.decisions.test_shared_data import OLD, situation

PLACE = "/var/lib/postgresql/data"
FILES = Mount("volume", "files", "/files", False)
IN_USE = (
    "Airlock does not back up `users-db` (PostgreSQL): both releases use its data in vault_pg,"
    " and a rollback does not undo changes to it."
)


def with_store(found: Situation, mount: Mount | None, **volumes: str) -> Situation:
    """`found` with a service users-db of PostgreSQL that keeps its data in `mount`."""
    store = Service("users-db", "postgres:16", None, {}, (mount,) if mount else (), (), (), False, "no")
    model = replace(
        found.model,
        services={**found.model.services, "users-db": store},
        volumes={**found.model.volumes, **volumes},
    )
    return replace(found, model=model)


def in_a_volume(release: Path, *mounts: Mount) -> Situation:
    volume = Mount("volume", "pg", PLACE, False)
    return with_store(situation(release, "copy", *mounts), volume, pg="vault_pg")


def test_data_in_a_volume_of_both_releases_is_neither_backed_up_nor_undone(tmp_path: Path) -> None:
    found = in_a_volume(tmp_path, FILES)
    assert tuple(unserved_lines(found)) == (IN_USE,)
    assert other_shared_places(found) == ("vault_files",)


def test_data_in_a_folder_that_is_copied_comes_back_by_its_old_files(tmp_path: Path) -> None:
    found = with_store(situation(tmp_path, "copy"), Mount("bind", f"{tmp_path}/data/pg", PLACE, False))
    assert tuple(unserved_lines(found)) == (
        "Airlock does not back up `users-db` (PostgreSQL):"
        " a rollback uses its old files in /srv/old/data/pg.",
    )


def test_data_in_a_folder_that_is_moved_is_not_undone(tmp_path: Path) -> None:
    found = with_store(situation(tmp_path, "move"), Mount("bind", f"{tmp_path}/pg", PLACE, False))
    moved = CarriedState(OLD.directory / "pg", tmp_path / "pg", databases=(), is_copied=False)
    found = replace(found, plan=replace(found.plan, state=(*found.plan.state, moved)))
    assert tuple(unserved_lines(found)) == (IN_USE.replace("vault_pg", "pg"),)
    assert other_shared_places(found) == ("uploads",)


def test_a_database_that_starts_empty_or_keeps_nothing_is_named_all_the_same(tmp_path: Path) -> None:
    line = "Airlock does not back up `users-db` (PostgreSQL)."
    new = with_store(situation(tmp_path, "copy"), Mount("volume", "new", PLACE, False))
    assert tuple(unserved_lines(new)) == (line,)
    assert tuple(unserved_lines(with_store(situation(tmp_path, "copy"), None))) == (line,)


def test_plan_preflight_and_last_words_name_it_each_place_once(tmp_path: Path) -> None:
    story = io.StringIO()
    console, found = Console(story=story), in_a_volume(tmp_path, FILES)
    show_plan(found, console)
    closing_words(found, console)
    told = [line.strip() for line in story.getvalue().splitlines()]
    lines = [line for line in told if "vault_" in line and "undo" in line]
    assert lines == [
        IN_USE,
        "A rollback would not undo the new release's changes in: vault_files",
        "A rollback does not undo changes in: vault_files",
        IN_USE,
    ]
    assert tuple(judge_data_without_backup(tuple(unserved_lines(found)))) == (
        warning(
            "Not all data is backed up.",
            [IN_USE],
            hint="Back up these services with their own tools before you go on.",
        ),
    )


def test_a_service_whose_files_are_those_of_sqlite_is_named_with_their_place(tmp_path: Path) -> None:
    found = replace(situation(tmp_path, "copy", FILES), file_stores=(Unserved("web", "SQLite"),))
    assert tuple(unserved_lines(found)) == (
        "Airlock does not back up `web` (SQLite): both releases use its data in vault_files,"
        " and a rollback does not undo changes to it.",
    )


def test_files_tell_nothing_new_of_databases_and_of_services_known_by_name_or_gone(tmp_path: Path) -> None:
    stores = tuple(Unserved(name, "SQLite") for name in ("db", "users-db", "gone"))
    found = replace(in_a_volume(tmp_path, FILES), file_stores=stores)
    assert tuple(unserved_lines(found)) == (IN_USE,)


def test_other_databases_on_the_same_server_are_named(tmp_path: Path) -> None:
    found = replace(situation(tmp_path, "copy"), other_databases={"db": ("billing", "wiki")})
    assert tuple(unserved_lines(found)) == (
        "Airlock does not back up the other databases on the server of `db`: billing, wiki; a rollback"
        " restores them only together with the server's files.",
    )


def test_a_release_without_such_a_service_is_not_warned_about() -> None:
    assert tuple(judge_data_without_backup(())) == ()


def test_after_going_back_only_what_the_new_release_changed_in_place_is_named(tmp_path: Path) -> None:
    assert tuple(lines_of(in_a_volume(tmp_path, FILES))) == (
        IN_USE,
        "Not undone, because both releases use them: vault_files",
    )
    assert tuple(lines_of(with_store(situation(tmp_path, "copy"), None))) == ()
