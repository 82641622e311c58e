from dataclasses import replace

import pytest

from installer.database.values.address import DatabaseAddress
from installer.mariadb.server.server import connect
from installer.system.secret import Secret
from tests.testbed.mariadb import MariaDB, running_mariadb

pytestmark = [pytest.mark.engine, pytest.mark.database]


def tables(address: DatabaseAddress) -> list[str]:
    with connect(address) as connection, connection.cursor() as cursor:
        cursor.execute("SHOW TABLES")
        return [str(row[0]) for row in cursor.fetchall()]


def test_each_test_has_an_empty_database_of_its_own(mariadb: MariaDB, database: DatabaseAddress) -> None:
    with connect(database) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE t (id INT)")
    with mariadb.new_database() as other:
        assert (tables(database), tables(other)) == (["t"], [])


@pytest.mark.parametrize("password", ["plain", r"it's \"quoted\" \\ $(here) `there`", "암호"])
def test_the_stand_in_image_takes_any_password(password: str) -> None:
    options = (
        "--env",
        "MYSQL_DATABASE=my_vault",
        "--env",
        "MYSQL_USER=o'brien",
        "--env",
        f"MYSQL_PASSWORD={password}",
    )
    with running_mariadb("mariadb:10.11", *options) as server:
        assert tables(replace(server.address("my_vault"), user="o'brien", password=Secret(password))) == []


def test_the_stand_in_image_leaves_no_account_without_a_password(mariadb: MariaDB) -> None:
    with connect(mariadb.address("mysql")) as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT User, Host FROM global_priv WHERE JSON_VALUE(Priv, '$.authentication_string') = ''"
            " AND COALESCE(JSON_VALUE(Priv, '$.account_locked'), 0) = 0"
        )
        assert cursor.fetchall() == ()
