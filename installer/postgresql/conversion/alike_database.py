"""Creates an empty database on another server as one server has it: with its encoding and locale."""

from contextlib import AbstractContextManager
from dataclasses import replace

from installer.bundle.sql.postgresql_statements import split_postgresql
from installer.database.values.address import DatabaseAddress
from installer.postgresql.content.database_statements import database_statements
from installer.postgresql.restore.database_beside import new_database

CREATION = "CREATE DATABASE "


def created_alike(old: DatabaseAddress, new: DatabaseAddress) -> AbstractContextManager[DatabaseAddress]:
    """Returns a context with the empty database on the server at `new`, without owner and rights.

    Leaves it there if the body succeeds, under a name that no application uses. Raises `ServerError`.
    """
    statements = (one.text for one in split_postgresql(database_statements(old)))
    created = "".join(f"{text};\n" for text in statements if text.startswith(CREATION))
    return new_database(replace(new, database=old.database), created)
