import pytest

from installer.operations.preflight.database_place import (
    data_mount,
    judge_place,
    judge_server,
    series_of,
    unknown_server,
)
from installer.operations.preflight.finding import failed, ok, warning
from installer.system.compose import Mount

FOLDER = Mount("bind", "/srv/vault/data", "/var/lib/mysql", False)
NAMED = Mount("volume", "vault_data", "/var/lib/mysql", False)
ANONYMOUS = Mount("volume", "9b71" * 16, "/var/lib/mysql", False)
WORDS = ["Now: mariadb:10.11; in the release: mariadb:11.4"]


def test_the_mount_that_holds_the_data_is_found_among_others() -> None:
    assert data_mount([Mount("bind", "/x", "/etc/mysql", True), FOLDER]) == FOLDER
    assert data_mount([]) is None


@pytest.mark.parametrize("mount", [FOLDER, NAMED])
def test_data_in_a_folder_or_a_named_volume_passes(mount) -> None:
    assert list(judge_place("db", mount)) == [ok(f"The database's files are in {mount.source}")]


@pytest.mark.parametrize(
    ("mount", "where"),
    [
        (ANONYMOUS, "They are in the anonymous volume 9b719b719b71."),
        (None, "They are inside the container."),
    ],
)
def test_data_that_would_be_lost_with_the_container_fails(mount, where) -> None:
    assert list(judge_place("db", mount)) == [
        failed(
            "The database's files would be lost when the container db is removed.",
            [where],
            hint="Bring them to a folder or named volume, and mount that at /var/lib/mysql, first.",
        )
    ]


@pytest.mark.parametrize("image", ["mariadb:10.11", "mariadb:10.11.8", "mariadb:10"])
def test_the_same_server_is_fine(image) -> None:
    assert list(judge_server("mariadb:10.11", image, "move", NAMED)) == []


def test_a_newer_server_on_a_copy_is_a_warning() -> None:
    assert list(judge_server("mariadb:10.11", "mariadb:11.4", "copy", FOLDER)) == [
        warning("The release brings a newer database server; the old data stays untouched.", WORDS)
    ]


@pytest.mark.parametrize(("mode", "mount"), [("move", FOLDER), ("copy", NAMED), ("move", NAMED)])
def test_a_newer_server_on_the_only_data_fails(mode, mount) -> None:
    assert list(judge_server("mariadb:10.11", "mariadb:11.4", mode, mount)) == [
        failed(
            "The release brings a newer database server, and there would be no way back.",
            WORDS,
            hint="Keep the data in a folder of the release and import with: --state copy",
        )
    ]


def test_a_server_whose_tag_does_not_say_its_version_is_a_warning() -> None:
    assert unknown_server("mariadb:10.11", "mariadb:lts") == warning(
        "The release may bring a newer database server: the image's tag does not say.",
        ["Now: mariadb:10.11; in the release: mariadb:lts"],
        hint="Ask which server it is. A newer one changes the data so that the old one cannot read it.",
    )


def test_an_older_server_always_fails() -> None:
    found = list(judge_server("mariadb:11.4", "mariadb:10.11", "copy", FOLDER))
    assert [finding.level for finding in found] == ["failed"]


@pytest.mark.parametrize(
    ("reference", "series"),
    [
        ("mariadb:10.11.8-jammy", (10, 11)),
        ("registry.example:5000/mysql:8.4@sha256:aa", (8, 4)),
        ("registry.example:5000/mysql", ()),
        ("mariadb:lts", ()),
    ],
)
def test_the_series_is_read_from_the_tag(reference, series) -> None:
    assert series_of(reference) == series
