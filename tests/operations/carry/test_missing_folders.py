"""Folders that services mount and nothing brings."""

import os
from dataclasses import replace
from pathlib import Path

from installer.operations.carry.missing_folders import make_missing_folders
from installer.operations.preflight.files.host_paths import judge_host_paths
from installer.operations.preflight.findings.finding import failed
from installer.system.compose.compose import ComposeModel, Mount, Service

WEB = Service("web", "web:1", None, {}, (), (), (), False, "no")


def bind(source: Path, target: str) -> Mount:
    return Mount("bind", str(source), target, False)


def test_folders_of_the_release_are_made_as_docker_makes_them_and_files_are_not(tmp_path: Path) -> None:
    release = tmp_path / "release"
    release.mkdir()
    (release / "link").symlink_to(tmp_path / "unmounted")
    mounts = (
        bind(release / "data/mariadb", "/var/lib/mysql"),
        bind(release / "acme.json", "/acme.json"),
        bind(tmp_path / "elsewhere", "/srv"),
        bind(release / "link", "/link"),
    )
    before = os.umask(0o077)
    try:
        make_missing_folders(release, ComposeModel("p", {"web": replace(WEB, mounts=mounts)}, {}))
    finally:
        os.umask(before)
    assert sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")) == [
        "release", "release/data", "release/data/mariadb", "release/link",
    ]  # fmt: skip
    assert {(release / name).stat().st_mode & 0o777 for name in ("data", "data/mariadb")} == {0o755}


def test_missing_places_are_failures_with_the_command_that_makes_them() -> None:
    assert list(judge_host_paths([])) == []
    lacking = [
        bind(Path("/srv/a b"), "/x"),
        bind(Path("/r/acme.json"), "/acme.json"),
        bind(Path("/run/docker.sock"), "/var/run/docker.sock"),
    ]
    assert list(judge_host_paths(lacking)) == [
        failed(
            "Folders outside the release directory that services mount are missing.",
            ["/srv/a b"],
            hint="Mount or restore them; if they are new: sudo mkdir -p '/srv/a b'",
        ),
        failed(
            "Files that services mount are missing.",
            ["/r/acme.json"],
            hint="Put each file there; if the service fills it itself: touch /r/acme.json",
        ),
        failed(
            "Sockets that services mount are missing.",
            ["/run/docker.sock"],
            hint="Start the program that opens each of them.",
        ),
    ]
