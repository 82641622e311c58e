"""Names that only Linux tells apart are found before anything is built."""

from pathlib import Path

import pytest

from installer.errors import UsageProblem
from packager.git.case_of_names import clashing
from packager.project.project import find_project
from tests.packager.desks.checkouts import commit
from tests.packager.desks.desk import DESKS, airlock
from tests.packager.projects import shop

COMPOSE = """\
services:
  web:
    image: busybox:1
    volumes: ["./proxy:/etc/proxy:ro"]
  db:
    image: mariadb:10.11
"""


def test_two_files_that_differ_only_in_case_are_refused(tmp_path: Path) -> None:
    more = {"docker-compose.yml": COMPOSE, "proxy/site.conf": "a", "proxy/Site.conf": "b", "proxy/other": "c"}
    with pytest.raises(UsageProblem) as refused:
        find_project(shop(tmp_path, **more))
    assert refused.value.details == (
        "proxy/Site.conf and proxy/site.conf differ only in case: macOS and Windows keep one of them. "
        "Rename one.",
    )


def test_names_that_differ_in_the_composition_of_letters_clash() -> None:
    assert list(clashing(["caf\u00e9", "cafe\u0301", "cafe", "CAFE"])) == [
        ("CAFE", "cafe"),
        ("cafe\u0301", "caf\u00e9"),
    ]


def test_a_compose_file_in_another_case_is_named(tmp_path: Path) -> None:
    project = shop(tmp_path)
    (project / "docker-compose.yml").rename(project / "Docker-Compose.yml")
    with pytest.raises(UsageProblem) as refused:
        find_project(project)
    assert refused.value.details[1] == "found in another case: Docker-Compose.yml"


@pytest.mark.parametrize("desk", DESKS)
def test_where_case_does_not_count_a_name_must_be_written_as_on_the_disk(tmp_path: Path, desk: str) -> None:
    project = shop(tmp_path)
    (project / "docker-compose.yml").rename(project / "Docker-Compose.yml")
    (project / "proxy").rename(project / "Proxy")
    done = airlock(desk, project, "export", "2.1.2", "--dry-run")
    assert (done.returncode, done.stderr.splitlines()[1:3]) == (
        2,
        [
            f"  {written}: its name on the disk is {name}, which Linux tells apart. "
            "Write it in the same case."
            for written, name in (
                ("docker-compose.yml", "Docker-Compose.yml"),
                ("proxy/nginx.conf", "Proxy/nginx.conf"),
            )
        ],
    ), done.stderr


def test_macos_gives_the_names_that_git_has(tmp_path: Path) -> None:
    decomposed, composed = "cafe\u0301.conf", "caf\u00e9.conf"
    project = shop(tmp_path, **{"docker-compose.yml": COMPOSE, f"proxy/{decomposed}": "a"})
    done = airlock("macos", project, "export", "2.1.2", "--dry-run")
    assert done.returncode == 0, done.stderr
    assert f"proxy/{composed}" in done.stdout


@pytest.mark.parametrize("desk", DESKS)
def test_a_file_that_the_disk_cannot_hold_beside_another_is_missed(tmp_path: Path, desk: str) -> None:
    more = {"docker-compose.yml": COMPOSE, "proxy/site.conf": "a", "proxy/Site.conf": "b"}
    project = commit(shop(tmp_path, **more))
    (project / "proxy/Site.conf").unlink()
    done = airlock(desk, project, "export", "2.1.2", "--dry-run")
    assert (done.returncode, done.stderr.splitlines()[1]) == (
        2,
        "  proxy/Site.conf and proxy/site.conf differ only in case: macOS and Windows keep one of them. "
        "Rename one.",
    ), done.stderr
