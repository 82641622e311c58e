"""Backups that one command made of several databases belong together, and are restored together."""

import io
from pathlib import Path

import pytest

from installer.database.records.backup_record import Backup
from installer.errors import Refused
from installer.operations.backups.backup_sets import made_together, newest_set
from installer.operations.backups.listing import backup_documents, backup_rows, headings
from installer.screen.console import Console
from tests.operations.backups.test_retention import made

SERVICES = ("users-db", "orders-db")


def made_of(folder: Path, hours: int, *services: str) -> tuple[Backup, ...]:
    """Backups of these services, made by one command."""
    return tuple(made(folder, hours, service=service) for service in services)


def test_the_newest_that_were_made_together_are_restored_and_a_newer_single_one_is_named(
    tmp_path: Path,
) -> None:
    made_of(tmp_path, 1, *SERVICES)
    users, orders = made_of(tmp_path, 2, *SERVICES)
    (newer,) = made_of(tmp_path, 3, "users-db")
    story = io.StringIO()
    found = newest_set(newer.path.parent, ("orders-db", "users-db"), Console(story=story))
    assert [one.path for one in found] == [orders.path, users.path]
    assert story.getvalue() == f"Warning: Newer, but not of all databases, and not used: {newer.path.name}\n"


def test_backups_of_different_moments_are_not_restored_together(tmp_path: Path) -> None:
    (users,) = made_of(tmp_path, 1, "users-db")
    (orders,) = made_of(tmp_path, 2, "orders-db")
    with pytest.raises(Refused) as refused:
        newest_set(users.path.parent, SERVICES, Console(story=io.StringIO()))
    assert (refused.value.happened, refused.value.details) == (
        f"There are no backups in {users.path.parent} that were made together of all databases.",
        (f"The newest of users-db: {users.path.name}", f"The newest of orders-db: {orders.path.name}"),
    )


def test_the_list_shows_which_backups_were_made_together(tmp_path: Path) -> None:
    together = made_of(tmp_path, 1, *SERVICES)
    alone = made_of(tmp_path, 2, "users-db")
    assert headings((*together, *alone))[-1] == "Made together with"
    assert [row[-1] for row in backup_rows((*together, *alone))] == ["orders-db", "users-db", ""]
    assert [one["made_together_with"] for one in backup_documents((*together, *alone), {})] == [
        [together[1].path.name],
        [together[0].path.name],
        [],
    ]


def test_a_list_of_single_backups_has_no_column_for_others(tmp_path: Path) -> None:
    alone = (made(tmp_path, 1), made(tmp_path, 2))
    assert (headings(alone)[-1], {len(row) for row in backup_rows(alone)}) == ("Rows", {5})
    assert made_together(alone) == {one.path: () for one in alone}
