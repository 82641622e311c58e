"""Defines what a check results in: for each statement, and for each migration."""

from collections.abc import Sequence
from dataclasses import dataclass

from installer.bundle.sql.migrations import Migration
from installer.bundle.sql.statements import Statement
from packager.lint.catalogue.findings import Finding
from packager.lint.catalogue.levels import Weight, sorted_weights
from packager.lint.catalogue.verdicts import Verdict


@dataclass(frozen=True)
class Judged:
    """A checked statement: what it does (keys of the templates), its findings and its weights."""

    statement: Statement
    verdicts: tuple[str, ...]
    findings: tuple[Finding, ...]
    weights: tuple[Weight, ...]


@dataclass(frozen=True)
class JudgedMigration:
    """A migration with its statements in order; `findings` are about the script as a whole."""

    migration: Migration
    statements: tuple[Judged, ...]
    findings: tuple[Finding, ...] = ()


def judged_statement(
    statement: Statement, verdicts: Sequence[Verdict], findings: tuple[Finding, ...]
) -> Judged:
    """Returns the statement with the weights of its verdicts and of its findings."""
    weights = {weight for _verdict, weight in verdicts if weight}
    weights |= {weight for finding in findings for weight in finding.weights}
    names = tuple(dict.fromkeys(verdict for verdict, _weight in verdicts))
    return Judged(statement, names, findings, sorted_weights(weights))
