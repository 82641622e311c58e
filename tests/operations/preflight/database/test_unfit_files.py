"""The files of PostgreSQL open with their own major version alone."""

from pathlib import Path

import pytest

from installer.database.engines import engine_of
from installer.operations.preflight.database.unfit_files import judge_volume
from installer.operations.preflight.findings.finding import Finding, failed
from installer.system.docker.volumes import Volume


def judged(folder: Path, image: str) -> list[Finding]:
    return list(judge_volume("", Volume("shop_pg", "local", folder, {}, {}), image, engine_of(image)))


@pytest.mark.parametrize("place", [".", "data", "17/docker"])
def test_data_of_another_major_version_in_a_volume_is_refused(tmp_path: Path, place: str) -> None:
    (tmp_path / place).mkdir(parents=True, exist_ok=True)
    (tmp_path / place / "PG_VERSION").write_text("15\n")
    assert judged(tmp_path, "postgres:17") == [
        failed(
            "Volume shop_pg contains data of PostgreSQL 15, which the release's server cannot open.",
            ["In the release: postgres:17"],
            hint="Use another volume, or ask the vendor for a package with the same major version.",
        )
    ]


def test_the_same_version_an_unknown_one_and_an_empty_volume_are_fine(tmp_path: Path) -> None:
    assert judged(tmp_path, "postgres:17") == []
    (tmp_path / "PG_VERSION").write_text("15\n")
    assert judged(tmp_path, "postgres:15.3") == []
    assert judged(tmp_path, "postgres:latest") == []


def test_a_server_that_converts_old_files_is_not_judged_by_them(tmp_path: Path) -> None:
    (tmp_path / "mariadb_upgrade_info").write_text("10.6.18-MariaDB")
    assert judged(tmp_path, "mariadb:11.4") == []
