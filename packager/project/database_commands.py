"""Writes the commands that reach a MariaDB or MySQL database by hand, for the guides of a package."""

import shlex

PASSWORD = 'MYSQL_PWD="${MARIADB_ROOT_PASSWORD:-$MYSQL_ROOT_PASSWORD}"'
DATABASE = '"${MARIADB_DATABASE:-$MYSQL_DATABASE}"'
WHOLE = "--single-transaction --routines --events --triggers --hex-blob "


def client_function(service: str | None) -> str:
    """Returns the shell function `database`, which runs the client program on the application's schema."""
    return _function("database", service, "mariadb", "mysql", "")


def dump_function(service: str | None) -> str:
    """Returns the shell function `dump`, which writes the application's schema as SQL."""
    return _function("dump", service, "mariadb-dump", "mysqldump", WHOLE)


def sql_text(text: str) -> str:
    """Returns a text literal for MariaDB and MySQL."""
    escaped = text.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def _function(name: str, service: str | None, program: str, older: str, options: str) -> str:
    """Returns a shell function that runs a database program in its container; the password stays in there."""
    inside = f'{PASSWORD} exec "$(command -v {program} || command -v {older})"'
    words = f'{inside} -uroot --default-character-set=utf8mb4 {options}"$@" {DATABASE}'
    exec_words = f"docker compose exec -T {shlex.quote(service or 'db')} sh -c '{words}' sh"
    return f'{name}() {{ {exec_words} "$@"; }}'
