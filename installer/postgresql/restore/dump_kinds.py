"""Recognises files that are no SQL of PostgreSQL by their beginning, and says how to convert archives."""

from pathlib import Path

from installer.database.values.address import DatabaseAddress
from installer.errors import Refused
from installer.text import _

HEAD_BYTES = 4096
CUSTOM, TAR = b"PGDMP", b"toc.dat\0"
CONTENTS = "toc.dat"  # the table of contents in a dump of the format `directory`
OTHER_SERVERS = (
    b"-- MariaDB dump",
    b"-- MySQL dump",
    b"/*!999999\\- enable the sandbox mode */",
    b"-- phpMyAdmin",
)
BEGINNINGS = (b"-- PostgreSQL database dump", b"-- PostgreSQL database cluster dump")


def refuse_folder(path: Path, address: DatabaseAddress) -> None:
    """Raises `Refused` for a dump of the format `directory`."""
    if (path / CONTENTS).exists() or (path / f"{CONTENTS}.gz").exists():
        inside, container = f"/tmp/{path.name}", address.container_id[:12]
        copied = f"docker cp {path} {container}:{inside}"
        raise _no_sql(path, f"{copied} && docker exec {container} pg_restore -f - {inside} > {path}.sql")


def refuse_another_kind(path: Path, begins: bytes, address: DatabaseAddress) -> None:
    """Raises `Refused` unless the file begins like SQL of `pg_dump` or `pg_dumpall`."""
    if begins.startswith((CUSTOM, TAR)):
        container = address.container_id[:12]
        raise _no_sql(path, f"docker exec -i {container} pg_restore -f - < {path} > {path}.sql")
    if any(words in begins[:HEAD_BYTES] for words in OTHER_SERVERS):
        raise Refused(
            _("{path} is a dump of MariaDB or MySQL; this database is PostgreSQL.", path=path),
            hint=_("Restore a dump of pg_dump."),
        )
    if not any(words in begins[:HEAD_BYTES] for words in BEGINNINGS):
        raise Refused(
            _("{path} is not a dump of pg_dump.", path=path),
            details=[_("It does not begin with `-- PostgreSQL database dump`.")],
            hint=_("Create a dump with pg_dump, or load the file by hand with psql."),
        )


def _no_sql(path: Path, command: str) -> Refused:
    return Refused(
        _("{path} is an archive of pg_dump, not SQL.", path=path),
        hint=_("Convert it, then restore the .sql file: {command}", command=command),
    )
