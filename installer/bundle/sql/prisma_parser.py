"""Knows the statements of PostgreSQL that the parser of Prisma 7.4 and newer does not understand.

Prisma splits a script by that parser; a script with one such statement stays whole. Source: measured with
sqlparser 0.61, the parser of Prisma 7.10. The list is not complete: expressions are not judged.
"""

from installer.bundle.sql.postgresql_statements import BOM, split_postgresql, tokens_of

READ = 60  # words of a statement
WHOLE = (
    "ABORT", "CHECKPOINT", "CLUSTER", "DO", "IMPORT", "LOCK", "REASSIGN", "REFRESH", "REINDEX", "SECURITY",
    "TABLE", "ANALYZE VERBOSE", "VACUUM ANALYZE", "VACUUM VERBOSE", "VACUUM (", "SET CONSTRAINTS",
    "PREPARE TRANSACTION", "COMMIT PREPARED", "ROLLBACK PREPARED",
)  # fmt: skip
ALTER = (
    "DATABASE", "DEFAULT", "DOMAIN", "EXTENSION", "FUNCTION", "MATERIALIZED", "PROCEDURE", "PUBLICATION",
    "SEQUENCE", "SYSTEM", "TRIGGER", "VIEW",
)  # fmt: skip
CREATE = (
    "AGGREGATE", "CAST", "COLLATION", "EVENT", "FOREIGN", "PROCEDURE", "PUBLICATION", "RECURSIVE", "RULE",
    "STATISTICS", "TABLESPACE", "TEXT", "UNLOGGED", "USER MAPPING",
)  # fmt: skip
DROP = ("AGGREGATE", "CAST", "COLLATION", "EVENT", "OWNED", "PUBLICATION", "RULE", "STATISTICS")
COMMENT_ON = (
    "CONSTRAINT", "DOMAIN", "FUNCTION", "INDEX", "MATERIALIZED", "POLICY", "SEQUENCE", "TRIGGER", "TYPE",
    "VIEW",
)  # fmt: skip
BEGINNINGS = (
    *WHOLE,
    *(f"ALTER {kind}" for kind in ALTER),
    *(f"CREATE {kind}" for kind in CREATE),
    *(f"DROP {kind}" for kind in DROP),
    *(f"COMMENT ON {kind}" for kind in COMMENT_ON),
)
CLAUSES = (
    ("ALTER INDEX", ("ATTACH PARTITION", "SET (", "IF EXISTS")),
    ("ALTER TABLE", (
        "ALTER CONSTRAINT", "ATTACH PARTITION", "CLUSTER ON", "DETACH PARTITION", "DROP EXPRESSION",
        "DROP IDENTITY", "EXCLUDE USING", "INHERIT", "RESET (", "SET LOGGED", "SET SCHEMA", "SET STATISTICS",
        "SET STORAGE", "SET UNLOGGED", "USING INDEX",
    )),
    ("ALTER TYPE", ("ADD ATTRIBUTE", "OWNER TO", "SET SCHEMA")),
    ("COPY", ("FROM STDIN",)),
    ("CREATE DOMAIN", ("NOT NULL",)),
    ("CREATE EXTENSION", ("CASCADE",)),
    ("CREATE FUNCTION", ("BEGIN ATOMIC", "VARIADIC")),
    ("CREATE INDEX", ("ON ONLY",)),
    ("CREATE MATERIALIZED", ("WITH NO DATA",)),
    ("CREATE TABLE", ("EXCLUDE USING", "INCLUDING")),
    ("CREATE UNIQUE", ("ON ONLY",)),
    ("DROP INDEX", ("CONCURRENTLY",)),
    ("INSERT INTO", ("OVERRIDING",)),
)  # fmt: skip
RIGHTS = ("GRANT", "REVOKE")


def is_parsed(script: str) -> bool:
    """Returns whether Prisma's parser understands every statement of a script, as far as is known."""
    return not script.startswith(BOM) and all(_is_parsed(one.text) for one in split_postgresql(script))


def _is_parsed(statement: str) -> bool:
    words = [token.upper for token, _at in zip(tokens_of(statement), range(READ), strict=False)]
    if words[:3] == ["CREATE", "OR", "REPLACE"]:
        del words[1:3]
    text = f" {' '.join(words)} "
    if words[0] in RIGHTS:
        return "ON" in words  # of a role, it has none
    return not any(text.startswith(f" {begin} ") for begin in BEGINNINGS) and not any(
        text.startswith(f" {begin} ") and any(f" {clause} " in text for clause in clauses)
        for begin, clauses in CLAUSES
    )
