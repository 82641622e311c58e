"""What a statement says, whatever its quotes and comments hide."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installer.bundle.sql.statement_words import (
    begins_with,
    is_surely_one,
    names_in,
    reaches_into,
    renamed_columns,
    words_of,
)


def test_comments_are_no_words_and_quoted_names_keep_their_letters() -> None:
    sql = "ALTER /* x.y */ TABLE `Odd ``Name``` ADD c INT DEFAULT 'it''s; `z`' -- trailing"
    assert [word.upper for word in words_of(sql)] == [
        "ALTER", "TABLE", "", "ADD", "C", "INT", "DEFAULT", "",
    ]  # fmt: skip
    assert names_in(sql) == {"alter", "table", "odd `name`", "add", "c", "int", "default"}


def test_the_beginning_is_recognised_word_by_word() -> None:
    assert begins_with("  create\n unique INDEX i ON t (a)", "CREATE", "INDEX|UNIQUE")
    assert not begins_with("CREATE", "CREATE", "INDEX|UNIQUE")
    assert not begins_with("`ALTER` TABLE", "ALTER")


@pytest.mark.parametrize(
    "sql",
    [
        "DROP TABLE Live.users",
        "DROP TABLE `live` . `users`",
        'DROP TABLE "live".users',
        "/*!DROP TABLE live.x*/",
    ],
)
def test_a_name_of_another_schema_is_seen(sql: str) -> None:
    assert reaches_into(sql, ["live"])


@pytest.mark.parametrize(
    "sql", ["SELECT 'live.users'", "SELECT live", "SELECT 1.5 -- live.users", "SELECT alive.x"]
)
def test_what_only_looks_like_it_is_not(sql: str) -> None:
    assert not reaches_into(sql, ["live"])


def test_renamed_columns_are_found_by_their_new_name() -> None:
    sql = (
        "ALTER TABLE t CHANGE COLUMN a b INT, RENAME COLUMN `c` TO `d`, CHANGE e f TEXT, RENAME INDEX g TO h"
    )
    assert renamed_columns(sql) == {"b": "a", "d": "c", "f": "e"}


def test_a_semicolon_that_may_stand_outside_of_a_text_makes_it_doubtful() -> None:
    assert is_surely_one("ALTER TABLE t ADD a INT -- ; no harm")
    assert is_surely_one("ALTER TABLE t COMMENT 'it''s; \"fine\"', ADD `a;b` INT COMMENT \"c;d\"")
    assert not is_surely_one("ALTER TABLE t COMMENT 'a;b'; DROP TABLE t")
    assert not is_surely_one("ALTER TABLE t COMMENT 'a; DROP TABLE t")
    assert not is_surely_one("ALTER TABLE t COMMENT 'a;b', ADD a VARCHAR(9) DEFAULT '\\\\'")
    assert not is_surely_one("ALTER TABLE t COMMENT '\\'; DROP TABLE t; -- '")


@given(st.text())
def test_any_text_has_words_that_lie_in_order(sql: str) -> None:
    places = [(word.start, word.end) for word in words_of(sql)]
    assert all(start < end for start, end in places)
    assert places == sorted(places)
