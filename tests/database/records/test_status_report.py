"""The status of migrations tells what is wrong beside them, too."""

from installer.database.records.migration_status import MigrationStatus
from installer.database.records.status_report import status_document, status_lines
from installer.database.values.invalid_index import InvalidIndex

LEFT = MigrationStatus(invalid_indexes=(InvalidIndex('"Sales".i', '"Sales".t'),))


def test_an_invalid_index_is_told_and_the_migrations_are_up_to_date_as_for_prisma() -> None:
    assert status_lines(LEFT, ()) == (
        "0 migrations found in prisma/migrations",
        "",
        "Database schema is up to date!",
        "",
        'Index "Sales".i of table "Sales".t is invalid; delete it with: DROP INDEX CONCURRENTLY "Sales".i;',
    )
    document = status_document(LEFT, ())
    assert (document["up_to_date"], document["invalid_indexes"]) == (
        True,
        ({"index": '"Sales".i', "table": '"Sales".t'},),
    )
