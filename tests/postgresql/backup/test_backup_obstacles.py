"""What would make a backup of PostgreSQL incomplete, or impossible to restore."""

import pytest

from installer.database.values.address import DatabaseAddress
from installer.errors import Refused
from installer.postgresql.backup.backup_obstacles import refuse_obstacles
from installer.postgresql.server.queries import run_script
from installer.postgresql.server.server import connect

pytestmark = [pytest.mark.engine, pytest.mark.database]
PRETEND = """
    SET allow_system_table_mods = on;
    INSERT INTO pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion)
    VALUES (99999, 'timescaledb', 10, 'public'::regnamespace, false, '2');
"""


def test_extensions_whose_data_a_dump_does_not_restore_are_refused(pg: DatabaseAddress) -> None:
    with connect(pg) as connection:
        refuse_obstacles(connection)
        run_script(connection, PRETEND)
        with pytest.raises(Refused) as refused:
            refuse_obstacles(connection)
    assert refused.value.happened == (
        "The database has extensions whose data a dump does not restore exactly: timescaledb"
    )


def test_a_user_who_may_not_read_everything_is_refused(pg: DatabaseAddress) -> None:
    with connect(pg) as connection:
        run_script(connection, "DROP ROLE IF EXISTS reader; CREATE ROLE reader; SET ROLE reader")
        with pytest.raises(Refused, match="superuser"):
            refuse_obstacles(connection)
        run_script(connection, "RESET ROLE; DROP ROLE reader")
