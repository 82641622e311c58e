"""Checks a script as a whole: its first character, its names, and what becomes of it when it fails."""

from collections.abc import Iterator

from installer.bundle.sql.migrations import Migration
from installer.bundle.sql.postgresql_messages import differs_between_versions, is_in_parts
from installer.bundle.sql.postgresql_statements import BOM, tokens_of
from packager.lint.catalogue.findings import Finding
from packager.lint.postgresql.reading.postgresql_words import LONGEST

MOST_BYTES = 63  # of a name: NAMEDATALEN - 1


def of_the_whole(migration: Migration) -> Iterator[Finding]:
    """Yields what is wrong with the script as a whole."""
    if migration.text.startswith(BOM):
        yield Finding("PG109")
    if migration.prisma is not None and differs_between_versions(migration.text):
        yield Finding("PG118" if is_in_parts(migration) else "PG119", now=migration.prisma)


def of_the_words(sql: str) -> Iterator[Finding]:
    """Yields the names in a statement that the server cuts."""
    for token in tokens_of(sql[:LONGEST]):
        name = token.text.strip('"') if token.kind in ("word", "name") else ""
        if len(name.encode()) > MOST_BYTES:
            yield Finding("PG112", was=_cut(name), now=name)


def _cut(name: str) -> str:
    return name.encode()[:MOST_BYTES].decode("utf-8", "ignore")
