"""Data whose place only `.env.example` says is the site's data like any other."""

from pathlib import Path

import pytest

from packager.project.mounts import BindMount
from packager.project.project import Project, find_project
from tests.packager.projects import write

COMPOSE = """\
services:
  db: {{image: "mariadb:10.11", volumes: ["{}:/var/lib/mysql"]}}
"""


def project(folder: Path, source: str, example: str) -> Project:
    files = {"compose.yml": COMPOSE.format(source), ".env.example": example}
    return find_project(write(folder / "shop", files))


def test_a_folder_that_the_example_names_is_state(tmp_path: Path) -> None:
    found = project(tmp_path, "${BASE}/${NAME:-db}", "BASE=./data\n")
    assert (found.files.state, found.files.left_alone) == (("data/db",), ())
    assert found.compose.services[0].mounts == (
        BindMount("db", 2, "./data/db", "data/db", "/var/lib/mysql", False),
    )


def test_the_example_is_filled_in_like_the_settings_that_sites_make_of_it(tmp_path: Path) -> None:
    example = "BASE=./data # everything\nNAME=mine\nFILES=${BASE}/${NAME}\n"
    assert project(tmp_path, "${FILES}", example).files.state == ("data/mine",)


def test_of_an_included_file_it_begins_at_that_files_folder(tmp_path: Path) -> None:
    main, part = "include: [db/compose.yml]\n", COMPOSE.format("$FILES")
    files = {"compose.yml": main, "db/compose.yml": part, ".env.example": "FILES=./data\n"}
    assert find_project(write(tmp_path / "shop", files)).files.state == ("db/data",)


@pytest.mark.parametrize("value", ["", "/srv/db", "~/db", "../db", ".", "volume"])
def test_other_values_say_nothing_of_the_project(tmp_path: Path, value: str) -> None:
    found = project(tmp_path, "${FILES}", f"FILES={value}\n").files
    assert (found.state, found.left_alone) == ((), ("${FILES} (db)",))


def test_a_folder_to_be_read_is_shipped_where_the_project_has_it_and_else_left_alone(tmp_path: Path) -> None:
    read = COMPOSE.replace("/var/lib/mysql", "/conf:ro").format("${CONF}")
    files = {"compose.yml": read, ".env.example": "CONF=./conf\n"}
    assert find_project(write(tmp_path / "without", files)).files.left_alone == ("${CONF} (db)",)
    there = find_project(write(tmp_path / "with", {**files, "conf/my.cnf": "[mysqld]\n"})).files
    assert (there.shipped, there.left_alone) == ((".env.example", "conf/my.cnf"), ())


def test_without_an_example_nothing_is_known(tmp_path: Path) -> None:
    files = {"compose.yml": COMPOSE.format("${FILES}")}
    assert find_project(write(tmp_path / "shop", files)).files.left_alone == ("${FILES} (db)",)
