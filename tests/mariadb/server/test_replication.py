"""Servers that share their data with others are refused before a migration, and neighbours are known."""

from collections.abc import Iterator

import pytest

from installer.database.values.address import DatabaseAddress
from installer.errors import Refused
from installer.mariadb.migration.deployable import refuse_unless_deployable
from installer.mariadb.migration.status import migration_status
from installer.mariadb.server.server import connect
from installer.mariadb.server.server_facts import read_facts
from tests.testbed.mariadb import MariaDB, running_mariadb

pytestmark = [pytest.mark.engine, pytest.mark.database]


@pytest.fixture
def replica() -> Iterator[DatabaseAddress]:
    """A server that repeats what another one does, which is away now."""
    with running_mariadb("mariadb:10.11", "--env", "MARIADB_DATABASE=app") as server:
        server.execute("CHANGE MASTER TO MASTER_HOST='127.0.0.1', MASTER_USER='nobody'")
        server.execute("START SLAVE")
        yield server.address("app")


def test_a_replica_is_refused_before_anything_is_applied(replica: DatabaseAddress) -> None:
    with connect(replica) as connection, pytest.raises(Refused) as refused:
        refuse_unless_deployable(connection, migration_status(connection, ()), ())
    assert refused.value.happened == (
        "This database server is a replica: it only repeats what another server does."
    )


def test_a_server_of_its_own_is_not_and_its_other_schemas_are_known(
    mariadb: MariaDB, database: DatabaseAddress
) -> None:
    with connect(database) as connection:
        refuse_unless_deployable(connection, migration_status(connection, ()), ())
    mariadb.execute("CREATE DATABASE wiki")
    try:
        assert "wiki" not in read_facts(database).other_databases
        mariadb.execute("CREATE TABLE wiki.pages (a INT)")
        assert "wiki" in read_facts(database).other_databases
    finally:
        mariadb.execute("DROP DATABASE wiki")
