"""The stand-in image of MySQL behaves as the official one."""

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from installer.mariadb.server.queries import rows_of, value_of
from installer.mariadb.server.server import connect
from installer.system.secret import Secret
from testbed.images import RECIPES
from testbed.images.recipe import image_archive
from tests.testbed.mysql import IMAGE, running_mysql

pytestmark = [pytest.mark.engine, pytest.mark.database]
PLUGINS = "SELECT DISTINCT plugin FROM mysql.user"


def docker(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(("docker", *words), capture_output=True, text=True, check=False)


@pytest.mark.parametrize("password", [r"it's \"quoted\" \\ $(here) `there`", "암호"])
def test_the_first_start_takes_any_names_and_passwords_also_from_files(password: str, tmp_path: Path) -> None:
    tmp_path.chmod(0o755)  # the server reads it as its own user
    (tmp_path / "password").write_text(f"{password}\n")
    (tmp_path / "init.sql").write_text("CREATE TABLE made (id INT)")
    options = (
        *("--env", "MYSQL_DATABASE=my_vault", "--env", "MYSQL_USER=o'brien"),
        *("--env", "MYSQL_PASSWORD_FILE=/given/password", "--volume", f"{tmp_path}:/given"),
        *("--volume", f"{tmp_path}/init.sql:/docker-entrypoint-initdb.d/init.sql"),
    )
    with running_mysql(*options) as server:
        address = replace(server.address("my_vault"), user="o'brien", password=Secret(password))
        with connect(address) as connection:
            assert rows_of(connection, "SHOW TABLES") == [("made",)]
            assert value_of(connection, "SELECT CURRENT_USER()") == "o'brien@%"
        with connect(server.address(), schema=False) as connection:
            assert rows_of(connection, PLUGINS) == [("caching_sha2_password",)]
        assert docker("exec", server.container_id, "mysqladmin", "ping").returncode == 0


def test_it_does_not_start_without_a_password() -> None:
    docker("load", "--quiet", "--input", str(image_archive(RECIPES[IMAGE])))
    done = docker("run", "--rm", IMAGE)
    assert (done.returncode, "password option is not specified" in done.stderr) == (1, True)
