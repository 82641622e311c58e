"""The report over a history: the example's releases, what was accepted, what is new."""

import json
from pathlib import Path

import pytest

from installer.bundle.sql.migrations import Migration, prisma_warnings
from packager.lint.catalogue.findings import Finding
from packager.lint.report import Found, lint
from packager.lint.show import report_document, report_lines
from packager.lint.suppressions import Suppression

EXAMPLE = Path(__file__).parents[3] / "examples/customer-vault"
DEPARTMENT = "20260105070245_add_user_department"
NICKNAME = "20260112013020_replace_nickname_with_display_name"
BUDGET = "20260202050000_add_department_budget"
LOGIN = "20260203064510_add_login_and_sessions"
DROPPED = Finding("DS103", "users", "nickname")
REASON = Suppression(NICKNAME, "DS103", "users.nickname", "copied before", 2)


@pytest.fixture(scope="module")
def history() -> tuple[Migration, ...]:
    """Every migration of the example, from 2.1.1 to 2.1.3."""
    scripts = sorted(EXAMPLE.rglob("migrations/*/migration.sql"), key=lambda script: script.parent.name)
    return tuple(Migration(script.parent.name, script.read_bytes()) for script in scripts)


def found(migration: str, line: int, finding: Finding, accepted: str | None = None) -> Found:
    return Found(migration, f"{migration}/migration.sql", line, finding, accepted)


def test_the_example_is_judged_from_its_first_to_its_last_release(history: tuple[Migration, ...]) -> None:
    report = lint(history)
    assert len(report.judged) == len(history) == 6
    assert report.found == (
        found(DEPARTMENT, 5, Finding("AL131", "departments")),
        found(DEPARTMENT, 12, Finding("AL103", "users")),
        found(DEPARTMENT, 12, Finding("AL132", "users")),
        found(DEPARTMENT, 18, Finding("AL110", "users", "department_id", now="departments")),
        found(DEPARTMENT, 18, Finding("MY131", "users", "department_id")),
        found(NICKNAME, 11, Finding("AL103", "users")),
        found(NICKNAME, 11, Finding("AL132", "users", "display_name")),
        found(NICKNAME, 14, DROPPED),
        found(BUDGET, 5, Finding("AL103", "departments")),
        found(BUDGET, 5, Finding("AL132", "departments")),
        found(LOGIN, 27, Finding("AL103", "users")),
        found(LOGIN, 27, Finding("AL132", "users", "login")),
        found(LOGIN, 30, Finding("MF101", "users", "login")),
    )


def test_the_unique_index_of_2_1_3_is_what_prisma_warns_of(history: tuple[Migration, ...]) -> None:
    login = next(migration for migration in history if migration.name == LOGIN)
    [warning] = prisma_warnings(login.text)
    [unique] = [one.finding for one in lint(history).found if one.finding.code == "MF101"]
    assert warning.startswith("A unique constraint covering the columns `[login]` on the table `users`")
    assert (unique.table, unique.name, unique.weights) == ("users", "login", ("may_fail",))


def test_an_error_stands_until_somebody_accepts_it(history: tuple[Migration, ...]) -> None:
    assert lint(history).has_errors
    accepted = lint(history, (REASON,))
    assert not accepted.has_errors
    assert found(NICKNAME, 14, DROPPED, "copied before") in accepted.found


def test_a_suppression_that_fits_nothing_is_found(history: tuple[Migration, ...]) -> None:
    idle = Suppression(LOGIN, "DS103", "users.name", "x", 7)
    report = lint(history, (REASON, idle), known=(DEPARTMENT, NICKNAME, BUDGET))
    assert report.found[-1] == Found(LOGIN, "airlock-lint.yml", 7, Finding("AL191", now="DS103 users.name"))


def test_only_what_is_new_is_reported_but_all_of_the_past_is_known(history: tuple[Migration, ...]) -> None:
    known = tuple(migration.name for migration in history if migration.name != LOGIN)
    report = lint(history, (REASON,), known=known)
    assert (report.judged, [one.finding.code for one in report.found]) == (
        (LOGIN,),
        ["AL103", "AL132", "MF101"],
    )


def test_a_report_reads_line_by_line(history: tuple[Migration, ...]) -> None:
    known = (DEPARTMENT, BUDGET, LOGIN)
    assert list(report_lines(lint(history, known=known), "prisma/migrations")) == [
        f"prisma/migrations/{NICKNAME}/migration.sql:11: notice AL103: Rows of users are changed; the old"
        " values are lost.",
        f"prisma/migrations/{NICKNAME}/migration.sql:11: notice AL132: Rows of users are changed; this"
        " fails if a key exists, a referenced row is missing, or a value does not fit. [may fail]",
        f"prisma/migrations/{NICKNAME}/migration.sql:14: error DS103: Column nickname of users is dropped"
        " with all its values. [destroys data]",
        "3 migrations, 1 error, 0 warnings, 2 notices",
    ]
    assert list(report_lines(lint(history, (REASON,), known=known), "m"))[-1] == (
        "3 migrations, 0 errors, 0 warnings, 2 notices, 1 accepted"
    )


def test_names_cannot_forge_lines() -> None:
    script = b"DROP TABLE `a\n\x1b[2Jprisma/x: notice`"
    lines = list(report_lines(lint((Migration("m", script),)), "p"))
    assert len(lines) == 2
    assert all(line.isprintable() for line in lines)


def test_the_document_for_programs_says_the_same(history: tuple[Migration, ...]) -> None:
    document = report_document(lint(history, (REASON,), known=(DEPARTMENT, BUDGET, LOGIN)), "m")
    assert json.loads(json.dumps(document))["counts"] == {"error": 0, "warning": 0, "notice": 2}
    assert document["accepted"] == 1
    findings = document["findings"]
    assert isinstance(findings, list)
    assert findings[2] == {
        "migration": NICKNAME, "file": f"m/{NICKNAME}/migration.sql", "line": 14, "code": "DS103",
        "level": "error", "weights": ["destroys"], "table": "users", "name": "nickname",
        "was": None, "now": None, "text": "Column nickname of users is dropped with all its values.",
        "accepted": "copied before",
    }  # fmt: skip
