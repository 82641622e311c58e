"""Finds drift: differences between the running schema and an empty one after the applied migrations."""

from collections.abc import Sequence
from dataclasses import replace

from installer.bundle.layout import shown
from installer.bundle.sql.migrations import Migration
from installer.bundle.sql.statement_words import begins_with, reaches_into
from installer.bundle.sql.statements import split_statements
from installer.database.records.applied_scripts import Drift, DriftNotKnown, applied_scripts
from installer.database.values.address import DatabaseAddress
from installer.database.values.history_row import HistoryRow
from installer.database.values.picture import Definitions
from installer.mariadb.content.schema import read_definitions
from installer.mariadb.schema_diff.drift_words import differences
from installer.mariadb.server.queries import ServerError, schemas_of, translated, value_of
from installer.mariadb.server.server import connect
from installer.mariadb.trial.empty_tables import side_schema
from installer.text import _


def find_drift(
    copy: DatabaseAddress, live: Definitions, history: Sequence[HistoryRow], migrations: Sequence[Migration]
) -> Drift:
    """Applies the migrations that `history` records to an empty schema, and compares the result with `live`.

    The scripts run on the copy's server: call it only when the copy itself is no longer needed.
    """
    try:
        scripts = applied_scripts(history, migrations)
        if not scripts:
            return Drift()
        with side_schema(copy, "drift") as side, connect(copy) as neighbour:
            schema = str(value_of(side, "SELECT DATABASE()"))
            others = {*schemas_of(neighbour)} - {schema}
            for migration in scripts:
                _refuse_reaching_out(migration, others)
            for migration in scripts:
                _apply(replace(copy, database=schema), migration)
            made = read_definitions(side)
    except DriftNotKnown as reason:
        return Drift(unknown=str(reason))
    return Drift(tuple(differences(live, made, (copy.database, schema))))


def _refuse_reaching_out(migration: Migration, others: set[str]) -> None:
    """Raises `DriftNotKnown` for a script that names another schema, where it must not act twice."""
    for statement in split_statements(migration.text):
        if begins_with(statement.text, "USE") or reaches_into(statement.text, others):
            raise DriftNotKnown(_("The migration `{name}` names another schema.", name=shown(migration.name)))


def _apply(address: DatabaseAddress, migration: Migration) -> None:
    try:
        with connect(address) as connection, translated(connection), connection.cursor() as cursor:
            cursor.execute(migration.text)
            while cursor.nextset():
                pass
    except ServerError as error:
        raise DriftNotKnown(
            _(
                "The migration `{name}` does not run on empty tables: {error}",
                name=shown(migration.name),
                error=error.happened,
            )
        ) from error
