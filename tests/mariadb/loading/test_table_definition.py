"""What of a table can be built after its rows, and which tables are left as they are."""

import pytest

from installer.mariadb.loading.table_definition import SplitDefinition, split_definition

ORDERS = b"""CREATE TABLE `odd ``name` (
  `id` bigint(20) NOT NULL AUTO_INCREMENT,
  `number` char(32) NOT NULL COMMENT 'it''s \\'the\\' "KEY `x` (`y`),"',
  `customer` bigint(20) DEFAULT NULL,
  `length` int(11) GENERATED ALWAYS AS (char_length(`number`)) VIRTUAL,
  PRIMARY KEY (`id`,`number`),
  UNIQUE KEY `u` (`number`(10) DESC),
  KEY `k ``k` (`customer`,`length`) COMMENT 'a, b',
  FULLTEXT KEY `f` (`number`),
  CONSTRAINT `c` FOREIGN KEY (`customer`) REFERENCES `customers` (`id`) ON DELETE SET NULL,
  CONSTRAINT `small` CHECK (`customer` < 10)
) ENGINE=InnoDB AUTO_INCREMENT=7 DEFAULT CHARSET=utf8mb4 COMMENT='x;y'
 PARTITION BY HASH (`id`)
PARTITIONS 2;"""


def table(*pieces: bytes, tail: bytes = b") ENGINE=InnoDB;") -> bytes:
    return b"\n".join([b"CREATE TABLE `t` (", b",\n".join(b"  " + piece for piece in pieces), tail])


def test_secondary_indexes_and_foreign_keys_come_later_in_their_order() -> None:
    assert split_definition(ORDERS) == SplitDefinition(
        create=b"""CREATE TABLE `odd ``name` (
  `id` bigint(20) NOT NULL AUTO_INCREMENT,
  `number` char(32) NOT NULL COMMENT 'it''s \\'the\\' "KEY `x` (`y`),"',
  `customer` bigint(20) DEFAULT NULL,
  `length` int(11) GENERATED ALWAYS AS (char_length(`number`)) VIRTUAL,
  PRIMARY KEY (`id`,`number`),
  CONSTRAINT `small` CHECK (`customer` < 10)
) ENGINE=InnoDB AUTO_INCREMENT=7 DEFAULT CHARSET=utf8mb4 COMMENT='x;y'
 PARTITION BY HASH (`id`)
PARTITIONS 2;""",
        add_indexes=b"ALTER TABLE `odd ``name` ADD UNIQUE KEY `u` (`number`(10) DESC),"
        b" ADD KEY `k ``k` (`customer`,`length`) COMMENT 'a, b', ADD FULLTEXT KEY `f` (`number`)",
        add_foreign_keys=b"ALTER TABLE `odd ``name` ADD CONSTRAINT `c` FOREIGN KEY (`customer`)"
        b" REFERENCES `customers` (`id`) ON DELETE SET NULL",
    )


@pytest.mark.parametrize(
    "definition",
    [
        table(b"`id` int(11) NOT NULL", b"PRIMARY KEY (`id`)"),
        table(b"`a` int(11) NOT NULL", b"UNIQUE KEY `u` (`a`)"),
        table(b"`id` int(11)", b"`n` int(11) AUTO_INCREMENT", b"PRIMARY KEY (`id`)", b"KEY `n` (`n`)"),
        table(b"`n` int(11) NOT NULL AUTO_INCREMENT", b"KEY `n` (`n`)"),
        table(b"`id` int(11)", b"`b` text", b"PRIMARY KEY (`id`)", b"UNIQUE KEY `b` (`b`) USING HASH"),
        table(b"`a` int(11)", b"KEY `a` (`a`)", tail=b") ENGINE=MyISAM;"),
        table(b"`a` int(11)", b"KEY `a` (`a`)", tail=b") ENGINE=InnoDB WITH SYSTEM VERSIONING;"),
        table(b"`a` int(11)", b"KEY `a` (`a`)", b"PERIOD FOR `p` (`s`, `e`)"),
        table(b"`a` int(11)", b"KEY `a` (`a`)", b"SOMETHING NEW `x`"),
        table(b"`a\n  KEY ``x`` (``y``),\n b` int(11)", b"KEY `a` (`b`)"),
        table(b"`a` int(11) COMMENT 'no end", b"KEY `a` (`a`)"),
        table(b"a int(11)", b"KEY a (a)"),
        b"CREATE TABLE `t` (\n  `a` int(11),\n  KEY `a` (`a`)",
        b"",
    ],
)
def test_a_table_that_needs_its_indexes_or_is_not_understood_is_left_alone(definition: bytes) -> None:
    assert split_definition(definition) is None


def test_a_table_without_a_primary_key_can_wait_for_indexes_that_are_not_unique() -> None:
    split = split_definition(table(b"`a` int(11) DEFAULT NULL", b"KEY `a` (`a`)"))
    assert split == SplitDefinition(
        table(b"`a` int(11) DEFAULT NULL"), b"ALTER TABLE `t` ADD KEY `a` (`a`)", b""
    )
