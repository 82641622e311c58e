"""Dumps as people make them by hand, for tests."""

import subprocess
from pathlib import Path

from installer.database.values.address import DatabaseAddress

EVERYTHING = ("--single-transaction", "--routines", "--events", "--hex-blob", "--dump-history")


def dump_by_hand(address: DatabaseAddress, path: Path, *options: str, program: str = "mariadb-dump") -> Path:
    """What `docker exec db mariadb-dump OPTIONS DATABASE > path` writes."""
    secret = f"MYSQL_PWD={address.password.reveal()}"
    words = ("docker", "exec", "--env", secret, address.container_id, program, f"--user={address.user}")
    with path.open("wb") as file:
        subprocess.run((*words, *options, address.database), stdout=file, check=True)
    return path


def sql(
    database: str, *, header: str = "MariaDB dump 10.19  Distrib 10.11.19-MariaDB", body: str = ""
) -> str:
    """The text of a small dump."""
    return (
        f"-- {header}, for debian-linux-gnu (x86_64)\n--\n-- Host: localhost    Database: {database}\n"
        "-- ------------------------------------------------------\n-- Server version\t10.11.19-MariaDB\n\n"
        f"{body}\n-- Dump completed on 2026-11-22  6:19:21\n"
    )
