"""Refuses files that cannot be restored here, by their beginning or by what was found in them."""

from collections.abc import Collection, Sequence
from pathlib import Path

from installer.database.values.address import DatabaseAddress
from installer.errors import Refused
from installer.text import _

HEAD_BYTES = 4096
MOST_COMMANDS = 5
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


def refuse_half_a_dump(path: Path, *, is_whole: bool) -> None:
    """Raises `Refused` for a dump without its end."""
    if not is_whole:
        raise Refused(
            _("{path} is incomplete: its end is missing.", path=path),
            details=[_("Its last line is not `-- PostgreSQL database dump complete`.")],
            hint=_("Get another copy of the file; nothing was changed."),
        )


def refuse_without_headers(path: Path, *, has_headers: bool) -> None:
    """Raises `Refused` for a dump from which comments were deleted: its parts cannot be told apart."""
    if not has_headers:
        raise Refused(
            _("{path} is not as pg_dump wrote it.", path=path),
            details=[_("Comments such as `-- Name: users; Type: TABLE` are missing.")],
            hint=_("Get another copy of the file, or load it by hand with psql."),
        )


def refuse_other_databases(path: Path, databases: Collection[str], database: str) -> None:
    """Raises `Refused` for a dump that connects to `databases`, but not to this one."""
    if databases and database not in databases:
        raise Refused(
            _(
                "{path} is a dump of another database: {names}.",
                path=path,
                names=", ".join(sorted(databases)),
            ),
            details=[_("This database is {database}.", database=database)],
            hint=_("Restore a dump of {database} only.", database=database),
        )


def refuse_commands(path: Path, commands: Sequence[str]) -> None:
    """Raises `Refused` for a dump with `commands` of psql that a person added."""
    if commands:
        raise Refused(
            _("{path} contains commands of psql that pg_dump does not write.", path=path),
            details=commands[:MOST_COMMANDS],
            hint=_("Delete them from the file, or load the file by hand with psql."),
        )


def _no_sql(path: Path, command: str) -> Refused:
    return Refused(
        _("{path} is an archive of pg_dump, not SQL.", path=path),
        hint=_("Convert it, then restore the .sql file: {command}", command=command),
    )
