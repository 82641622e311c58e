"""The migrations of a release directory, as they are there."""

from io import StringIO
from pathlib import Path

import pytest

from installer.bundle.manifest.manifest_file import dump_manifest
from installer.errors import Refused
from installer.operations.release_directory import Site
from installer.screen.console import Console
from tests.bundle.builders import CONTENTS, SCRIPT, a_manifest

FOLDER = "prisma/migrations"
FIRST, SECOND = Path(SCRIPT).parent.name, "20260201000000_roles"


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A release whose package brought two migrations."""
    contents = {**CONTENTS, f"{FOLDER}/{SECOND}/migration.sql": b"SELECT 1"}
    (tmp_path / "manifest.json").write_bytes(dump_manifest(a_manifest(contents)))
    for name in (FIRST, SECOND):
        (tmp_path / FOLDER / name).mkdir(parents=True)
        (tmp_path / FOLDER / name / "migration.sql").write_bytes(b"SELECT 1")
    return Site(tmp_path, Console(story=StringIO()))


def test_all_that_the_package_brought_are_found(site: Site) -> None:
    assert [migration.name for migration in site.migrations(site.only_database())] == [FIRST, SECOND]


@pytest.mark.parametrize(("gone", "named"), [(f"{FOLDER}/{SECOND}", (SECOND,)), (FOLDER, (FIRST, SECOND))])
def test_fewer_are_never_taken_for_all(site: Site, gone: str, named: tuple[str, ...]) -> None:
    (site.release / gone).rename(site.release / "elsewhere")
    with pytest.raises(Refused) as refused:
        site.migrations(site.only_database())
    happened = f"Migrations of this release are missing in {site.release / FOLDER}."
    assert (refused.value.happened, refused.value.details) == (happened, named)
