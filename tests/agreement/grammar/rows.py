"""Rows that come, change and go, also with IGNORE, also by ALTER IGNORE."""

from collections.abc import Iterator

WITH_AND_WITHOUT_IGNORE = """\
INSERT INTO p VALUES (3, 'three', NULL)
INSERT INTO p VALUES (1, 'again', NULL)
INSERT INTO p VALUES (4, 'ONE', NULL)
INSERT INTO p VALUES (5, 'five', 'long')
INSERT INTO p (id) VALUES (6)
INSERT INTO k VALUES (9, 999)
INSERT INTO k VALUES (9, 1)
INSERT INTO auto (name) VALUES ('new')
INSERT INTO auto (name) VALUES ('X ')
INSERT INTO auto (n) VALUES (1)
INSERT INTO auto (name, n) VALUES ('q', 'x')
INSERT INTO bare VALUES (9, 1, 'x')
INSERT INTO p (id, code) SELECT id + 10, name FROM t
INSERT INTO bare (id, a) SELECT id + 10, n FROM t
INSERT INTO k (id, t_id) SELECT id + 10, up FROM t
UPDATE t SET n = 5
UPDATE t SET name = CONCAT(name, name)
UPDATE t SET tag = 'same'
UPDATE t SET tag = NULL
UPDATE t SET up = 5
UPDATE t SET ref = 99
UPDATE t SET need = NULL WHERE id = 2
UPDATE t SET tiny = n
UPDATE t SET kind = 'gone'
UPDATE t SET day = '2026-02-30'
UPDATE t SET price = price / 3
UPDATE p SET id = id + 10
DELETE FROM t
DELETE FROM t WHERE id = 5
DELETE FROM t WHERE id = 1
DELETE FROM p
DELETE FROM bare
"""
OTHERS = """\
INSERT INTO bare VALUES (1, 2)
INSERT INTO bare (missing) VALUES (1)
INSERT INTO missing VALUES (1)
INSERT INTO P VALUES (3, 'three', NULL)
INSERT INTO p VALUES (1, 'again', NULL) ON DUPLICATE KEY UPDATE region = 'de'
INSERT INTO p VALUES (1, 'two', NULL) ON DUPLICATE KEY UPDATE code = 'two'
INSERT INTO g (id, a) VALUES (9, 9)
INSERT INTO g (id, v) VALUES (9, 9)
REPLACE INTO p VALUES (3, 'three', NULL)
REPLACE INTO p VALUES (1, 'again', NULL)
REPLACE INTO auto VALUES (1, 'again', NULL)
UPDATE t SET missing = 1
UPDATE missing SET n = 1
UPDATE t JOIN p ON t.ref = p.id SET t.name = p.code
UPDATE t SET n = 5 WHERE id = 4000
UPDATE t SET name = '' WHERE name IS NULL
DELETE FROM missing
DELETE t FROM t JOIN p ON t.ref = p.id
TRUNCATE TABLE bare
TRUNCATE t
TRUNCATE missing
ALTER IGNORE TABLE t MODIFY name VARCHAR(3)
ALTER IGNORE TABLE t ADD UNIQUE (name)
ALTER IGNORE TABLE t MODIFY n TINYINT
ALTER IGNORE TABLE t MODIFY n INT NOT NULL
ALTER IGNORE TABLE t MODIFY kind ENUM('new')
ALTER IGNORE TABLE t ADD UNIQUE (n)
ALTER IGNORE TABLE t MODIFY digits INT
ALTER IGNORE TABLE t ADD x INT NULL
"""


def rows() -> Iterator[str]:
    """Statements of this kind."""
    for sql in WITH_AND_WITHOUT_IGNORE.splitlines():
        verb, rest = sql.split(" ", 1)
        yield from (sql, f"{verb} IGNORE {rest}")
    yield from OTHERS.splitlines()
