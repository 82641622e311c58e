"""Dumps as people make them by hand, for tests."""

import subprocess
from datetime import datetime
from pathlib import Path

from installer.database.values.address import DatabaseAddress
from installer.mariadb.restore.dump_content import content_of_dump, tell_what_is_there
from installer.mariadb.restore.dump_facts import DumpFacts
from installer.mariadb.restore.replace_content import replace_content
from installer.screen.console import Console

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


def restore_dump(
    address: DatabaseAddress,
    dump: DumpFacts,
    console: Console,
    *,
    safety_folder: Path | None = None,
    now: datetime | None = None,
) -> None:
    """Replaces the content of the database by that of the dump."""
    replace_content(
        address,
        content_of_dump(address, dump),
        console,
        safety_folder=safety_folder,
        now=now,
        finish=lambda: tell_what_is_there(address, dump, console),
    )
