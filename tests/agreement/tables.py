"""The tables that every statement of the grammar meets, and their rows: whatever is legal and nasty."""

from collections.abc import Iterator

SCHEMA = """\
CREATE TABLE p (
    id INT NOT NULL PRIMARY KEY, code VARCHAR(20) NOT NULL, region CHAR(2) NULL, UNIQUE KEY p_code (code)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
CREATE TABLE t (
    id INT NOT NULL PRIMARY KEY,
    tiny TINYINT NULL, n INT NULL, u INT UNSIGNED NULL, big BIGINT NULL,
    price DECIMAL(12, 4) NULL, dbl DOUBLE NULL, flt FLOAT NULL,
    name VARCHAR(40) NULL, wide VARCHAR(300) NULL, code CHAR(10) NULL, txt TEXT NULL,
    lat VARCHAR(40) CHARACTER SET latin1 NULL, bin VARBINARY(20) NULL, digits VARCHAR(20) NULL,
    kind ENUM('new', 'old', '1', 'Zoë') NULL, flags SET('x', 'y', 'z') NULL,
    day DATE NULL, moment DATETIME(3) NULL, stamp TIMESTAMP(3) NULL, clock TIME(3) NULL, yr YEAR NULL,
    doc JSON NULL, up INT NULL, ref INT NULL,
    tag VARCHAR(20) COLLATE utf8mb4_bin NULL, need VARCHAR(20) NOT NULL,
    amount INT NOT NULL DEFAULT 0, side CHAR(2) NOT NULL DEFAULT 'l',
    UNIQUE KEY t_tag (tag), UNIQUE KEY t_both (amount, side), KEY t_name (name), KEY t_pair (n, need),
    KEY t_up (up), KEY t_ref (ref),
    CONSTRAINT t_tiny CHECK (tiny >= -128),
    CONSTRAINT t_p FOREIGN KEY (ref) REFERENCES p (id)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
CREATE TABLE k (
    id INT NOT NULL PRIMARY KEY, t_id INT NULL, CONSTRAINT k_t FOREIGN KEY (t_id) REFERENCES t (id)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
CREATE TABLE g (
    id INT NOT NULL PRIMARY KEY, a INT NULL, b VARCHAR(10) NULL,
    v INT AS (a * 2) VIRTUAL, s INT AS (a * 2) STORED
) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
CREATE TABLE bare (id INT NULL, a INT NULL, b VARCHAR(20) NULL)
    CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
CREATE TABLE auto (
    id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, name VARCHAR(20) NOT NULL DEFAULT 'x', n INT NULL,
    UNIQUE KEY auto_name (name)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
"""
LONG, BLANKS = "x" * 300, "ab" + " " * 298
VALUES: dict[str, tuple[object, ...]] = {
    "tiny": (-128, 127, 0, None, 5),
    "n": (-(2**31), 2**31 - 1, 0, 5, None, 300, -1),
    "u": (0, 2**32 - 1, 7, None),
    "big": (-(2**63), 2**63 - 1, 0, 2**24 + 1, None),
    "price": ("0.0050", "2.5000", "-2.5000", "99999999.9999", "-99999999.9999", "12.3450", None, 0, 100),
    "dbl": (0.1, 2.5, -0.5, 1e300, 2**24 + 1, None, 0, 5),
    "flt": (0.1, 2.5, 3e38, 0, None),
    "name": (
        "kim",
        "KIM",
        "kim ",
        "straße",
        "strasse",
        "",
        " ",
        None,
        "😀",
        "한글",
        "y" * 40,
        "ab" + " " * 30,
    ),
    "wide": (LONG, BLANKS, "", None, "é" * 200, "short"),
    "code": ("A", "a", "ABCDEFGHIJ", "", None),
    "txt": ("x" * 65535, "😀", "a ", "", None, "z" * 200 + " " * 200),
    "lat": ("é", "plain", "€", "", None, "tail "),
    "bin": (b"\0", b"\xff\xfe", b"ab ", b"", None, b"plain"),
    "digits": (
        *("12", " 12", "12x", "1.5", "1e3", "", "-7", None),
        *("2026-02-30", "2026-01-01", "99999999999", "10:00:00.5"),
    ),
    "kind": ("new", "1", "", None, "Zoë", "old"),
    "flags": ("", "x", "x,z", None),
    "day": ("0000-00-00", "2026-00-10", "2026-02-28", "9999-12-31", None, "1969-12-31"),
    "moment": (
        *("0000-00-00", "2026-01-01 10:00:00.500", "2026-12-31 23:59:59.999", "1969-12-31 23:59:59"),
        *("2038-01-20", None, "2026-05-05"),
    ),
    "stamp": ("1970-01-02", "2026-01-01 00:00:00.567", "2038-01-19 03:14:07.999", None, 0),
    "clock": ("838:59:59", "-10:00:00.5", "00:00:00", "12:34:56.999", None),
    "yr": (0, 1901, 2155, None, 2000),
    "doc": ('{"a": 1}', "[]", None),
    "up": (1, 2, 99, None),
    "ref": (1, 2, None),
    "tag": ("a", "A", "á", "b", None, "ss", "ß", "😀", "😁", "c", "", "12"),
    "need": ("v1", "", "v 3", "V1"),
    "amount": (0, 1, 2, 3, 4, 5),
    "side": ("l", "l", "l", "l", "l", "l", "r", "r", "r", "r", "r", "r"),
}
ROW_COUNT = 12
OTHERS = """\
INSERT INTO p VALUES (1, 'one', 'kr'), (2, 'two', NULL);
INSERT INTO k VALUES (1, 1), (2, 3), (3, NULL);
INSERT INTO g (id, a, b) VALUES (1, 1, 'x'), (2, NULL, 'x '), (3, 1, NULL), (4, 700, '');
INSERT INTO bare VALUES (1, 1, 'x'), (2, 1, 'X'), (3, NULL, NULL), (4, 5, '');
INSERT INTO auto VALUES (1, 'x', 1), (2, 'y', 1), (7, '', NULL);
"""
TABLES = ("p", "t", "k", "g", "bare", "auto")


def rows() -> Iterator[tuple[object, ...]]:
    """The rows of `t`, each column's values in turn."""
    for at in range(ROW_COUNT):
        yield (at + 1, *(values[at % len(values)] for values in VALUES.values()))
