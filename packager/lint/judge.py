"""Judges scripts, statement by statement, with the schema that all statements before them make."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from installer.bundle.migrations import Migration
from installer.bundle.statements import Statement, split_statements
from packager.lint.additions import judge_addition
from packager.lint.changes import Change, ChangeColumn, ChangeRows, CreateTable, DropTable, NotRead
from packager.lint.codes import WEIGHTS, Weight
from packager.lint.columns import judge_change
from packager.lint.destructive import judge_loss
from packager.lint.findings import Finding
from packager.lint.reading import read_statement
from packager.lint.replay import after, forget_newness
from packager.lint.scene import Scene
from packager.lint.schema import Schema
from packager.lint.verdicts import verdict_of

SHOWN_WORDS = 80  # of a statement that is not understood


@dataclass(frozen=True)
class Judged:
    """A statement: what it does (words of the templates), and what there is to know about it."""

    statement: Statement
    verdicts: tuple[str, ...]
    findings: tuple[Finding, ...]
    weights: tuple[Weight, ...]


@dataclass(frozen=True)
class JudgedMigration:
    """A migration, its statements in order; `findings` are about the script as a whole."""

    migration: Migration
    statements: tuple[Judged, ...]
    findings: tuple[Finding, ...] = ()


def judge_migrations(migrations: Iterable[Migration]) -> tuple[JudgedMigration, ...]:
    """Every migration of a history that begins with an empty database, in order."""
    schema, judged = Schema(), []
    for migration in migrations:
        statements, schema = judge_script(migration.text, forget_newness(schema))
        whole = (Finding("AL141"),) if not migration.text.strip("\ufeff \t\r\n;") else ()
        judged.append(JudgedMigration(migration, statements, whole))
    return tuple(judged)


def judge_script(script: str, schema: Schema) -> tuple[tuple[Judged, ...], Schema]:
    """Every statement of a script that meets this schema, and the schema it leaves."""
    judged = []
    for statement in split_statements(script):
        changes = read_statement(statement.text)
        findings, schema = _judge(changes, schema)
        judged.append(_judged(statement, changes, findings))
    return tuple(judged), schema


def _judge(changes: tuple[Change, ...], schema: Schema) -> tuple[tuple[Finding, ...], Schema]:
    found: list[Finding] = []
    for change in changes:
        found += _findings(change, Scene(schema, changes))
        schema = after(schema, change)
    return tuple(dict.fromkeys(found)), schema


def _findings(change: Change, scene: Scene) -> Iterator[Finding]:
    table = getattr(change, "table", "")
    if isinstance(change, NotRead):
        yield _not_judged(change)
        return
    yield from judge_loss(change, scene)
    if isinstance(change, ChangeColumn):
        yield from judge_change(change, scene)
    elif scene.may_have_rows(table):
        yield from judge_addition(change, scene)
    if _lacks_its_past(change, scene):
        yield Finding("AL180", table)


def _lacks_its_past(change: Change, scene: Scene) -> bool:
    """Whether a table is changed that no migration made, as far as they were understood."""
    table = getattr(change, "table", "")
    is_read = not any(isinstance(one, NotRead) for one in scene.statement)
    needs_past = not isinstance(change, CreateTable | DropTable | ChangeRows)
    return bool(table) and is_read and needs_past and scene.table(table) is None


def _not_judged(change: NotRead) -> Finding:
    words = " ".join(change.words.split())
    if re.match(r"DELIMITER\b", words, re.IGNORECASE):
        return Finding("AL140")
    return Finding(
        "AL190", change.table, now=words if len(words) <= SHOWN_WORDS else f"{words[:SHOWN_WORDS]}…"
    )


def _judged(statement: Statement, changes: tuple[Change, ...], findings: tuple[Finding, ...]) -> Judged:
    verdicts = [verdict_of(change) for change in changes]
    weights = {weight for _verdict, weight in verdicts if weight}
    weights |= {weight for finding in findings for weight in finding.weights}
    return Judged(
        statement,
        tuple(dict.fromkeys(verdict for verdict, _weight in verdicts)),
        findings,
        tuple(weight for weight in WEIGHTS if weight in weights),
    )
