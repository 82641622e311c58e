"""What a statement says about the way from the old values of a column to the new ones."""

import pytest

from installer.postgresql.offenders.casts import is_cast_only


@pytest.mark.parametrize(
    ("clause", "is_cast"),
    [
        ("ALTER a TYPE int", False),
        ("ALTER COLUMN a SET DATA TYPE int", False),
        ("ALTER a TYPE int USING a::int", True),
        ('ALTER "a" TYPE r USING ("a"::text::"R_new")', True),
        ("ALTER a TYPE int USING ((a)::int)", None),
        ("ALTER a TYPE int USING length(a)", None),
        ("ALTER a TYPE int USING a + 1", None),
        ("ALTER a TYPE int USING b::int", None),
        ("ALTER b TYPE int USING length(b), ALTER a TYPE int", False),
        ("ALTER b TYPE int, ALTER a TYPE int USING a::int, ADD c int", True),
        ("ALTER A TYPE int USING A::int", True),
    ],
)
def test_only_casts_of_the_column_itself_are_known(clause: str, is_cast: bool | None) -> None:
    assert is_cast_only(f"ALTER TABLE t {clause}", "a") is is_cast
