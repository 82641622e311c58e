"""Rights on a schema are recorded; passwords, in whatever form, never."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from installer.database.values.address import DatabaseAddress
from installer.mariadb.content.grants import read_grants
from installer.mariadb.server.server import connect
from installer.system.secret import Secret
from tests.mariadb.schemas import execute
from tests.testbed.mariadb import MariaDB

pytestmark = [pytest.mark.engine, pytest.mark.database]


@pytest.fixture
def shop(mariadb: MariaDB) -> Iterator[DatabaseAddress]:
    """A schema whose name holds a wild card, and one that this card would fit."""
    mariadb.execute("CREATE DATABASE shop_1; CREATE DATABASE shopx1")
    try:
        yield mariadb.address("shop_1")
    finally:
        mariadb.execute("DROP DATABASE shop_1; DROP DATABASE shopx1")


def grants(address: DatabaseAddress) -> dict[str, tuple[str, ...]]:
    with connect(address) as connection:
        return read_grants(connection, address.database) or {}


def test_accounts_with_rights_on_the_schema_are_recorded_without_their_passwords(
    mariadb: MariaDB, shop: DatabaseAddress
) -> None:
    execute(
        shop,
        r"""CREATE TABLE t (a INT, b INT); CREATE PROCEDURE p() SELECT 1;
        CREATE USER app IDENTIFIED BY 'geheim'; GRANT SELECT, INSERT ON `shop\_1`.* TO app;
        CREATE USER part@localhost IDENTIFIED BY 'geheim'; GRANT UPDATE (b) ON t TO part@localhost;
        GRANT EXECUTE ON PROCEDURE p TO part@localhost; GRANT ALL ON shopx1.* TO part@localhost;
        CREATE USER wide; GRANT SELECT ON `shop%`.* TO wide;
        CREATE USER stranger; GRANT ALL ON shopx1.* TO stranger;
        CREATE USER mighty IDENTIFIED BY 'geheim'; GRANT ALL ON *.* TO mighty;
        CREATE ROLE clerk; GRANT DELETE ON `shop\_1`.* TO clerk; GRANT clerk TO app""",
    )
    try:
        found = grants(shop)
    finally:
        mariadb.execute("DROP USER app, part@localhost, wide, stranger, mighty; DROP ROLE clerk")
    assert found == {
        "'app'@'%'": (
            "GRANT `clerk` TO `app`@`%`",
            "GRANT USAGE ON *.* TO `app`@`%`",
            r"GRANT SELECT, INSERT ON `shop\_1`.* TO `app`@`%`",
        ),
        "'part'@'localhost'": (
            "GRANT USAGE ON *.* TO `part`@`localhost`",
            "GRANT UPDATE (`b`) ON `shop_1`.`t` TO `part`@`localhost`",
            "GRANT EXECUTE ON PROCEDURE `shop_1`.`p` TO `part`@`localhost`",
        ),
        "'wide'@'%'": ("GRANT USAGE ON *.* TO `wide`@`%`", "GRANT SELECT ON `shop%`.* TO `wide`@`%`"),
        "`clerk`": ("GRANT USAGE ON *.* TO `clerk`", r"GRANT DELETE ON `shop\_1`.* TO `clerk`"),
    }


def test_a_user_who_may_not_read_the_accounts_records_none(
    mariadb: MariaDB, database: DatabaseAddress
) -> None:
    mariadb.execute(f"CREATE USER modest; GRANT ALL ON {database.database}.* TO modest")
    try:
        with connect(database) as connection:
            assert list(grants(database)) == ["'modest'@'%'"]
        with connect(replace(database, user="modest", password=Secret(""))) as connection:
            assert read_grants(connection, database.database) is None
    finally:
        mariadb.execute("DROP USER modest")
