import pytest

from installer.mariadb.engine import MARIADB
from installer.mariadb.server.series import are_same, series_of, series_of_version
from installer.operations.way_back.rollback_obstacles import judge_series


@pytest.mark.parametrize(
    ("reference", "series"),
    [
        ("mariadb:10.11.8-jammy", (10, 11)),
        ("registry.example:5000/mysql:8.4@sha256:aa", (8, 4)),
        ("registry.example:5000/mysql", ()),
        ("mariadb:lts", ()),
        ("mariadb@sha256:10ab", ()),
    ],
)
def test_the_series_is_read_from_the_tag(reference, series) -> None:
    assert series_of(reference) == series


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("mariadb:10", "mariadb:10.11", True),
        ("mariadb:10.11", "mariadb:10.11.8", True),
        ("mariadb:lts", "mariadb:10.11", True),
        ("mariadb:10.11", "mariadb:11", False),
        ("mysql:8.0", "mysql:8.4", False),
    ],
)
def test_a_tag_that_says_less_may_be_the_same_series(one: str, other: str, same: bool) -> None:
    assert are_same(series_of(one), series_of(other)) is same
    assert are_same(series_of(other), series_of(one)) is same


def test_going_back_judges_the_servers_by_their_own_words_and_no_tag() -> None:
    assert series_of_version("11.4.2-MariaDB-ubu2404") == (11, 4)
    assert list(judge_series(MARIADB, "10.11.8-MariaDB-log", "10.11.19-MariaDB")) == []
    assert list(judge_series(MARIADB, "10.11.8-MariaDB", "11.4.2-MariaDB")) == [
        "The newer server changed the files, and no copy of them is left: 10.11.8-MariaDB cannot read them."
    ]
