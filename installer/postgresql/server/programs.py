"""Runs PostgreSQL's own programs inside the database's container, through `docker exec`.

The password is passed in the environment: of our child process, and from there through the engine's API into
the container; it is in no argument list.
"""

from collections.abc import Sequence

from installer.database.values.address import DatabaseAddress
from installer.system.process.process import output_of

PASSWORD_VARIABLE = "PGPASSWORD"
SCHEMA_SECONDS = 3600.0  # another session may hold a lock


def inside(address: DatabaseAddress, program: str, *, interactive: bool = False) -> tuple[str, ...]:
    """Returns the beginning of a command line: the program as the address's user, over TCP.

    The socket may be elsewhere, and the server may know the user there by the system's user only.
    """
    flags = ("-i",) if interactive else ()
    return (
        "docker", "exec", *flags, "--env", PASSWORD_VARIABLE, address.container_id,
        program, "--host=127.0.0.1", f"--username={address.user}", "--no-password",
    )  # fmt: skip


def secrets_of(address: DatabaseAddress) -> dict[str, str]:
    """Returns the environment that the command lines need."""
    return {PASSWORD_VARIABLE: address.password.reveal()}


def connection_words(database: str) -> str:
    """Returns the option that names the database: a bare name could be read as a connection string."""
    escaped = database.replace("\\", "\\\\").replace("'", "\\'")
    return f"--dbname=dbname='{escaped}'"


def schema_of(address: DatabaseAddress, snapshot: str, extra: Sequence[str] = ()) -> str:
    """Returns the dump of all definitions, without rows, as of a snapshot that another session exported.

    Raises `ToolFailed`.
    """
    words = ("--schema-only", "--encoding=UTF8", f"--snapshot={snapshot}", *extra)
    command = (*inside(address, "pg_dump"), *words, connection_words(address.database))
    return output_of(command, secrets=secrets_of(address), timeout_seconds=SCHEMA_SECONDS)
