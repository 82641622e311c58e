"""What must be equal after a conversion, and what each version writes in its own way."""

from dataclasses import replace

import pytest

from installer.database.values.picture import Picture, TableContent
from installer.postgresql.conversion.converted_content import conversion_differences

BEFORE = Picture(
    {"database": {"owner": "postgres"}, "table": {"orders": "CREATE TABLE"}, "view": {"v": "SELECT v.id"}},
    {"orders": TableContent(2, 77)},
    {"orders_id_seq": 3},
    None,
    {"clerk": ("ALTER ROLE clerk",)},
)
NOW = replace(BEFORE, definitions={**BEFORE.definitions, "view": {"v": "SELECT id"}})


def test_a_definition_that_the_new_version_writes_otherwise_is_the_same() -> None:
    assert conversion_differences(BEFORE, NOW, same_texts=True) == ()


@pytest.mark.parametrize(
    ("now", "line"),
    [
        (replace(NOW, definitions={**NOW.definitions, "view": {}}), "missing: view v"),
        (replace(NOW, definitions={**NOW.definitions, "index": {"i": ""}}), "new: index i"),
        (
            replace(NOW, definitions={**NOW.definitions, "database": {"owner": "x"}}),
            "different: database owner",
        ),
        (replace(NOW, tables={"orders": TableContent(1, 77)}), "orders: 1 rows instead of 2"),
        (replace(NOW, tables={}), "orders: - rows instead of 2"),
        (replace(NOW, tables={"orders": TableContent(2, 78)}), "orders: values in its rows differ"),
        (replace(NOW, positions={"orders_id_seq": 1}), "orders_id_seq: the next number is 1 instead of 3"),
        (replace(NOW, migrations=()), "_prisma_migrations: the rows differ"),
        (replace(NOW, grants={}), "missing: the rights of clerk"),
    ],
)
def test_everything_else_is_a_difference(now: Picture, line: str) -> None:
    assert conversion_differences(BEFORE, now, same_texts=True) == (line,)


def test_checksums_say_nothing_where_versions_write_values_otherwise() -> None:
    now = replace(NOW, tables={"orders": TableContent(2, 78)})
    assert conversion_differences(BEFORE, now, same_texts=False) == ()
