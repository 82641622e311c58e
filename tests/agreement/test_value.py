import pytest

from tests.agreement.value import is_same, value_of


@pytest.mark.parametrize(
    ("before", "after", "is_kept"),
    [
        (("decimal", "1.50"), ("double", "1.5"), True),
        (("decimal", "1.50"), ("int", "2"), False),
        (("varchar", " 12"), ("int", "12"), False),
        (("varchar", "12"), ("int", "12"), True),
        (("varchar", "ab "), ("char", "ab"), False),
        (("varchar", "12 "), ("varchar", "12"), False),
        (("date", "2026-01-02"), ("datetime", "2026-01-02 00:00:00.000"), True),
        (("datetime", "2026-01-02 10:00:00.500"), ("datetime", "2026-01-02 10:00:00"), False),
        (("datetime", "2026-01-02 10:00:00.500"), ("datetime", "2026-01-02 10:00:00.500000"), True),
        (("datetime", "2026-01-02 00:00:00"), ("bigint", "20260102000000"), False),
        (("time", "-10:00:00.500"), ("varchar", "-10:00:00.5"), True),
        (("set", "x,z"), ("set", "z,x"), True),
        (("enum", "1"), ("enum", "new"), False),
        (("int", None), ("int", "0"), False),
        (("varbinary", b"\xff"), ("binary", b"\xff\0"), False),
    ],
)
def test_a_value_is_the_same_as_long_as_nothing_is_lost(
    before: tuple[str, str | bytes | None], after: tuple[str, str | bytes | None], is_kept: bool
) -> None:
    assert is_same(value_of(*before), value_of(*after)) is is_kept
