"""Writes the commands that reach a database by hand, for the guides of a package."""

import shlex
from dataclasses import dataclass

from packager.project.databases.project_databases import ProjectDatabase

PASSWORD = 'MYSQL_PWD="${MARIADB_ROOT_PASSWORD:-$MYSQL_ROOT_PASSWORD}"'
DATABASE = '"${MARIADB_DATABASE:-$MYSQL_DATABASE}"'
PSQL = "psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1"  # stops at the first error, and reads no own settings
PG_PASSWORD = 'PGPASSWORD="${POSTGRES_PASSWORD:-$POSTGRESQL_PASSWORD}"'  # the second ones are Bitnami's
PSQL_PLACE = (
    '-U "${POSTGRES_USER:-${POSTGRESQL_USERNAME:-postgres}}"'
    ' -d "${POSTGRES_DB:-${POSTGRESQL_DATABASE:-${POSTGRES_USER:-postgres}}}"'
)
WHOLE = "--single-transaction --routines --events --triggers --hex-blob "


@dataclass(frozen=True)
class ByHand:
    """The commands for one database: two shell functions, and words that use them.

    `client` defines the function `database`, `dump` the function `dump`; `is_ready` ends with 0 once the
    server answers, and a complete dump ends with the line `end_of_dump`. `dump_programs` are those whose
    dumps can be restored.
    """

    service: str
    client: str
    dump: str
    is_ready: str
    end_of_dump: str
    dump_programs: tuple[str, ...]


def by_hand(database: ProjectDatabase) -> ByHand:
    """Returns the commands for a database of the project."""
    service = database.service
    if database.engine == "postgresql":
        ready, end = "database -h 127.0.0.1 -c 'SELECT 1'", "-- PostgreSQL database dump complete"
        client = psql_function(service, database.search_path)
        return ByHand(service, client, pg_dump_function(service), ready, end, ("pg_dump",))
    ready, end = "database -h 127.0.0.1 -e 'SELECT 1'", "-- Dump completed"
    client, dump = client_function(service), dump_function(service)
    return ByHand(service, client, dump, ready, end, ("mysqldump", "mariadb-dump"))


def client_function(service: str | None) -> str:
    """Returns the shell function `database`, which runs MariaDB's client on the application's schema."""
    return _function("database", service, "mariadb", "mysql", "")


def dump_function(service: str | None) -> str:
    """Returns the shell function `dump`, which writes the application's schema as SQL."""
    return _function("dump", service, "mariadb-dump", "mysqldump", WHOLE)


def sql_text(text: str) -> str:
    """Returns a text literal for MariaDB and MySQL."""
    escaped = text.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def psql_function(service: str | None, search_path: str | None = None) -> str:
    """Returns the shell function `database`, which runs psql on the application's PostgreSQL database.

    `search_path` is the schema that it uses there.
    """
    path = f'PGOPTIONS="-c search_path=\\"{search_path}\\"" ' if search_path else ""
    return _in_container("database", service, f'{path}{PG_PASSWORD} exec {PSQL} {PSQL_PLACE} "$@"')


def pg_dump_function(service: str | None) -> str:
    """Returns the shell function `dump`, which writes the application's PostgreSQL database as SQL."""
    return _in_container("dump", service, f'{PG_PASSWORD} exec pg_dump {PSQL_PLACE} "$@"')


def postgresql_text(text: str) -> str:
    """Returns a text literal for PostgreSQL."""
    escaped = text.replace("'", "''")
    return f"'{escaped}'"


def _function(name: str, service: str | None, program: str, older: str, options: str) -> str:
    """Returns a shell function that runs a database program in its container; the password stays in there."""
    inside = f'{PASSWORD} exec "$(command -v {program} || command -v {older})"'
    words = f'{inside} -uroot --default-character-set=utf8mb4 {options}"$@" {DATABASE}'
    return _in_container(name, service, words)


def _in_container(name: str, service: str | None, words: str) -> str:
    exec_words = f"docker compose exec -T {shlex.quote(service or 'db')} sh -c '{words}' sh"
    return f'{name}() {{ {exec_words} "$@"; }}'
