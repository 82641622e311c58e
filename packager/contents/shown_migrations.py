"""Describes migrations as MIGRATIONS.md shows them, with what the lint says of each."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from installer.bundle.sql.migrations import SCRIPT, Migration, migration_date, prisma_warnings
from installer.bundle.sql.postgresql_messages import is_in_parts
from packager.lint.catalogue.findings import Finding
from packager.lint.catalogue.judged import Judged, JudgedMigration
from packager.lint.catalogue.levels import Weight, sorted_weights
from packager.lint.judge import judge_migrations
from packager.lint.report import reason_for
from packager.lint.suppressions import Suppression
from packager.project.databases.project_databases import ProjectDatabase


@dataclass(frozen=True)
class ShownMigration:
    """A migration as the document shows it; `script` is its path in the package.

    `runs_in_parts` if PostgreSQL does not run it as one transaction.
    """

    name: str
    date: date | None
    sha256: str
    script: str
    warnings: tuple[str, ...]
    findings: tuple[Finding, ...]
    statements: tuple[Judged, ...]
    weights: tuple[Weight, ...]
    accepted: tuple[Suppression, ...]
    runs_in_parts: bool

    def reason(self, finding: Finding) -> str | None:
        """Returns why the finding was accepted; None if it was not."""
        return reason_for(finding, self.name, self.accepted)


def shown_migrations(database: ProjectDatabase, new: Collection[Migration]) -> tuple[ShownMigration, ...]:
    """Returns the migrations `new`, checked against the schema that all earlier ones of the database make."""
    found = database.migrations
    if found is None:
        return ()
    names = {migration.name for migration in new}
    judged = (one for one in judge_migrations(found.all, found.provider) if one.migration.name in names)
    return tuple(_shown(one, database.folder, found.accepted) for one in judged)


def _shown(judged: JudgedMigration, folder: str, accepted: tuple[Suppression, ...]) -> ShownMigration:
    migration = judged.migration
    found = {weight for statement in judged.statements for weight in statement.weights}
    found |= {weight for finding in judged.findings for weight in finding.weights}
    return ShownMigration(
        name=migration.name,
        date=migration_date(migration.name),
        sha256=migration.checksum,
        script=f"{folder}/{migration.name}/{SCRIPT}",
        warnings=prisma_warnings(migration.text),
        findings=judged.findings,
        statements=judged.statements,
        weights=sorted_weights(found),
        accepted=accepted,
        runs_in_parts=is_in_parts(migration),
    )
