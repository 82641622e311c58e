"""Two servers on the same files destroy them, so a foreign one is found before anything starts."""

from dataclasses import replace
from pathlib import Path

from installer.operations.preflight.database.data_in_use import judge_users, users_of
from installer.operations.preflight.findings.finding import failed
from installer.system.compose.compose import Mount
from installer.system.docker.docker import Container
from tests.operations.preflight.containers import a_container

FOLDER = "/var/lib/postgresql/data"


def with_mount(name: str, *mounts: Mount) -> Container:
    return replace(a_container(None, name=name), mounts=mounts)


def test_a_server_that_writes_to_the_same_folder_or_volume_is_named(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(tmp_path)
    containers = [
        with_mount("by-link", Mount("bind", str(link), FOLDER, False)),
        with_mount("by-volume", Mount("volume", "pg", "/bitnami/mysql", False)),
        with_mount("reads", Mount("volume", "pg", FOLDER, True)),
        with_mount("copies", Mount("volume", "pg", "/backup", False)),
        with_mount("other", Mount("volume", "other", FOLDER, False)),
    ]
    assert users_of([str(tmp_path), "pg"], containers) == ["by-link", "by-volume"]


def test_it_stands_against_the_import() -> None:
    assert list(judge_users("users-db", ["old-db"])) == [
        failed(
            "users-db: The files of the database are used by another server, outside of this application.",
            ["container old-db"],
            hint="Stop it: docker stop old-db",
        )
    ]
    assert list(judge_users("", [])) == []
