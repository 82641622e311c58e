"""What SQL statements and the clauses of ALTER TABLE do: patterns, verdicts, weights.

Source of the costs: measured on MariaDB 10.11 (from 11.2 on fewer changes block writes).
The words of the verdicts stand in the templates, in each language.
"""

import re
from dataclasses import dataclass
from typing import Literal

Weight = Literal["adds", "changes", "may_fail", "blocks_writes", "destroys"]
WEIGHTS: tuple[Weight, ...] = ("adds", "changes", "may_fail", "blocks_writes", "destroys")


@dataclass(frozen=True)
class Rule:
    """What begins like the pattern gets the verdict and weighs this much."""

    verdict: str
    weights: tuple[Weight, ...]
    pattern: re.Pattern[str]


def _rule(verdict: str, pattern: str, *weights: Weight) -> Rule:
    return Rule(verdict, weights, re.compile(pattern.replace(" ", r"\s+"), re.IGNORECASE | re.DOTALL))


UNKNOWN = Rule("unknown", (), re.compile(""))
CREATE = r"CREATE (?:OR REPLACE )?(?:ALGORITHM\s*=\s*\w+ )?(?:DEFINER\s*=\s*\S+ )?(?:SQL SECURITY \w+ )?"
STATEMENTS = (
    _rule("replaces_table", r"CREATE OR REPLACE (?:TEMPORARY )?TABLE\b", "destroys"),
    _rule("creates_table", r"CREATE (?:TEMPORARY )?TABLE\b", "adds"),
    _rule("creates_view", CREATE + r"VIEW\b", "adds"),
    _rule(
        "creates_routine", CREATE + r"(?:AGGREGATE )?(?:PROCEDURE|FUNCTION|TRIGGER|EVENT|SEQUENCE)\b", "adds"
    ),
    _rule("adds_unique", r"CREATE (?:OR REPLACE )?UNIQUE INDEX\b", "may_fail"),
    _rule("adds_fulltext", r"CREATE (?:OR REPLACE )?(?:FULLTEXT|SPATIAL) INDEX\b", "adds", "blocks_writes"),
    _rule("adds_index", r"CREATE (?:OR REPLACE )?INDEX\b", "adds"),
    _rule("renames", r"RENAME TABLE\b", "changes"),
    _rule("drops_table", r"DROP (?:TEMPORARY )?TABLE\b", "destroys"),
    _rule("drops_database", r"DROP (?:DATABASE|SCHEMA)\b", "destroys"),
    _rule("truncates", r"TRUNCATE\b", "destroys"),
    _rule("drops_constraint", r"DROP INDEX\b", "changes"),
    _rule("drops_code", r"DROP (?:VIEW|PROCEDURE|FUNCTION|TRIGGER|EVENT|SEQUENCE)\b", "changes"),
    _rule("deletes_rows", r"(?:WITH\b.*)?DELETE\b", "destroys"),
    _rule("updates_rows", r"(?:(?:WITH\b.*)?UPDATE|REPLACE)\b", "changes", "destroys"),
    _rule("inserts_rows", r"INSERT\b", "adds"),
    _rule("sets_session", r"SET\b"),
)
NAMED = r"(?:CONSTRAINT (?!PRIMARY|UNIQUE|FOREIGN|CHECK)\S+ |CONSTRAINT )?"
CLAUSES = (
    _rule("adds_foreign_key", rf"ADD {NAMED}FOREIGN KEY\b", "may_fail", "blocks_writes"),
    _rule("adds_unique", rf"ADD {NAMED}UNIQUE\b", "may_fail"),
    _rule("adds_check", rf"ADD {NAMED}CHECK\b", "may_fail", "blocks_writes"),
    _rule(
        "changes_primary_key", rf"ADD {NAMED}PRIMARY KEY\b|DROP PRIMARY KEY\b", "may_fail", "blocks_writes"
    ),
    _rule("adds_fulltext", r"ADD (?:FULLTEXT|SPATIAL)\b", "adds", "blocks_writes"),
    _rule("adds_index", r"ADD (?:INDEX|KEY)\b", "adds"),
    _rule(
        "adds_required_column",
        r"ADD (?!.*\b(?:DEFAULT|AUTO_INCREMENT|AS)\b).*\bNOT NULL\b",
        "adds",
        "changes",
    ),
    _rule("adds_column", r"ADD\b", "adds"),
    _rule("changes_default", r"ALTER (?:COLUMN )?\S+ (?:SET|DROP) DEFAULT\b", "changes"),
    _rule("changes_column", r"(?:MODIFY|CHANGE)\b", "may_fail", "blocks_writes"),
    _rule("converts_character_set", r"CONVERT TO (?:CHARACTER SET|CHARSET)\b", "may_fail", "blocks_writes"),
    _rule("renames", r"RENAME\b", "changes"),
    _rule("drops_constraint", r"DROP (?:FOREIGN KEY|CONSTRAINT|CHECK|INDEX|KEY)\b", "changes"),
    _rule("drops_column", r"DROP\b", "destroys"),
)
