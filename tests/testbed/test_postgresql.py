"""The stand-in images of PostgreSQL behave as the official ones."""

import json
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from installer.postgresql.server.queries import rows_of, value_of
from installer.postgresql.server.server import connect
from installer.system.secret import Secret
from testbed.images import RECIPES
from testbed.images.recipe import image_archive
from tests.testbed.postgresql import PostgreSQL, running_postgresql

pytestmark = [pytest.mark.engine, pytest.mark.database]
PROGRAMS = ("psql", "pg_dump", "pg_dumpall", "pg_restore", "pg_basebackup", "pg_verifybackup", "pg_isready")


def docker(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(("docker", *words), capture_output=True, text=True, check=False)


def test_the_image_has_the_programs_the_settings_and_the_signal_of_the_official_one(
    postgresql: PostgreSQL,
) -> None:
    [container] = json.loads(docker("inspect", postgresql.container_id).stdout)
    settings = dict(line.split("=", 1) for line in container["Config"]["Env"])
    major = settings["PG_MAJOR"]
    place = "/var/lib/postgresql/18/docker" if major == "18" else "/var/lib/postgresql/data"
    assert (settings["PGDATA"], container["Config"]["StopSignal"]) == (place, "SIGINT")
    told = [docker("exec", postgresql.container_id, name, "--version").stdout for name in PROGRAMS]
    assert [line.split("(PostgreSQL) ")[1].split(".")[0] for line in told] == [major] * len(PROGRAMS)


def test_the_locale_sorts_as_people_do_and_has_a_version(postgresql: PostgreSQL) -> None:
    with connect(postgresql.address()) as connection:
        rows = rows_of(connection, "SELECT w FROM (VALUES ('b'), ('B'), ('a')) AS t(w) ORDER BY w")
        version = value_of(connection, "SELECT datcollversion FROM pg_database WHERE datname = 'postgres'")
    assert [word for (word,) in rows] == ["a", "b", "B"]
    assert version.startswith("2.")


@pytest.mark.parametrize("password", ["plain", r"it's \"quoted\" \\ $(here) `there`", "암호"])
def test_the_first_start_takes_any_names_and_passwords_also_from_files(password: str, tmp_path: Path) -> None:
    tmp_path.chmod(0o755)  # the server reads it as its own user
    (tmp_path / "database").write_text("my-vault\n")
    files = ("--env", "POSTGRES_DB_FILE=/given/database", "--volume", f"{tmp_path}:/given")
    script = tmp_path / "init.sql"
    script.write_text("CREATE TABLE made (id int)")
    init = ("--volume", f"{script}:/docker-entrypoint-initdb.d/init.sql")
    options = ("--env", "POSTGRES_USER=Team-1", "--env", f"POSTGRES_PASSWORD={password}")
    with running_postgresql("postgres:15", *options, *files, *init) as server:
        address = replace(server.address("my-vault"), user="Team-1", password=Secret(password))
        with connect(address) as connection:
            assert rows_of(connection, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'") == [
                ("made",)
            ]


@pytest.mark.parametrize(
    ("image", "options", "words"),
    [
        ("postgres:15", (), "superuser password is not specified"),
        ("postgres:18", ("--tmpfs=/var/lib/postgresql/data",), "in 18+"),
    ],
)
def test_what_the_official_image_refuses_to_start_with(
    image: str, options: tuple[str, ...], words: str
) -> None:
    docker("load", "--quiet", "--input", str(image_archive(RECIPES[image])))
    done = docker("run", "--rm", *options, image)
    assert (done.returncode, words in done.stderr) == (1, True)
