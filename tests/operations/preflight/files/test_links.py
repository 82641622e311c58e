from pathlib import Path

import pytest

from installer.operations.preflight.files.links import (
    database_folders,
    judge_links,
    links_below,
    mounted_links,
)
from installer.operations.preflight.findings.finding import failed
from installer.system.compose.compose import ComposeModel, Mount, Service


def model(**mounts: tuple[Path, str]) -> ComposeModel:
    services = {
        name: Service(
            name, "x:1", None, {}, (Mount("bind", str(folder), target, False),), (), (), False, "no"
        )
        for name, (folder, target) in mounts.items()
    }
    return ComposeModel("vault", services, {})


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder in which `mariadb` is a link to another disk."""
    (tmp_path / "big").mkdir()
    (tmp_path / "data" / "uploads").mkdir(parents=True)
    (tmp_path / "data" / "mariadb").symlink_to(tmp_path / "big")
    return tmp_path / "data"


def test_a_mounted_link_inside_a_carried_folder_is_found(data: Path) -> None:
    release = model(admin=(data, "/d"), web=(data / "uploads", "/u"), db=(data / "mariadb", "/var/lib/mysql"))
    assert mounted_links(release, {data}) == (data / "mariadb",)


def test_a_link_that_is_carried_itself_is_fine(data: Path) -> None:
    release = model(db=(data / "mariadb", "/var/lib/mysql"))
    assert mounted_links(release, {data.parent / "big"}) == ()
    assert links_below(database_folders(release, "db")) == ()


def test_a_link_among_the_databases_own_files_is_found(data: Path) -> None:
    (data.parent / "big" / "vault").symlink_to("/mnt/elsewhere")
    folders = database_folders(model(db=(data / "mariadb", "/var/lib/mysql")), "db")
    assert links_below(folders) == (data / "mariadb" / "vault",)


def test_links_stand_against_an_import(data: Path) -> None:
    assert list(judge_links([data / "mariadb"])) == [
        failed(
            "The data to carry over contains links that lead out of it.",
            [f"{data}/mariadb → {data.parent}/big"],
            hint="Stop the application, replace each link with the data itself, then start the application.",
        )
    ]
    assert list(judge_links([])) == []
