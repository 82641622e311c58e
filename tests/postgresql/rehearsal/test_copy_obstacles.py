"""Why the files of a server cannot be copied while it runs, in words for the person."""

from typing import cast

import pytest

from installer.database.values.address import DatabaseAddress
from installer.database.values.copy_request import CopyRequest
from installer.postgresql.rehearsal.copy_obstacles import obstacle_to_files
from installer.postgresql.server.queries import run_script
from installer.postgresql.server.server import connect

pytestmark = [pytest.mark.engine, pytest.mark.database]


def test_a_user_without_the_right_to_replicate_is_told(pg: DatabaseAddress) -> None:
    role = f"{pg.database}_plain"
    with connect(pg) as connection:
        run_script(connection, f"CREATE ROLE {role}; SET ROLE {role}")
        obstacle = obstacle_to_files(cast(CopyRequest, None), connection)  # the server alone decides here
        run_script(connection, f"RESET ROLE; DROP ROLE {role}")
    assert obstacle == "its user has no REPLICATION right"
