"""Dumps of PostgreSQL as people make them by hand, for tests."""

import subprocess
from pathlib import Path

from installer.database.values.address import DatabaseAddress
from installer.postgresql.restore.prepare_restore import prepare_restore
from installer.postgresql.server.programs import connection_words, inside
from installer.screen.console import Console

CLOSING = "--\n-- PostgreSQL database dump complete\n--\n\n"


def dump_by_hand(address: DatabaseAddress, path: Path, *options: str) -> Path:
    """What `docker exec db pg_dump OPTIONS DATABASE > path` writes."""
    return _written(address, path, "pg_dump", *options, connection_words(address.database))


def dump_of_server(address: DatabaseAddress, path: Path, *options: str) -> Path:
    """What `docker exec db pg_dumpall OPTIONS > path` writes."""
    return _written(address, path, "pg_dumpall", *options)


def sql(body: str, *, client: str = "17.6", begins: str = "-- PostgreSQL database dump") -> str:
    """The text of a small dump."""
    return (
        f"--\n{begins}\n--\n\n\\restrict abc\n\n-- Dumped from database version 17.6\n"
        f"-- Dumped by pg_dump version {client}\n\nSET client_encoding = 'UTF8';\n\n"
        "--\n-- Name: t; Type: TABLE; Schema: public; Owner: postgres\n--\n\n"
        f"{body}\n\n{CLOSING}\\unrestrict abc\n\n"
    )


def restore_dump(address: DatabaseAddress, path: Path, console: Console) -> None:
    """What `airlock restore` does with the file, without services and a safety backup."""
    prepared = prepare_restore(address, path, console)
    prepared.refuse_obstacles(None)
    prepared.load()


def _written(address: DatabaseAddress, path: Path, program: str, *words: str) -> Path:
    secret = f"PGPASSWORD={address.password.reveal()}"
    docker, exec_, _env, _name, *rest = inside(address, program)
    with path.open("wb") as file:
        subprocess.run((docker, exec_, "--env", secret, *rest, *words), stdout=file, check=True)
    return path
