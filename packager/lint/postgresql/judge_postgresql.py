"""Checks scripts of PostgreSQL statement by statement, against all that earlier statements make."""

from collections.abc import Iterable, Iterator

from installer.bundle.sql.migrations import Migration
from installer.bundle.sql.postgresql_statements import split_postgresql
from packager.lint.catalogue.findings import Finding
from packager.lint.catalogue.judged import Judged, JudgedMigration, judged_statement
from packager.lint.history.changes import Change, ChangeRows, CreateTable, DropTable, NotRead
from packager.lint.postgresql.postgresql_changes import Cascade, CopyFromClient
from packager.lint.postgresql.postgresql_history import Known, forget_newness, known_after
from packager.lint.postgresql.postgresql_verdicts import verdict_of_postgresql
from packager.lint.postgresql.reading.postgresql_reading import read_postgresql
from packager.lint.postgresql.rules.known_names import MISSING, is_lenient, judge_names
from packager.lint.postgresql.rules.lock_rules import judge_lock
from packager.lint.postgresql.rules.lost_objects import judge_lost
from packager.lint.postgresql.rules.needed_rows import judge_needed
from packager.lint.postgresql.rules.script_rules import of_the_whole, of_the_words
from packager.lint.postgresql.rules.script_transactions import of_transactions
from packager.lint.postgresql.rules.session_rules import of_session
from packager.lint.postgresql.rules.type_rules import judge_type
from packager.lint.postgresql.rules.unsafe_enum_values import of_enum_values

SHOWN_CHARACTERS = 80  # of a statement that is not understood


def judge_postgresql(migrations: Iterable[Migration]) -> tuple[JudgedMigration, ...]:
    """Checks every migration of a history that starts with an empty database, in order."""
    known, judged = Known(), []
    for migration in migrations:
        statements, known = judge_script(migration, forget_newness(known))
        judged.append(JudgedMigration(migration, statements, tuple(of_the_whole(migration))))
    return tuple(judged)


def judge_script(migration: Migration, known: Known) -> tuple[tuple[Judged, ...], Known]:
    """Checks every statement of a script; returns them, and what is known after it."""
    read = [(one, read_postgresql(one.text)) for one in split_postgresql(migration.text)]
    of_script = _by_statement(
        *of_transactions(read), *of_session(read, known), *of_enum_values(migration, read, known)
    )
    judged = []
    for at, (statement, changes) in enumerate(read):
        text = statement.text
        findings = (*_findings(text, changes, known), *of_the_words(text), *of_script.get(at, ()))
        verdicts = [verdict for change in changes if (verdict := verdict_of_postgresql(change))]
        judged.append(judged_statement(statement, verdicts, tuple(dict.fromkeys(findings))))
        known = _after(known, changes)
    return tuple(judged), known


def _by_statement(*found: tuple[int, Finding]) -> dict[int, list[Finding]]:
    """Returns the findings about a script by the number of their statement, from 0."""
    ordered: dict[int, list[Finding]] = {}
    for at, finding in found:
        ordered.setdefault(at, []).append(finding)
    return ordered


def _after(known: Known, changes: tuple[Change, ...]) -> Known:
    for change in changes:
        known = known_after(known, change)
    return known


def _findings(sql: str, changes: tuple[Change, ...], known: Known) -> Iterator[Finding]:
    names_are_sure = not is_lenient(sql)
    for change in changes:
        names = tuple(judge_names(change, known, changes)) if names_are_sure else ()
        yield from names
        if not any(finding.code == MISSING for finding in names):
            yield from _of_change(change, known, changes)
        known = known_after(known, change)


def _of_change(change: Change, known: Known, statement: tuple[Change, ...]) -> Iterator[Finding]:
    if isinstance(change, NotRead):
        yield _not_judged(change)
    yield from judge_lost(change, known, statement)
    yield from judge_type(change, known)
    yield from judge_needed(change, known, statement)
    yield from judge_lock(change, known)
    if _lacks_its_past(change, known):
        yield Finding("AL180", change.changed_table)


def _not_judged(change: NotRead) -> Finding:
    words = " ".join(change.words.split())
    shown = words if len(words) <= SHOWN_CHARACTERS else f"{words[:SHOWN_CHARACTERS]}…"
    return Finding("AL190", change.table, now=shown)


def _lacks_its_past(change: Change, known: Known) -> bool:
    """Returns whether the change is to a table that no migration made, as far as they were understood."""
    table = change.changed_table
    needs_none = (CreateTable, DropTable, ChangeRows, NotRead, Cascade, CopyFromClient)
    is_older = bool(table) and known.is_shared(table)
    return is_older and not isinstance(change, needs_none) and not known.table(table)
