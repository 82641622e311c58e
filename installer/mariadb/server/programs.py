"""Runs the dump and client programs inside the database's container, through `docker exec`.

The password is passed in the environment: of our child process, and from there through the engine's API into
the container; it is in no argument list. Images of MariaDB 11 have no `mysql*` names, old ones only those.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import IO

from installer.database.values.address import DatabaseAddress
from installer.errors import Refused
from installer.mariadb.server.login_inside_container import LOCAL
from installer.system.docker.container_pipe import pipe_from_container
from installer.system.docker.docker_command import ask_docker
from installer.system.process.process import Completed
from installer.system.process.streaming import reading_from, writing_to
from installer.text import _

PASSWORD_VARIABLE = "MYSQL_PWD"
NOT_IN_IMAGE = (126, 127)
OBJECTS = ("--routines", "--events", "--triggers", "--add-drop-table")
UNLOCKED = ("--skip-add-locks",)  # under LOCK TABLES a default cannot take a number from a sequence
EXACT = ("--hex-blob", "--default-character-set=utf8mb4", "--order-by-primary", "--tz-utc")
PLAIN = ("--skip-dump-date", "--no-tablespaces", "--max-allowed-packet=1G", "--quick")
ONE_TRANSACTION = ("--single-transaction", "--skip-lock-tables")  # InnoDB only
LOCKED = ("--skip-single-transaction", "--lock-tables")  # MyISAM and Aria have no transactions
# Rows older than a CHECK may violate it; while one session works, another may be idle for long.
FOR_LOADING = "SET SESSION wait_timeout = 86400 /*M!100201 , check_constraint_checks = 0 */"
OF_MYSQL = (  # without them, a dump sets the server's list of transactions, and lacks histograms
    ("--set-gtid-purged", "--set-gtid-purged=OFF"),
    ("--column-statistics", "--column-statistics"),
)


@dataclass(frozen=True)
class Programs:
    """Names the programs; `dump_keeps_history` of system-versioned tables (10.11 and newer).

    `dump_options` are those that only a dump program of MySQL knows.
    """

    dump: str
    client: str
    dump_keeps_history: bool
    dump_options: tuple[str, ...] = ()


@cache
def find_programs(container_id: str) -> Programs:
    """Returns the programs of the image, asked once. Raises `Refused` when one of the two is missing."""
    dump, words = _first(container_id, ("mariadb-dump", "mysqldump"))
    client, _words = _first(container_id, ("mariadb", "mysql"))
    options = tuple(option for name, option in OF_MYSQL if name in words)
    return Programs(dump, client, "--dump-history" in words, options)


def dump_command(
    address: DatabaseAddress,
    programs: Programs,
    *,
    locked: bool = False,
    history: bool = False,
    without: Sequence[str] = (),
) -> tuple[str, ...]:
    """Returns the command line that dumps the schema to stdout, without the views in `without`.

    It contains no secret.
    """
    consistency = LOCKED if locked else ONE_TRANSACTION
    left_out = (f"--ignore-table={address.database}.{name}" for name in without)
    extra = ("--dump-history",) if history else ()
    return (
        *_inside(address, programs.dump),
        *OBJECTS,
        *UNLOCKED,
        *EXACT,
        *PLAIN,
        *programs.dump_options,
        *consistency,
        *extra,
        *left_out,
        "--",
        address.database,
    )


def load_command(address: DatabaseAddress, programs: Programs) -> tuple[str, ...]:
    """Returns the command line that runs SQL from stdin in the schema.

    Binary mode keeps line ends and knows no client commands. By default the client would delete comments in
    the bodies of routines, and reconnect after a lost connection without the settings that the SQL made.
    """
    exact = ("--binary-mode", "--comments", "--skip-reconnect", f"--init-command={FOR_LOADING}")
    words = (*exact, "--batch", "--default-character-set=utf8mb4", "--max-allowed-packet=1G")
    return (*_inside(address, programs.client, interactive=True), *words, f"--database={address.database}")


@contextmanager
def dumping(address: DatabaseAddress, command: tuple[str, ...]) -> Iterator[IO[bytes]]:
    """Yields the dump as a stream. Raises `ToolFailed` at the end unless the program exited with 0."""
    secrets = _secrets(address)
    with pipe_from_container(address.container_id) as fifo:
        if fifo is None:
            with reading_from(command, secrets=secrets) as stream:
                yield stream
        else:
            options = command.index("--")
            words = (*command[:options], f"--result-file={fifo.inside}", *command[options:])
            with reading_from(words, secrets=secrets, fifo=fifo.outside) as stream:
                yield stream


@contextmanager
def loading(address: DatabaseAddress, command: tuple[str, ...]) -> Iterator[IO[bytes]]:
    """Yields a stream into the client. Raises `ToolFailed` at the end unless it accepted every statement."""
    with writing_to(command, secrets=_secrets(address)) as stream:
        yield stream


def _inside(address: DatabaseAddress, program: str, *, interactive: bool = False) -> tuple[str, ...]:
    flags = ("-i",) if interactive else ()
    return (
        "docker", "exec", *flags, "--env", PASSWORD_VARIABLE, address.container_id,
        program, LOCAL, f"--user={address.user}",
    )  # fmt: skip


def _secrets(address: DatabaseAddress) -> dict[str, str]:
    return {PASSWORD_VARIABLE: address.password.reveal()}


def _first(container_id: str, names: tuple[str, ...]) -> tuple[str, str]:
    for name in names:
        asked = ask_docker(("docker", "exec", container_id, name, "--help"))
        if asked.exit_code == 0:
            return name, asked.stdout
        if asked.exit_code not in NOT_IN_IMAGE:
            raise _no_container(container_id, asked)
    raise Refused(
        _("The database's container has no program {names}.", names=" / ".join(names)),
        hint=_("Use an official image of MariaDB or MySQL."),
    )


def _no_container(container_id: str, asked: Completed) -> Refused:
    return Refused(
        _("No program can be run in the database's container {container}.", container=container_id[:12]),
        details=asked.stderr.splitlines()[-3:],
        hint=_("Start the database, then run the command again."),
    )
