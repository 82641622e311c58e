"""The SQL that goes to the server instead of a dump's own: late indexes, no locks, nothing else changed."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installer.mariadb.loading.rewrite_dump import Piece, Settings, TableFilled, TablesComplete, loadable

HEAD = b"""/*M!999999\\- enable the sandbox mode */
-- MariaDB dump 10.19  Distrib 10.11.19-MariaDB, for debian-linux-gnu (x86_64)
/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */;
SET @MYSQLDUMP_TEMP_LOG_BIN = @@SESSION.SQL_LOG_BIN;
SET @@SESSION.SQL_LOG_BIN= 0;
SET @@GLOBAL.GTID_PURGED=/*!80000 '+'*/ 'a:1-5,
b:1-3';
"""
TABLE = b"""DROP TABLE IF EXISTS `t`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!40101 SET character_set_client = utf8mb4 */;
CREATE TABLE `t` (
  `id` int(11) NOT NULL,
  `a` text DEFAULT NULL,
  PRIMARY KEY (`id`),
  KEY `k` (`a`(3))
) ENGINE=InnoDB;
/*!40101 SET character_set_client = @saved_cs_client */;

LOCK TABLES `t` WRITE;
/*!40000 ALTER TABLE `t` DISABLE KEYS */;
INSERT INTO `t` VALUES
(1,'\\nCREATE TABLE `x` ('),
(2,'b');
/*!40000 ALTER TABLE `t` ENABLE KEYS */;
UNLOCK TABLES;
"""
TRIGGER = b"""/*!50003 SET @saved_cs_client      = @@character_set_client */ ;
DELIMITER ;;
/*!50003 CREATE*/ /*!50003 TRIGGER x BEFORE INSERT ON t FOR EACH ROW BEGIN
CREATE TABLE `inner` (
  `id` int(11),
  KEY `k` (`id`)
) ENGINE=InnoDB;
LOCK TABLES t READ;
END */;;
DELIMITER ;
"""
BEFORE_END = b"""
--
"""
END = b"""-- Dumping routines for database 'd'
--
/*!40103 SET TIME_ZONE=@OLD_TIME_ZONE */;

-- Dump completed
"""
COMPLETE = END.replace(b"-- Dumping", b"#complete\n-- Dumping") + b"#complete\n"
DUMP = HEAD + TABLE + TRIGGER + TABLE.replace(b"`t`", b"`u`") + BEFORE_END + END


OF_MYSQL = b"""-- MySQL dump 10.13  Distrib 9.7.4, for Linux (x86_64)
DELIMITER ;;
/*!50003 CREATE*/ /*!50003 TRIGGER `x` BEFORE INSERT ON `t` FOR EACH ROW SET NEW.a = 1%b*/;;
DELIMITER ;
DELIMITER ;;
/*!50106 CREATE*/ /*!50106 EVENT `e` ON SCHEDULE EVERY 1 DAY DO SELECT '; */'%b*/ ;;
DELIMITER ;
"""


def in_pieces(sql: bytes, size: int) -> Iterator[bytes]:
    return (sql[at : at + size] for at in range(0, len(sql), size))


def in_words(pieces: Iterator[Piece]) -> bytes:
    """The SQL, with comments where another session may or must have built something."""
    return b"".join(piece if isinstance(piece, bytes) else said(piece) for piece in pieces)


def said(piece: Settings | TableFilled | TablesComplete) -> bytes:
    match piece:
        case TableFilled():
            return b"\n#filled %b, %b\n" % (piece.add_indexes, piece.add_foreign_keys)
        case TablesComplete():
            return b"#complete\n"
    return b""


def rewritten(sql: bytes, size: int = 1 << 20) -> bytes:
    return in_words(loadable(in_pieces(sql, size), server_version="10.11.19-MariaDB"))


def expected(name: bytes, then: bytes = b"") -> bytes:
    late = b"\n#filled ALTER TABLE `t` ADD KEY `k` (`a`(3)), \n"
    bare = TABLE.replace(b",\n  KEY `k` (`a`(3))", b"").replace(b"LOCK TABLES `t` WRITE;", b"")
    return (bare.replace(b"UNLOCK TABLES;", b"") + then + late).replace(b"`t`", name)


def test_indexes_come_after_the_rows_and_locks_are_gone() -> None:
    head = (
        HEAD.partition(b"\n")[2]
        .partition(b"SET @@SESSION")[0]
        .replace(b"_ZERO'", b"_ZERO,ALLOW_INVALID_DATES'")
    )
    assert (
        rewritten(DUMP)
        == head + b"\n\n" + expected(b"`t`") + TRIGGER + expected(b"`u`", BEFORE_END) + COMPLETE
    )


@given(size=st.integers(1, len(DUMP)))
def test_where_the_stream_is_cut_makes_no_difference(size: int) -> None:
    assert rewritten(DUMP, size) == rewritten(DUMP)


def test_without_late_indexes_only_the_locks_are_gone() -> None:
    plain = in_words(loadable(iter([TABLE + TABLE]), server_version="10.11", late_indexes=False))
    unlocked = (TABLE + TABLE).replace(b"LOCK TABLES `t` WRITE;", b"").replace(b"UNLOCK TABLES;", b"")
    assert plain == unlocked + b"#complete\n"


@pytest.mark.parametrize("sql", [b"", b"\n", b"SELECT 1", TRIGGER, TRIGGER[:80], TABLE[:200], HEAD[:20]])
def test_anything_else_goes_through_to_its_last_byte(sql: bytes) -> None:
    assert rewritten(sql, 7) == (b"" if sql.startswith(b"/*M!") else sql) + b"#complete\n"


def test_the_settings_at_the_top_are_told_and_those_put_back_at_the_end_are_not() -> None:
    settings = next(loadable(iter([DUMP]), server_version="10.11.19-MariaDB"))
    assert settings == Settings(
        (
            b"/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE,"
            b" SQL_MODE='NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES' */;",
            b"SET @MYSQLDUMP_TEMP_LOG_BIN = @@SESSION.SQL_LOG_BIN;",
        )
    )


def test_a_row_longer_than_memory_goes_through_in_pieces() -> None:
    chunk = b"x" * (1 << 16)
    rows = (piece for piece in (HEAD, b"INSERT INTO `t` VALUES ('", *[chunk] * 500, b"');\n"))
    pieces = loadable(rows, server_version="10.11")
    assert max(len(piece) for piece in pieces if isinstance(piece, bytes)) <= len(chunk) + 64


VERSIONED = b"""-- Server version\t%b
CREATE TABLE `v` (
  `id` int(11)
) ENGINE=InnoDB WITH SYSTEM VERSIONING;
/*M!101100 SET @old_x=@@session.x, @@session.system_versioning_insert_history=1 */;
INSERT INTO `v` VALUES
('\\'%b\\'','2026-01-01 00:00:00.000000','%b'),
(',\\'%b\\',','%b',1);
DROP TABLE IF EXISTS `w`;
INSERT INTO `w` VALUES ('%b');
"""
EARLIER, LATER = b"2038-01-19 03:14:07.999999", b"2106-02-07 06:28:15.999999"


@pytest.mark.parametrize(
    ("dumped", "server", "end", "needed"),
    [
        (b"10.11.19-MariaDB", "11.8.6-MariaDB-0+deb13u1 from Debian", EARLIER, LATER),
        (b"11.5.1-MariaDB", "10.11.19-MariaDB", LATER, EARLIER),
        (b"10.6.1-MariaDB", "11.4.2-MariaDB", EARLIER, EARLIER),
        (b"11.8.1-MariaDB", "12.0.2-MariaDB", EARLIER, EARLIER),
    ],
)
@pytest.mark.parametrize("size", [1, 3, 29, 31, 1000])
def test_rows_with_history_that_are_valid_still_stay_so_on_the_other_kind_of_server(
    dumped: bytes, server: str, end: bytes, needed: bytes, size: int
) -> None:
    sql = VERSIONED % (dumped, end, end, end, end, end)
    expected = VERSIONED % (dumped, end, needed, end, needed, end)
    assert in_words(loadable(in_pieces(sql, size), server_version=server)) == expected + b"#complete\n"


@pytest.mark.parametrize("size", [1, 7, 4096])
def test_a_semicolon_that_would_end_a_definition_of_mysql_too_early_is_left_out(size: int) -> None:
    sql = OF_MYSQL % (b"; ", b"; ")
    pieces = loadable(in_pieces(sql, size), server_version="9.7.4-2")
    assert in_words(pieces) == OF_MYSQL % (b" ", b" ") + b"#complete\n"
