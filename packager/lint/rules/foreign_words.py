"""Finds syntax of other servers that MariaDB refuses with error 1064: MySQL 8's, and some of PostgreSQL's.

MariaDB 10.11 and 11.8 refused each of them (`tests/packager/lint/test_refused.py`).
"""

import re

from packager.lint.catalogue.findings import Finding
from packager.lint.sql.blanked import blanked

NO_KEY = r"(?!CHECK\b|AS\b|DEFAULT\b|GENERATED\b|COMMENT\b|NOT\b|NULL\b|REFERENCES\b)"
NO_THING = r"(?!(?:COLUMN|TABLE|DATABASE|SCHEMA|VIEW|SEQUENCE|EVENT|PROCEDURE|FUNCTION)\s)"
OTHER_TYPE = r"(TYPE\s|SET\s+(NOT\s+NULL|DATA\s+TYPE)\b)"
# `^(?=(.*?X))\1` finds the first X and never tries another one: the time is linear in the length.
UNKNOWN: tuple[tuple[str, str], ...] = (
    ("->", r"->"),
    ("VALUES ROW", r"\bVALUES\s+ROW\s*\("),
    ("VALUES … AS", r"^(?!.*\bSELECT\b).*\bAS\s+[\w`]+(\s*\([^)]*\))?\s+ON\s+DUPLICATE\s+KEY\b"),
    ("LATERAL", r"\bLATERAL\s*\("),
    ("INVISIBLE", r"^\s*CREATE\s+(\w+\s+)?INDEX\b.*\)\s*(IN)?VISIBLE\b"),
    ("INVISIBLE", r"\bALTER\s+INDEX\s+[\w`]+\s+(IN)?VISIBLE\b"),
    ("INVISIBLE", r"\b(KEY|INDEX)\b[^,]*\)\s*(IN)?VISIBLE\b"),
    ("INDEX ((…))", rf"\b(KEY|INDEX|UNIQUE)\b\s*({NO_KEY}[\w`]+\s*)?(ON\s+[\w`.]+\s*)?\(\s*\("),
    ("SRID", r"\bSRID\s+\d"),
    ("ENFORCED", r"^(?=(.*?\bCHECK\b))\1.*\)\s*(NOT\s+)?ENFORCED\b"),
    ("DROP CHECK", r"^\s*ALTER\b.*\bDROP\s+CHECK\s+[\w`]"),
    ("ALTER CHECK", r"^\s*ALTER\b.*\bALTER\s+(CHECK|CONSTRAINT)\s+[\w`]"),
    ("STORED NOT NULL", r"\)\s*(STORED|VIRTUAL|PERSISTENT)\s+(NOT\s+)?NULL\b"),
    ("SET PERSIST", r"^\s*SET\s+PERSIST(_ONLY)?\s"),
    ("FOR SHARE", r"\bFOR\s+SHARE\b"),
    ("MEMBER OF", r"\bMEMBER\s+OF\s*\("),
    ("CAST(… AS JSON)", r"^(?=(.*?\bCAST\s*\())\1.*\bAS\s+JSON\s*\)"),
    ("IDENTIFIED WITH … BY", r"\bIDENTIFIED\s+WITH\s+\w+\s+BY\b"),
    ("WITH … UPDATE", r"^\s*WITH\b(?!.*\bSELECT\b[^()]*$).*\)\s*(UPDATE|DELETE)\b"),
    ("ON CONFLICT", r"\bON\s+CONFLICT\b"),
    ("ALTER COLUMN … TYPE", rf"\bALTER\s+(COLUMN\s+)?{NO_THING}[\w`]+\s+{OTHER_TYPE}"),
)
PATTERNS = tuple((words, re.compile(pattern, re.IGNORECASE | re.DOTALL)) for words, pattern in UNKNOWN)


def foreign_words(text: str) -> Finding | None:
    """Returns a finding for the first words in a statement that only another server knows."""
    bare = blanked(text)
    return next((Finding("AL143", now=words) for words, seen in PATTERNS if seen.search(bare)), None)
