"""A mount where an image does not keep its data is refused with the line that it needs."""

from dataclasses import replace
from pathlib import PurePosixPath

import pytest

from installer.database.door.server_conversion import DataPlace
from installer.operations.preflight.database.lost_data_place import judge_data_directory
from installer.operations.preflight.findings.finding import failed
from installer.system.compose.compose import Mount
from tests.postgresql.conversion.service_of_major import service

HERE = PurePosixPath()
OLD = Mount("volume", "orders", "/var/lib/postgresql/data", False)
IN_18 = DataPlace("/var/lib/postgresql/18/docker", None, HERE)
IN_17 = DataPlace("/var/lib/postgresql/data", None, HERE)


@pytest.mark.parametrize(
    ("place", "mount", "right"),
    [(IN_18, OLD, "/var/lib/postgresql"), (IN_17, replace(OLD, target="/var/lib/postgresql"), OLD.target)],
)
def test_the_message_has_the_wrong_line_and_the_right_one(place: DataPlace, mount: Mount, right: str) -> None:
    assert list(judge_data_directory(replace(service(18), mounts=(mount,)), place)) == [
        failed(
            "The data of db would be lost with its container.",
            [
                f"The server keeps its data in {place.directory}.",
                f"services.db.volumes: orders:{mount.target}",
            ],
            hint=f"Ask the vendor to mount it at {right} instead: - orders:{right}",
        )
    ]


def test_a_service_without_any_volume_needs_one() -> None:
    [found] = judge_data_directory(service(17), IN_17)
    assert found.hint == "Ask the vendor for a release that mounts a volume at /var/lib/postgresql/data."


def test_a_mount_that_has_the_data_is_fine() -> None:
    assert list(judge_data_directory(service(17), replace(IN_17, mount=OLD))) == []
