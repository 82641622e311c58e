"""A PostgreSQL database with every kind of object, for tests that bring it back."""

from collections.abc import Iterator
from contextlib import contextmanager

from installer.database.values.address import DatabaseAddress
from installer.postgresql.server.queries import run_script
from installer.postgresql.server.server import connect
from tests.postgresql.comparer.changes import CHANGES

ROLES = ("owner", "role", "plain", "keeper", "lost")


def words(pg: DatabaseAddress) -> dict[str, str]:
    """What stands for the words of `CHANGES`: roles belong to the server, so each database has its own."""
    return {"*this*": pg.database, **{f"*{role}*": f"{pg.database}_{role}" for role in ROLES}}


def said(text: str, names: dict[str, str]) -> str:
    """A script of `CHANGES` with the names of one database."""
    for word, name in names.items():
        text = text.replace(word, name)
    return text


@contextmanager
def everything(pg: DatabaseAddress) -> Iterator[None]:
    """Every kind of object, and a schema of the role `*lost*`; the roles are gone afterwards."""
    names = words(pg)
    with connect(pg) as connection:
        for change in CHANGES:
            run_script(connection, said(change.before, names))
        run_script(
            connection,
            said("CREATE ROLE *lost* LOGIN PASSWORD 'p'; CREATE SCHEMA s AUTHORIZATION *lost*", names),
        )
    try:
        yield
    finally:
        forget_roles(pg)


def forget_roles(pg: DatabaseAddress) -> None:
    """Roles would be in the pictures of other tests."""
    with connect(pg) as connection:
        for role in ROLES:
            name = words(pg)[f"*{role}*"]
            run_script(
                connection,
                f"DO $$ BEGIN EXECUTE 'REASSIGN OWNED BY {name} TO postgres; DROP OWNED BY {name}';"
                " EXCEPTION WHEN undefined_object THEN END $$",
            )
            run_script(connection, f"DROP ROLE IF EXISTS {name}")


def changed(pg: DatabaseAddress) -> None:
    """Changes everything that a picture covers."""
    with connect(pg) as connection:
        for change in CHANGES:
            run_script(connection, said(change.change, words(pg)))
