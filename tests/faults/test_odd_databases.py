"""Databases as they grow over ten years: whatever the server let in comes back, or is refused by name."""

from pathlib import Path

import pytest

from installer.database.values.address import DatabaseAddress
from installer.errors import Refused
from installer.mariadb.restore.restore import restore_exactly
from installer.mariadb.server.queries import quoted
from tests.mariadb.backups import Told, backup_of, names_in
from tests.mariadb.schemas import execute, picture
from tests.randomised.evidence import evidence
from tests.testbed.mariadb import MariaDB

pytestmark = [pytest.mark.engine, pytest.mark.database]

LET_IN = (
    # rows older than a check, and than a foreign key
    """CREATE TABLE checked (id INT, CHECK (id > 5)); SET check_constraint_checks = 0;
    INSERT INTO checked VALUES (1)""",
    """CREATE TABLE above (id INT PRIMARY KEY);
    CREATE TABLE below (a INT, FOREIGN KEY (a) REFERENCES above (id));
    SET foreign_key_checks = 0; INSERT INTO below VALUES (9)""",
    # a foreign key to nothing, and two tables that refer to each other
    """SET foreign_key_checks = 0; INSERT INTO below VALUES (9);
    CREATE TABLE alone (id INT PRIMARY KEY, a INT, FOREIGN KEY (a) REFERENCES gone (id));
    INSERT INTO alone VALUES (1, 7)""",
    """CREATE TABLE hen (id INT PRIMARY KEY, egg INT);
    CREATE TABLE egg (id INT PRIMARY KEY, hen INT, FOREIGN KEY (hen) REFERENCES hen (id));
    ALTER TABLE hen ADD FOREIGN KEY (egg) REFERENCES egg (id);
    INSERT INTO hen VALUES (1, NULL); INSERT INTO egg VALUES (1, 1); UPDATE hen SET egg = 1""",
    # a default from a sequence
    """CREATE SEQUENCE numbers START WITH 7; CREATE TABLE numbered (n INT DEFAULT NEXTVAL(numbers), m INT);
    INSERT INTO numbered (m) VALUES (1), (2)""",
    # zero dates, and dates that are none
    """SET sql_mode = 'ALLOW_INVALID_DATES'; CREATE TABLE days (d DATE DEFAULT '0000-00-00', t DATETIME(6));
    INSERT INTO days VALUES ('2023-02-31', '0000-00-00 00:00:00'), ('2023-00-10', '2023-04-31 10:00:00')""",
    # text of four bytes, bytes of every value, negative zero
    """CREATE TABLE texts (t TEXT, b LONGBLOB, u VARCHAR(9) CHARACTER SET utf32) COMMENT 'it''s -- \\n */';
    INSERT INTO texts SELECT '😀한', CHAR(seq), '😀' FROM seq_0_to_255""",
    """CREATE TABLE doubles (d DOUBLE);
    INSERT INTO doubles VALUES (-0e0), (5e-324), (1.7976931348623157e308), (1 / 3e0)""",
    # no key at all, and the same row twice
    """CREATE TABLE keyless (i INT, t TEXT);
    INSERT INTO keyless VALUES (1, 'a'), (1, 'a'), (NULL, NULL), (NULL, NULL)""",
    # storage engines without transactions
    """CREATE TABLE my (i INT PRIMARY KEY, v INT AS (i * 2) VIRTUAL, t TEXT, FULLTEXT (t)) ENGINE=MyISAM;
    INSERT INTO my (i, t) VALUES (1, 'words');
    CREATE TABLE aria (i INT) ENGINE=Aria TRANSACTIONAL=1 PAGE_CHECKSUM=1; INSERT INTO aria VALUES (1);
    CREATE TABLE csv (i INT NOT NULL) ENGINE=CSV; INSERT INTO csv VALUES (1)""",
    # a definer who is gone, and comments in routines with marks of the client in them
    """CREATE TABLE seen (i INT); CREATE DEFINER=gone@nowhere VIEW seen_by_nobody AS SELECT i FROM seen;
    CREATE DEFINER=gone@nowhere TRIGGER told BEFORE INSERT ON seen FOR EACH ROW SET NEW.i = 1""",
    """CREATE PROCEDURE noted() BEGIN -- it's; a comment
    /* ;; */ SELECT ';;' AS `;;`; # hash
    SELECT 1 AS
    delimiter; SELECT 'x
    DELIMITER //
    '; END""",
    # statements in texts, and in the names of a view's columns
    """CREATE TABLE hostile (a TEXT DEFAULT '\\nCREATE TABLE `evil` (\\n',
    b TEXT COMMENT '\\nUNLOCK TABLES;\\n');
    INSERT INTO hostile VALUES ('\\nUNLOCK TABLES;\\nDROP TABLE `x`;\\n', '\\nCREATE TABLE `evil` (\\n');
    CREATE VIEW hostile_view AS SELECT 'x\nCREATE TABLE `evil` (' AS `two\nDROP TABLE lines`""",
)


def test_whatever_the_server_let_in_comes_back(database: DatabaseAddress, tmp_path: Path) -> None:
    for statements in LET_IN:
        execute(database, statements)
    before, facts, backup = picture(database), evidence(database), backup_of(database, tmp_path)
    execute(database, "CREATE TABLE left_behind (i INT); DROP TABLE hostile")
    restore_exactly(database, backup, Told().console)
    assert (picture(database), evidence(database)) == (before, facts)


@pytest.mark.parametrize("name", ["a b", "백`업", "x;-- ", "../../etc", "%s\\n", "select", "-h"])
def test_a_database_of_any_name_even_an_empty_one_comes_back(
    mariadb: MariaDB, tmp_path: Path, name: str
) -> None:
    name = f"{name}{len(name)}"
    mariadb.execute(f"CREATE DATABASE {quoted(name)} COMMENT 'old'")
    try:
        address = mariadb.address(name)
        before, backup = evidence(address), backup_of(address, tmp_path)
        execute(address, "CREATE TABLE left_behind (i INT); CREATE VIEW v AS SELECT i FROM left_behind")
        restore_exactly(address, backup, Told().console)
        assert evidence(address) == before
    finally:
        mariadb.execute(f"DROP DATABASE {quoted(name)}")


REFUSED = {
    "Some views of this database are broken": (
        "CREATE TABLE t (i INT); CREATE VIEW `the view` AS SELECT i FROM t; DROP TABLE t",
        "the view",
    ),
    "if the text of an event contains `;;`": (
        "CREATE EVENT `the event` ON SCHEDULE EVERY 1 DAY STARTS '2036-01-01' DO SELECT ';;'",
        "the event",
    ),
    "history of tables that is versioned by transaction": (
        """CREATE TABLE `the table` (i INT, s BIGINT UNSIGNED GENERATED ALWAYS AS ROW START, e BIGINT UNSIGNED
        GENERATED ALWAYS AS ROW END, PERIOD FOR SYSTEM_TIME (s, e)) WITH SYSTEM VERSIONING""",
        "the table",
    ),
    "The definition of procedure `the routine` cannot be read.": (
        """CREATE PROCEDURE `the routine`() SELECT 1;
        UPDATE mysql.proc SET body = 'BEGIN SELEC', body_utf8 = 'BEGIN SELEC'
        WHERE db = DATABASE() AND name = 'the routine'""",
        "the routine",
    ),
}


@pytest.mark.parametrize(("happened", "case"), REFUSED.items(), ids=REFUSED)
def test_what_could_not_come_back_is_refused_by_name_and_no_file_is_left(
    database: DatabaseAddress, tmp_path: Path, happened: str, case: tuple[str, str]
) -> None:
    statements, name = case
    execute(database, statements)
    with pytest.raises(Refused) as refusal:
        backup_of(database, tmp_path)
    told = refusal.value
    assert (happened in told.happened, name in str(told), bool(told.hint)) == (True, True, True), told
    assert names_in(tmp_path) == []
