from pathlib import Path

import pytest

from installer.system.docker.engine_version import EngineVersion, parse_version

VERSION = {"Version": "26.1.5", "ApiVersion": "1.45", "Os": "linux", "Arch": "arm64"}
CLASSIC = {
    "DockerRootDir": "/var/lib/docker",
    "Driver": "overlay2",
    "DriverStatus": [["Backing Filesystem", "extfs"]],
}
CONTAINERD = {
    "DockerRootDir": "/var/lib/docker",
    "Driver": "overlayfs",
    "DriverStatus": [["driver-type", "io.containerd.snapshotter.v1"]],
}


@pytest.mark.parametrize(
    ("facts", "is_classic"), [(CLASSIC, True), (CONTAINERD, False)], ids=["classic", "containerd"]
)
def test_an_engine_is_read_with_the_kind_of_its_image_store(facts, is_classic) -> None:
    version = parse_version(VERSION, facts)
    place = Path("/var/lib/docker")
    assert version == EngineVersion("26.1.5", "1.45", "linux", "arm64", place, facts["Driver"], is_classic)
    assert version.platform == "linux/arm64"


def test_an_engine_that_tells_nothing_of_its_store_has_the_classic_one() -> None:
    assert parse_version(VERSION, {**CLASSIC, "DriverStatus": None}).classic_store
