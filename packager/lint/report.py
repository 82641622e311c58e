"""Reports all findings in a history of migrations, with accepted findings and unused suppressions."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from installer.bundle.sql.migrations import SCRIPT, Migration
from installer.bundle.sql.provider import MYSQL, Provider
from packager.lint.catalogue.findings import Finding
from packager.lint.catalogue.levels import Level
from packager.lint.judge import judge_migrations
from packager.lint.suppressions import FILE, UNUSED, Suppression


@dataclass(frozen=True)
class Found:
    """A finding and its place. `file` is relative to the migrations folder; `accepted` is the reason."""

    migration: str
    file: str
    line: int
    finding: Finding
    accepted: str | None = None


@dataclass(frozen=True)
class Report:
    """The result of the lint for the `judged` migrations."""

    judged: tuple[str, ...]
    found: tuple[Found, ...]

    @property
    def standing(self) -> tuple[Found, ...]:
        """Returns the findings that were not accepted."""
        return tuple(one for one in self.found if one.accepted is None)

    def count(self, level: Level) -> int:
        """Returns the number of findings of this level that were not accepted."""
        return sum(one.finding.level == level for one in self.standing)

    @property
    def has_errors(self) -> bool:
        """Returns whether there is an error that was not accepted."""
        return self.count("error") > 0


def lint(
    migrations: Iterable[Migration],
    suppressions: Iterable[Suppression] = (),
    *,
    known: Collection[str] = (),
    provider: Provider = MYSQL,
) -> Report:
    """Checks a history; reports on migrations not in `known`, the names from the previous release."""
    suppressions, history = tuple(suppressions), tuple(migrations)
    found = tuple(_found(history, suppressions, provider))
    shown = tuple(one.name for one in history if one.name not in known)
    idle = tuple(_idle(found, suppressions))
    return Report(shown, tuple(one for one in (*found, *idle) if one.migration not in known))


def reason_for(finding: Finding, migration: str, suppressions: Iterable[Suppression]) -> str | None:
    """Returns why the finding was accepted; None if it was not."""
    return next((one.reason for one in suppressions if one.covers(migration, finding)), None)


def _found(
    history: tuple[Migration, ...], suppressions: tuple[Suppression, ...], provider: Provider
) -> Iterator[Found]:
    for judged in judge_migrations(history, provider):
        name = judged.migration.name
        whole = ((1, finding) for finding in judged.findings)
        by_statement = ((s.statement.line, f) for s in judged.statements for f in s.findings)
        for line, finding in (*whole, *by_statement):
            reason = reason_for(finding, name, suppressions)
            yield Found(name, f"{name}/{SCRIPT}", line, finding, reason)


def _idle(found: tuple[Found, ...], suppressions: tuple[Suppression, ...]) -> Iterator[Found]:
    for one in suppressions:
        if not any(one.covers(other.migration, other.finding) for other in found):
            yield Found(one.migration, FILE, one.line, Finding(UNUSED, now=one.written))
