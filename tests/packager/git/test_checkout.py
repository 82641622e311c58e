"""A checkout of Windows gives the files that Git has: line ends, executable files, links."""

from pathlib import Path

import pytest

from installer.errors import UsageProblem
from packager.contents.make_manifest import REQUIREMENTS
from packager.contents.small_files import package_contents
from packager.git.checkout import read_checkout
from packager.git.git_source import NO_GIT
from packager.plan.export_plan import plan_export
from packager.project.project import find_project
from tests.packager.desks.checkouts import checkout_of_windows, commit
from tests.packager.projects import shop

MOUNTS = """\
services:
  web:
    image: busybox:1
    environment: {KEY: "${KEY:?set it}"}
    volumes: ["./proxy:/etc/proxy:ro"]
  db:
    image: mariadb:10.11
"""
FILES = {
    "docker-compose.yml": MOUNTS,
    ".env.example": "KEY=\n",
    ".gitattributes": "*.bat text eol=crlf\n*.raw -text\n",
    "proxy/start.sh": "#!/bin/sh\necho started\n",
    "proxy/old.txt": "a\r\nb\r\n",
    "proxy/run.bat": "echo\r\n",
    "proxy/logo.png": b"\x89PNG\r\n\x1a\n\0",
    "proxy/kept.raw": "a\n",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = shop(tmp_path / "here", **FILES)
    (folder / "proxy/start.sh").chmod(0o755)
    return commit(folder)


def packed(directory: Path) -> dict[str, tuple[bytes, int]]:
    project = find_project(directory)
    plan = plan_export(project, "2.1.2", NO_GIT, directory)
    contents = package_contents(plan, (), platform="linux/amd64", requirements=REQUIREMENTS, previous=None)
    return {file.path: (b"".join(file.chunks()), file.mode) for file in contents}


def test_a_checkout_of_windows_gives_the_same_files(project: Path, tmp_path: Path) -> None:
    clone = checkout_of_windows(project, tmp_path / "there/shop")
    assert (clone / "proxy/start.sh").read_bytes() == b"#!/bin/sh\r\necho started\r\n"
    assert packed(clone) == packed(project)


def test_an_edited_file_is_packed_with_the_line_ends_of_git(project: Path, tmp_path: Path) -> None:
    clone = checkout_of_windows(project, tmp_path / "there/shop")
    (clone / "proxy/start.sh").write_bytes(b"#!/bin/sh\r\necho more\n")
    assert packed(clone)["proxy/start.sh"] == (b"#!/bin/sh\necho more\n", 0o755)


def test_line_ends_stay_where_git_does_not_change_them(project: Path) -> None:
    (project / "proxy/start.sh").write_bytes(b"#!/bin/sh\r\n")
    assert packed(project)["proxy/start.sh"] == (b"#!/bin/sh\r\n", 0o755)


def test_a_script_that_git_does_not_track_is_executable_where_the_disk_cannot_tell(project, tmp_path) -> None:
    clone = checkout_of_windows(project, tmp_path / "there/shop")
    (clone / "proxy/new.sh").write_bytes(b"#!/bin/sh\n")
    (clone / "proxy/new.txt").write_bytes(b"text\n")
    files = packed(clone)
    assert (files["proxy/new.sh"][1], files["proxy/new.txt"][1]) == (0o755, 0o644)


def test_a_link_that_became_a_text_file_is_refused(project: Path, tmp_path: Path) -> None:
    (project / "proxy/link").symlink_to("start.sh")
    commit(project)
    clone = checkout_of_windows(project, tmp_path / "there/shop")
    with pytest.raises(UsageProblem) as refused:
        find_project(clone)
    assert refused.value.details == (
        "services.web ./proxy: proxy/link: is a symbolic link in Git, but here a file with the name of its "
        "target. Allow links, then check the file out again: git config core.symlinks true",
    )


def test_without_git_files_are_as_on_the_disk(tmp_path: Path) -> None:
    checkout = read_checkout(shop(tmp_path, **{"run.sh": "#!/bin/sh\r\n"}))
    assert checkout.content("run.sh", b"a\r\n") == b"a\r\n"
    assert not checkout.is_program("run.sh")
