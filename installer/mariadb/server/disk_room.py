"""Measures the free space on the disks of a database server, as its container sees them."""

import re

from installer.database.values.address import DatabaseAddress
from installer.mariadb.server.queries import value_of
from installer.mariadb.server.server import connect
from installer.system.docker.docker_command import ask_docker

KIBI = 1024
AVAILABLE = re.compile(r"\s\d+\s+\d+\s+(\d+)\s+\d+%")


def free_for_data(address: DatabaseAddress) -> int | None:
    """Returns the free bytes for the server's tables; None where they cannot be determined."""
    return _free_at(address, "@@datadir")


def free_for_sorting(address: DatabaseAddress) -> int | None:
    """Returns the free bytes for the temporary files of an index; None where they cannot be determined."""
    return _free_at(address, "COALESCE(NULLIF(@@innodb_tmpdir, ''), SUBSTRING_INDEX(@@tmpdir, ':', 1))")


def _free_at(address: DatabaseAddress, place: str) -> int | None:
    with connect(address, schema=False) as connection:
        folder = value_of(connection, f"SELECT {place}")
    asked = ask_docker(("docker", "exec", address.container_id, "df", "-Pk", str(folder)))
    return _available(asked.stdout) if asked.exit_code == 0 else None


def _available(table: str) -> int | None:
    """Reads the available KiB, which POSIX puts between the used space and the percentage."""
    found = AVAILABLE.search(table)
    return int(found[1]) * KIBI if found else None
