"""Names of migration folders, as Prisma would give them."""

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installer.bundle.layout import path_problem
from installer.bundle.sql.migrations import migration_date
from installer.errors import UsageProblem
from packager.migration.migration_name import migration_folder, sanitised

NOW = datetime(2026, 1, 5, 16, 2, 45, tzinfo=timezone(timedelta(hours=9)))


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("add_user_department", "add_user_department"),
        ("Add user's Team!", "add_user_s_team"),
        ("addUserTeam", "add_user_team"),
        ("  a--b__c  ", "a_b_c"),
        ("this & that", "this_and_that"),
        ("Größe ändern", "grosse_andern"),
        ("v2 tables", "v2_tables"),
        ("../../etc", "etc"),
        ("사용자 v2", "v2"),
        ("x" * 300, "x" * 200),
    ],
)
def test_words_become_what_prisma_makes_of_them(words: str, name: str) -> None:
    assert sanitised(words) == name


def test_the_time_is_utc() -> None:
    assert migration_folder("init", NOW) == "20260105070245_init"


def test_a_name_of_nothing_is_refused() -> None:
    with pytest.raises(UsageProblem):
        migration_folder("사용자", NOW)


@given(st.text())
def test_any_name_is_a_folder_of_a_package_or_refused(words: str) -> None:
    try:
        folder = migration_folder(words, NOW)
    except UsageProblem:
        return
    assert (path_problem(folder), migration_date(folder)) == (None, NOW.astimezone(timezone.utc).date())
