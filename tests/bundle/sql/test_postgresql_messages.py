"""In which messages a server gets a script: as the project's Prisma sends it."""

import pytest

from installer.bundle.sql.migrations import Migration
from installer.bundle.sql.postgresql_messages import differs_between_versions, is_in_parts, messages_of
from installer.bundle.sql.prisma_parser import is_parsed

TWO = "CREATE TABLE a (i int);\n-- then\nCREATE INDEX b ON a (i);\n"


def migration(script: str, prisma: str | None) -> Migration:
    return Migration("20260101000000_one", script.encode(), prisma)


@pytest.mark.parametrize(
    ("prisma", "parts"),
    [
        (None, False),
        ("5.22.0", False),
        ("7.3.9", False),
        ("7.4.0", True),
        ("7.4.0-dev.3", True),
        ("8.0.1", True),
    ],
)
def test_prisma_splits_from_7_4_on_and_an_unknown_one_does_not(prisma: str | None, parts: bool) -> None:
    assert is_in_parts(migration(TWO, prisma)) is parts


def test_a_whole_script_is_one_message_and_a_split_one_has_the_place_of_each_statement() -> None:
    assert messages_of(migration(TWO, "7.3.0")) == ((0, TWO),)
    assert messages_of(migration(TWO, "7.4.0")) == (
        (0, "CREATE TABLE a (i int)"),
        (32, "CREATE INDEX b ON a (i)"),
    )


def test_what_runs_only_outside_of_a_transaction_splits_a_script_with_every_prisma() -> None:
    script = "SELECT 1; DROP INDEX CONCURRENTLY i;"
    assert [is_in_parts(migration(script, one)) for one in (None, "6.19.0", "7.10.0")] == [True, True, True]


@pytest.mark.parametrize(
    "statement",
    [
        "DO $$ BEGIN PERFORM 1; END $$",
        "LOCK TABLE a",
        "create or replace procedure p() language sql as $$ select 1 $$",
        "ALTER TABLE a ADD CONSTRAINT u UNIQUE USING INDEX i",
        'ALTER TABLE "a" SET SCHEMA "b"',
        "ALTER SEQUENCE s RESTART",
        "COMMENT ON INDEX i IS 'x'",
        "DROP INDEX CONCURRENTLY i",
        "GRANT reader TO writer",
        "REFRESH MATERIALIZED VIEW v",
        "\ufeffSELECT 1",
    ],
)
def test_a_statement_that_prisma_s_parser_does_not_understand_keeps_the_script_whole(statement: str) -> None:
    assert is_parsed(f"{statement}; SELECT 1") is False


@pytest.mark.parametrize(
    "statement",
    [
        TWO,
        "CREATE INDEX CONCURRENTLY i ON a (b)",
        "ALTER TYPE e ADD VALUE 'LOCK'",
        "ALTER TABLE a ADD COLUMN inherit_all int, DROP CONSTRAINT c",
        "CREATE OR REPLACE FUNCTION f() RETURNS trigger AS $$ BEGIN RETURN NEW; END; $$ LANGUAGE plpgsql",
        "GRANT SELECT ON a TO reader",
        "BEGIN; DROP INDEX i; COMMIT",
    ],
)
def test_what_the_parser_understands_is_split(statement: str) -> None:
    assert is_parsed(f"{statement}; SELECT 1") is True


@pytest.mark.parametrize(
    ("script", "differs"),
    [
        (TWO, True),
        ("CREATE TABLE a (i int)", False),
        ("SET lock_timeout = '5s'; CREATE TABLE a (i int); SELECT 1", False),
        (f"BEGIN; {TWO} COMMIT;", False),
        (f"CREATE TABLE c (i int); BEGIN; {TWO} COMMIT;", True),
        (f"{TWO} DO $$ BEGIN END $$", False),
        (f"{TWO} CREATE INDEX CONCURRENTLY i ON a (i)", False),
    ],
)
def test_the_versions_differ_where_more_than_one_change_is_committed(script: str, differs: bool) -> None:
    assert differs_between_versions(script) is differs
