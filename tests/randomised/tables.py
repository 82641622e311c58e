"""Tables: columns, keys, foreign keys, checks, partitions, history, storage engines, and their rows."""

from collections.abc import Sequence
from dataclasses import dataclass

from installer.mariadb.server.queries import quoted
from tests.randomised.columns import Column, any_column
from tests.randomised.dice import Dice, literal

STORAGE = ("InnoDB", "InnoDB", "InnoDB", "InnoDB", "MyISAM", "Aria")
COLLATIONS = (
    "utf8mb4_unicode_ci", "utf8mb4_bin", "utf8mb4_general_ci", "latin1_german2_ci", "euckr_korean_ci",
    "utf8mb4_uca1400_ai_ci",
)  # fmt: skip
PARTITIONS = (
    "HASH (site) PARTITIONS 3",
    "KEY (site) PARTITIONS 2",
    "RANGE (site) (PARTITION `p 0` VALUES LESS THAN (2), PARTITION p1 VALUES LESS THAN MAXVALUE COMMENT 'é')",
    "LIST (site) (PARTITION p0 VALUES IN (1, 2), PARTITION p1 VALUES IN (3))",
    "RANGE COLUMNS (site, id) (PARTITION p0 VALUES LESS THAN (2, 5), PARTITION p VALUES LESS THAN (9, 9999))",
    "RANGE (site) SUBPARTITION BY HASH (id) SUBPARTITIONS 2 (PARTITION p0 VALUES LESS THAN MAXVALUE)",
)
KEYS = ("PRIMARY KEY (id, site)", "PRIMARY KEY (site, id)", "UNIQUE KEY (id, site)", "KEY (id, site)")
ON_CHANGE = ("", " ON DELETE CASCADE", " ON DELETE SET NULL ON UPDATE CASCADE", " ON DELETE NO ACTION")
PERIOD = (
    "`since when` TIMESTAMP(6) GENERATED ALWAYS AS ROW START,"
    " until TIMESTAMP(6) GENERATED ALWAYS AS ROW END INVISIBLE, PERIOD FOR SYSTEM_TIME (`since when`, until)"
)
COUNTED = "AUTO_INCREMENT"


@dataclass(frozen=True)
class Table:
    """One table. It always has the columns `id` and `site`, together different in every row."""

    name: str
    columns: tuple[Column, ...]
    create: str
    rows: tuple[str, ...]
    is_parent: bool
    keeps_history: bool

    @property
    def sql(self) -> str:
        """The name for statements."""
        return quoted(self.name)


def any_table(dice: Dice, number: int, earlier: Sequence[Table], sequences: Sequence[str]) -> Table:
    """A table of any kind; foreign keys go to `earlier` ones or to itself."""
    name, engine = dice.name(f"t{number}"), dice.choice(STORAGE)
    history = engine == "InnoDB" and dice.happens(0.25)
    partition = dice.choice(PARTITIONS) if not history and dice.happens(0.2) else ""
    made = [any_column(dice, place) for place in range(dice.randint(0, 6))]
    columns = tuple(column for column in made if not partition or not column.is_spatial)
    unique = dice.choice(KEYS[:2] if partition else KEYS)
    parent = _parent(dice, name, earlier, unique) if engine == "InnoDB" and not partition else None
    parts = [
        *_own_columns(dice, unique, sequences),
        *(column.definition for column in columns),
        *_generated(dice, columns),
        unique,
        *_indexes(dice, columns, engine, bool(partition)),
        *_checks(dice, number),
        *([PERIOD] if history and dice.happens(0.3) else []),
        *(["up INT UNSIGNED NULL", "up_site INT NULL", _foreign_key(dice, number, parent)] if parent else []),
    ]
    end = " ".join([_options(dice, engine), *(["WITH SYSTEM VERSIONING"] if history else [])])
    body = ",\n  ".join(parts)
    create = f"CREATE TABLE {quoted(name)} (\n  {body}\n) {end}"
    create += f"\nPARTITION BY {partition}" if partition else ""
    may_be_parent = engine == "InnoDB" and not partition and unique.startswith(("PRIMARY KEY (id", "UNIQUE"))
    rows = _rows(dice, name, columns, parent)
    return Table(name, columns, create, rows, may_be_parent, history)


def _own_columns(dice: Dice, unique: str, sequences: Sequence[str]) -> list[str]:
    counted = f" {COUNTED}" if unique[unique.index("(") :].startswith("(id") and dice.happens(0.6) else ""
    site = dice.choice(sequences) if sequences and dice.happens(0.2) else None
    default = f"NEXTVAL({quoted(site)})" if site else "1"
    return [f"id INT UNSIGNED NOT NULL{counted}", f"site INT NOT NULL DEFAULT {default}"]


def _generated(dice: Dice, columns: Sequence[Column]) -> list[str]:
    texts = [column for column in columns if column.type.startswith("VARCHAR(40)")]
    made = ["double_site INT GENERATED ALWAYS AS (site * 2) " + dice.choice(("STORED", "VIRTUAL INVISIBLE"))]
    made += [f"loud VARCHAR(99) AS (UPPER({quoted(column.name)})) VIRTUAL" for column in texts[:1]]
    return dice.some(made, 2)


def _indexes(dice: Dice, columns: Sequence[Column], engine: str, is_parted: bool) -> list[str]:
    plain = [column for column in columns if column.can_be_indexed]
    found = [f"KEY {quoted(dice.name(f'k{n}'))} ({quoted(column.name)}{dice.choice(('', ' DESC'))})"
             for n, column in enumerate(dice.some(plain, 2))]  # fmt: skip
    found += [f"KEY ({quoted(column.name)}(3)) COMMENT {literal(dice.text())}" for column in columns
              if column.type == "LONGTEXT"][:1]  # fmt: skip
    found += ["KEY ignored_one (site) IGNORED"] if dice.happens(0.2) else []
    words = [column for column in columns if column.is_text and "utf32" not in column.type
             and "ucs2" not in column.type and "COMPRESSED" not in column.type]  # fmt: skip
    if words and not is_parted and dice.happens(0.3):
        found.append(f"FULLTEXT KEY ft ({quoted(words[0].name)})")
    if not is_parted and dice.happens(0.2):
        found += ["place POINT NOT NULL DEFAULT (POINT(3, 4))", "SPATIAL KEY (place)"]
    return found


def _checks(dice: Dice, number: int) -> list[str]:
    made = [
        f"CONSTRAINT {quoted(dice.name(f'check{number}'))} CHECK (site < 1000 and 'it''s;' <> ';;')",
        "CHECK (site + 1 > 0)",
    ]
    return dice.some(made, 2)


def _options(dice: Dice, engine: str) -> str:
    words = [f"ENGINE={engine}", f"COLLATE={dice.choice(COLLATIONS)}"]
    words += [f"COMMENT={literal(dice.text())}"] if dice.happens(0.5) else []
    words += [f"AUTO_INCREMENT={dice.randint(100, 10**6)}"] if dice.happens(0.4) else []
    words += ["PAGE_CHECKSUM=1 TRANSACTIONAL=1"] if engine == "Aria" else []
    words += ["ROW_FORMAT=DYNAMIC"] if engine != "Aria" and dice.happens(0.2) else []
    words += ["STATS_PERSISTENT=0 PAGE_COMPRESSED=1"] if engine == "InnoDB" and dice.happens(0.1) else []
    return " ".join(words)


def _parent(dice: Dice, name: str, earlier: Sequence[Table], unique: str) -> str | None:
    candidates = [table.name for table in earlier if table.is_parent]
    candidates += [name] if unique.startswith(("PRIMARY KEY (id", "UNIQUE")) else []
    return dice.choice(candidates) if candidates and dice.happens(0.5) else None


def _foreign_key(dice: Dice, number: int, parent: str) -> str:
    called = quoted(dice.name(f"fk{number}"))
    change = dice.choice(ON_CHANGE)
    return f"CONSTRAINT {called} FOREIGN KEY (up, up_site) REFERENCES {quoted(parent)} (id, site){change}"


def _rows(dice: Dice, name: str, columns: Sequence[Column], parent: str | None) -> tuple[str, ...]:
    """INSERTs with gaps in the numbers, then an UPDATE and a DELETE, so that there is a past."""
    count, made = dice.randint(0, 6), []
    for number in range(count):
        values = [str(number * dice.randint(1, 3) * 10 + number + 1), str(number % 3 + 1)]
        names = ["id", "site"]
        for column in columns:
            names.append(quoted(column.name))
            values.append(column.value(dice))
        made.append(f"INSERT INTO {quoted(name)} ({', '.join(names)}) VALUES ({', '.join(values)})")
    if parent and count and dice.happens(0.7):
        made.append(
            f"UPDATE IGNORE {quoted(name)} SET up = (SELECT MIN(id) FROM {quoted(parent)} AS p), up_site = 1"
        )
    made += [f"UPDATE IGNORE {quoted(name)} SET site = site + 0, id = id + 1000 WHERE id % 2"] * dice.randint(
        0, 1
    )
    made += [f"DELETE IGNORE FROM {quoted(name)} ORDER BY id DESC LIMIT 1"] * dice.randint(0, 1)
    return tuple(made)
