"""Tables of a PostgreSQL database for the tests of the lint, and what the lint says about a script."""

from installer.bundle.sql.migrations import Migration
from packager.lint.catalogue.findings import Finding
from packager.lint.judge import judge_migrations

SCHEMA = """\
CREATE TYPE mood AS ENUM ('good', 'bad');
CREATE TYPE fewer AS ENUM ('good');
CREATE TABLE p (id int PRIMARY KEY, code text);
CREATE TABLE t (
    id int PRIMARY KEY, a int, b int NOT NULL DEFAULT 0, v varchar(60), w text, d numeric(10, 2), f real,
    s timestamp(3), z timestamptz, day date, m mood NOT NULL DEFAULT 'good', u text, j json, p_id int,
    proved int, c char(9), big bigint, tags text[],
    CONSTRAINT proof CHECK (proved IS NOT NULL), CONSTRAINT t_p_id_fkey FOREIGN KEY (p_id) REFERENCES p (id)
);
CREATE UNIQUE INDEX t_u_ready ON t (u);
CREATE INDEX t_a_idx ON t (a);
CREATE MATERIALIZED VIEW counted AS SELECT count(*) FROM t;
CREATE TABLE parted (id int NOT NULL) PARTITION BY RANGE (id);
CREATE TABLE part (id int NOT NULL);
"""
ROWS = """\
INSERT INTO p SELECT n, n::text FROM generate_series(1, 9) n;
INSERT INTO t SELECT n, n, n, n::text, n::text, n, n, now(), now(), now(), 'good', n::text, '{}', n, n,
    'x', n, '{}' FROM generate_series(1, 9) n;
INSERT INTO part SELECT generate_series(1, 9);
"""


def found(*scripts: str, prisma: str | None = None) -> tuple[Finding, ...]:
    """What is found in the last migration of a history of a project with this version of Prisma."""
    history = [Migration(str(at), script.encode(), prisma) for at, script in enumerate(scripts)]
    last = judge_migrations(history, "postgresql")[-1]
    return (*last.findings, *(finding for one in last.statements for finding in one.findings))
