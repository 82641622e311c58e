"""The directory of the release before, found again under another name."""

import shutil
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

import pytest

from installer.bundle.manifest.manifest import Application
from installer.bundle.manifest.manifest_file import dump_manifest
from installer.errors import Refused
from installer.operations.plan.import_plan import ImportPlan, Previous
from installer.operations.plan.previous_place import find_previous, place_of_previous
from installer.site.directory_mark import mark_of
from tests.bundle.builders import a_manifest

COMPOSE = "docker-compose.yml"


def directory(path: Path, version: str | None, text: str = "services: {}") -> Path:
    """A release directory; without a version, one that was made by hand."""
    path.mkdir(parents=True)
    (path / COMPOSE).write_text(f"# {version}\n{text}")
    if version:
        manifest = a_manifest(application=Application("vault", "Vault", version, "vault"))
        (path / "manifest.json").write_bytes(dump_manifest(manifest))
    return path


def a_plan(release: Path, old: Path, *, version: str | None = "2.1.1", marked: bool = True) -> ImportPlan:
    """As an import from `old` to `release` writes it, or wrote it before directories had marks."""
    mark = mark_of(old, (str(old / COMPOSE),)) if marked else None
    previous = Previous(old, (str(old / COMPOSE),), None, version, (), (), (), mark=mark)
    return ImportPlan(
        datetime(2026, 11, 22, tzinfo=timezone.utc), release, "2.1.2", "vault", previous, (), "copy", (), (),
        (), (), (), None, None,
    )  # fmt: skip


@pytest.fixture
def old(tmp_path: Path) -> Path:
    return directory(tmp_path / "srv" / "vault", "2.1.1")


@pytest.fixture
def new(tmp_path: Path) -> Path:
    return directory(tmp_path / "srv" / "package", "2.1.2")


@pytest.mark.parametrize("marked", [True, False])
def test_the_release_took_its_name_and_it_got_another(old: Path, new: Path, marked: bool) -> None:
    plan = a_plan(new, old, marked=marked)
    backup, release = old.rename(old.with_name("vault.backup")), new.rename(old)
    assert find_previous(plan, release, None) == backup


@pytest.mark.parametrize("marked", [True, False])
def test_the_folder_of_both_was_renamed(old: Path, new: Path, marked: bool) -> None:
    plan = a_plan(new, old, marked=marked)
    parent = old.parent.rename(old.parent.with_name("opt"))
    assert find_previous(plan, parent / "package", None) == parent / "vault"


def test_where_nothing_was_renamed_it_is_where_it_was_also_when_it_was_edited(old: Path, new: Path) -> None:
    plan = a_plan(new, old)
    shutil.copytree(old, old.with_name("a copy"))
    (old / COMPOSE).write_text("services: {}")
    assert find_previous(plan, new, None) == old


def test_a_copy_of_it_serves_when_it_is_gone_unless_there_are_several(old: Path, new: Path) -> None:
    plan = a_plan(new, old)
    copy, another = (Path(shutil.copytree(old, old.with_name(name))) for name in ("copy", "another"))
    shutil.rmtree(old)
    assert place_of_previous(plan, new) is None
    shutil.rmtree(another)
    assert place_of_previous(plan, new) == copy


def test_another_directory_under_its_name_is_not_it(old: Path, new: Path) -> None:
    plan = a_plan(new, old)
    shutil.rmtree(old)
    directory(old, "2.0.0")
    with pytest.raises(Refused) as refused:
        find_previous(plan, new, None)
    assert refused.value.args == ("The old release's directory was not found.",)
    assert refused.value.details == (
        f"Expected: 2.1.1, formerly in {old}",
        "with: docker-compose.yml",
        f"Searched in: {old.parent}",
    )
    assert refused.value.hint == "If you know where it is, run: ./airlock rollback --to DIRECTORY"


def test_of_one_made_by_hand_an_old_plan_knows_only_the_place_so_a_person_names_it(
    tmp_path: Path, new: Path
) -> None:
    by_hand = directory(tmp_path / "srv" / "by hand", None)
    plan = a_plan(new, by_hand, version=None, marked=False)
    assert find_previous(plan, new, None) == by_hand
    renamed = by_hand.rename(tmp_path / "renamed")
    directory(tmp_path / "srv" / "unrelated", None)
    assert place_of_previous(plan, new) is None
    assert find_previous(plan, new, renamed) == renamed


def test_the_release_itself_is_not_the_one_before_also_where_both_have_one_version(tmp_path: Path) -> None:
    old, new = directory(tmp_path / "live", "2.1.2"), directory(tmp_path / "package", "2.1.2")
    plan = a_plan(new, old, version="2.1.2", marked=False)
    backup = old.rename(tmp_path / "backup")
    assert place_of_previous(plan, new.rename(old)) == backup


def test_a_directory_that_a_person_names_must_be_the_release_before(old: Path, new: Path) -> None:
    plan = a_plan(new, old)
    with pytest.raises(Refused, match="is not the old release's directory"):
        find_previous(plan, new, directory(old.with_name("2.0.0"), "2.0.0"))


def test_a_first_release_has_none(new: Path, old: Path) -> None:
    assert find_previous(replace(a_plan(new, old), previous=None), new, None) is None


def test_a_directory_upgraded_in_its_place_is_the_one_before_too(new: Path) -> None:
    plan = a_plan(new, new)
    renamed = new.rename(new.with_name("renamed"))
    assert find_previous(plan, renamed, None) == renamed
