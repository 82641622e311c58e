"""Runs PostgreSQL's own programs inside the database's container, through `docker exec`.

The password is passed in the environment: of our child process, and from there through the engine's API into
the container; it is in no argument list.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO

from installer.database.values.address import DatabaseAddress
from installer.system.deadlines import LOAD_SECONDS
from installer.system.docker.container_pipe import READ_FROM, pipe_from_container, pipe_into_container
from installer.system.process.process import output_of
from installer.system.process.streaming import reading_from, writing_to

PASSWORD_VARIABLE = "PGPASSWORD"
SCHEMA_SECONDS = 3600.0  # another session may hold a lock
EXACT = ("--encoding=UTF8", "--no-sync")


def inside(
    address: DatabaseAddress, program: str, *, interactive: bool = False, before: Sequence[str] = ()
) -> tuple[str, ...]:
    """Returns the beginning of a command line: the program as the address's user, over TCP.

    `before` are the words of another program that starts it. The socket may be elsewhere, and the server
    may know the user there by the system's user only.
    """
    flags = ("-i",) if interactive else ()
    return (
        "docker", "exec", *flags, "--env", PASSWORD_VARIABLE, address.container_id,
        *before, program, "--host=127.0.0.1", f"--username={address.user}", "--no-password",
    )  # fmt: skip


def secrets_of(address: DatabaseAddress) -> dict[str, str]:
    """Returns the environment that the command lines need."""
    return {PASSWORD_VARIABLE: address.password.reveal()}


def connection_words(database: str) -> str:
    """Returns the option that names the database: a bare name could be read as a connection string."""
    escaped = database.replace("\\", "\\\\").replace("'", "\\'")
    return f"--dbname=dbname='{escaped}'"


def schema_of(address: DatabaseAddress, snapshot: str) -> str:
    """Returns the dump of all definitions, without rows, as of a snapshot that another session exported.

    Raises `ToolFailed`.
    """
    return _said(address, ("--schema-only", f"--snapshot={snapshot}"))


def schema_with_database(address: DatabaseAddress) -> str:
    """Returns the dump of all definitions, those of the database itself included. Raises `ToolFailed`."""
    return _said(address, ("--schema-only", "--create"))


def roles_of(address: DatabaseAddress) -> bytes:
    """Returns the SQL that creates the server's roles, with the hashes of their passwords.

    Raises `ToolFailed`.
    """
    command = (*inside(address, "pg_dumpall"), "--roles-only", "--encoding=UTF8")
    said = output_of(command, secrets=secrets_of(address), timeout_seconds=SCHEMA_SECONDS)
    return said.encode("utf-8", "surrogateescape")


@contextmanager
def dumping(address: DatabaseAddress, snapshot: str) -> Iterator[IO[bytes]]:
    """Yields the dump of the database as of a snapshot, as a stream of SQL.

    Raises `ToolFailed` at the end unless the program exited with 0.
    """
    program, secrets = inside(address, "pg_dump"), secrets_of(address)
    words = (*EXACT, f"--snapshot={snapshot}", connection_words(address.database))
    with pipe_from_container(address.container_id) as fifo:
        if fifo is None:
            with reading_from((*program, *words), secrets=secrets) as stream:
                yield stream
        else:
            command = (*program, f"--file={fifo.inside}", *words)
            with reading_from(command, secrets=secrets, fifo=fifo.outside) as stream:
                yield stream


@contextmanager
def loading(address: DatabaseAddress) -> Iterator[IO[bytes]]:
    """Yields a stream into psql, which stops at the first statement that the server refuses.

    Raises `ToolFailed` then, and when the stream ends in the middle of a statement.
    """
    strict = ("--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--output=/dev/null")
    words, secrets = (*strict, connection_words(address.database)), secrets_of(address)
    with pipe_into_container(address.container_id) as fifo:
        reading = () if fifo is None else (*READ_FROM, fifo.inside)
        command = (*inside(address, "psql", interactive=fifo is None, before=reading), *words)
        outside = fifo.outside if fifo is not None else None
        with writing_to(command, secrets=secrets, silence_seconds=LOAD_SECONDS, fifo=outside) as stream:
            yield stream


def _said(address: DatabaseAddress, words: Sequence[str]) -> str:
    command = (*inside(address, "pg_dump"), *EXACT, *words, connection_words(address.database))
    return output_of(command, secrets=secrets_of(address), timeout_seconds=SCHEMA_SECONDS)
