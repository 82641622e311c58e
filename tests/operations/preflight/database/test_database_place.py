from dataclasses import replace
from pathlib import Path

import pytest

from installer.operations.plan.import_plan import PlannedDatabase, Situation, Snapshot
from installer.operations.plan.planned_conversion import Conversion
from installer.operations.preflight.database.database_place import (
    data_mount,
    judge_place,
    judge_server,
    unknown_server,
)
from installer.operations.preflight.database.database_product import judge_product
from installer.operations.preflight.findings.finding import Finding, failed, ok, warning
from installer.system.compose.compose import Mount
from tests.operations.decisions.test_shared_data import situation

KEPT = Snapshot(Path("/v/db/_data"), Path("/v/kept/_data"), "kept")
FOLDER = Mount("bind", "/srv/vault/data", "/var/lib/mysql", False)
NAMED = Mount("volume", "vault_data", "/var/lib/mysql", False)
ANONYMOUS = Mount("volume", "9b71" * 16, "/var/lib/mysql", False)
WORDS = ["Now: mariadb:10.11; in the release: mariadb:11.4"]


def test_the_mount_that_holds_the_data_is_found_among_others() -> None:
    assert data_mount([Mount("bind", "/x", "/etc/mysql", True), FOLDER]) == FOLDER
    assert data_mount([]) is None


@pytest.mark.parametrize("mount", [FOLDER, NAMED])
def test_data_in_a_folder_or_a_named_volume_passes(mount) -> None:
    assert list(judge_place("db", mount, "/var/lib/mysql")) == [
        ok(f"The database's files are in {mount.source}")
    ]


@pytest.mark.parametrize(
    ("mount", "where"),
    [
        (ANONYMOUS, "The files are in the anonymous volume 9b719b719b71."),
        (None, "The files are inside the container."),
    ],
)
def test_data_that_would_be_lost_with_the_container_fails(mount, where) -> None:
    assert list(judge_place("db", mount, "/var/lib/mysql")) == [
        failed(
            "The database's files would be lost when the container db is deleted.",
            [where],
            hint="First move the files to a folder or named volume, and mount it at /var/lib/mysql.",
        )
    ]


def judged_server(old: str, new: str, found: Situation) -> list[Finding]:
    return list(judge_server(old, new, found, found.plan.databases[0]))


@pytest.mark.parametrize("image", ["mariadb:10.11", "mariadb:10.11.8", "mariadb:10"])
def test_the_same_server_is_fine(tmp_path: Path, image: str) -> None:
    assert judged_server("mariadb:10.11", image, situation(tmp_path, "move")) == []


@pytest.mark.parametrize(("mode", "snapshot"), [("copy", None), ("move", KEPT)])
def test_a_newer_server_is_a_warning_while_the_old_files_are_kept(tmp_path: Path, mode, snapshot) -> None:
    found = situation(tmp_path, mode)
    found = replace(found, plan=replace(found.plan, databases=(PlannedDatabase("db", snapshot),)))
    assert judged_server("mariadb:10.11", "mariadb:11.4", found) == [
        warning("The release brings a newer database server; the old files are kept for a rollback.", WORDS)
    ]


def test_a_newer_server_on_the_only_files_fails_and_says_why_there_is_no_copy(tmp_path: Path) -> None:
    found = situation(tmp_path, "move")
    state = tuple(replace(item, is_copied=False) for item in found.plan.state)
    found = replace(
        found,
        plan=replace(found.plan, state=state),
        way_back=("Rollback would take about 9 minutes, because",),
    )
    assert judged_server("mariadb:10.11", "mariadb:11.4", found) == [
        failed(
            "The release brings a newer database server, and a rollback would not be possible.",
            [*WORDS, "Rollback would take about 9 minutes, because"],
            hint="A copy of the database's files is required."
            " Make room for it, then run with: --snapshot always",
        )
    ]


def test_a_newer_postgresql_is_converted_as_the_plan_says(tmp_path: Path) -> None:
    found = situation(tmp_path, "move")
    conversion = Conversion("PostgreSQL", "15", "17", "vault_new", None, ".", 1)
    planned = PlannedDatabase("db", conversion=conversion)
    assert [
        list(judge_server("postgres:15", "postgres:17", found, one))
        for one in (planned, PlannedDatabase("db"))
    ] == [[ok("The database will be converted from PostgreSQL 15 to 17")], []]


@pytest.mark.parametrize(
    ("old", "running", "new", "before", "after"),
    [
        ("mysql:9.7", None, "mariadb:11.8", "MySQL", "MariaDB"),
        ("mariadb:10.11", "MariaDB", "mysql:8.4", "MariaDB", "MySQL"),
        ("mysql:8", "MariaDB", "percona:8", "MariaDB", "MySQL"),
        ("registry.example/team/database:1", "MySQL", "bitnami/mariadb:11.8", "MySQL", "MariaDB"),
        ("mariadb:11.8", None, "postgres:17", "MariaDB", "PostgreSQL"),
    ],
)
def test_a_server_of_another_product_always_fails(
    old: str, running: str | None, new: str, before: str, after: str
) -> None:
    said = [f"The running server says that it is {running}."] if running else []
    assert list(judge_product(old, running, new)) == [
        failed(
            f"The release brings {after} instead of {before}, and {after} cannot read the data of {before}.",
            [f"Now: {old}; in the release: {new}", *said],
            hint=f"Ask the vendor for a package with {before}.",
        )
    ]


@pytest.mark.parametrize(
    ("old", "running", "new"),
    [
        ("mysql:8.4", "MySQL", "mysql:9.7"),
        ("mysql:8.4", None, "percona/percona-server:8.4"),
        ("registry.example/team/database:1", "MySQL", "registry.example/team/database:2"),
        ("mysql:8", "MariaDB", "mysql:9"),  # a MariaDB in an image of that name
    ],
)
def test_a_server_of_the_same_product_or_repository_is_fine(old: str, running: str | None, new: str) -> None:
    assert list(judge_product(old, running, new)) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [("postgres:17", "bitnami/postgresql:17"), ("site.example/bitnamilegacy/mariadb:11", "mariadb:11")],
)
def test_a_change_between_an_image_of_bitnami_and_another_one_fails(old: str, new: str) -> None:
    assert list(judge_product(old, None, new)) == [
        failed(
            "The release changes between an image of Bitnami and another one, "
            "which store data in other places.",
            [f"Now: {old}; in the release: {new}"],
            hint="Ask the vendor for a package with an image of the same kind.",
        )
    ]


def test_a_server_whose_tag_does_not_say_its_version_is_a_warning() -> None:
    assert unknown_server("mariadb:10.11", "mariadb:lts") == warning(
        "The new database server may be newer: its version cannot be determined from the image tag.",
        ["Now: mariadb:10.11; in the release: mariadb:lts"],
        hint="Ask the vendor which server it is."
        " A newer one converts the data, and the old one can no longer read it.",
    )


def test_an_older_server_always_fails(tmp_path: Path) -> None:
    found = judged_server("mariadb:11.4", "mariadb:10.11", situation(tmp_path, "copy"))
    assert [finding.level for finding in found] == ["failed"]
