"""A real node of a Galera cluster, whose library comes from a package of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from installer.database.values.address import DatabaseAddress
from installer.errors import Refused
from installer.mariadb.migration.deployable import refuse_unless_deployable
from installer.mariadb.migration.status import migration_status
from installer.mariadb.server.server import connect
from testbed.debian import suite
from testbed.tree import unpack
from tests.testbed.mariadb import running_mariadb

pytestmark = [pytest.mark.engine, pytest.mark.database, pytest.mark.long]
LIBRARY = "/usr/lib/galera"
SETTINGS = f"""\
[mariadbd]
wsrep_on = ON
wsrep_provider = {LIBRARY}/libgalera_smm.so
wsrep_cluster_address = gcomm://
binlog_format = ROW
"""


@pytest.fixture
def node(tmp_path: Path) -> Iterator[DatabaseAddress]:
    """The first node of a cluster."""
    (tmp_path / "debs").mkdir()
    unpack(suite("bookworm").download(("galera-4",), tmp_path / "debs"), tmp_path / "root")
    settings = tmp_path / "galera.cnf"
    settings.write_text(SETTINGS)
    for path in (tmp_path, settings):
        path.chmod(0o755)
    mounts = (
        f"--volume={tmp_path}/root{LIBRARY}:{LIBRARY}:ro",
        f"--volume={settings}:/etc/mysql/conf.d/galera.cnf:ro",
    )
    with running_mariadb("mariadb:10.11", *mounts, "--env", "MARIADB_DATABASE=app") as server:
        yield server.address("app")


def test_it_is_refused_before_anything_is_applied(node: DatabaseAddress) -> None:
    with connect(node) as connection, pytest.raises(Refused) as refused:
        refuse_unless_deployable(connection, migration_status(connection, ()), ())
    assert refused.value.happened == (
        "This server is part of a Galera cluster, which Airlock does not serve."
    )
