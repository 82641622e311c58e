"""Where a service's server keeps its files, by its image or its tag."""

from dataclasses import replace
from pathlib import PurePosixPath

import pytest

from installer.database.door.server_conversion import DataPlace
from installer.postgresql.conversion.new_data_place import place_of_service, series_of_service
from installer.system.compose.model import Mount, Service
from installer.system.docker.docker import ImageDefaults, StoredImage
from installer.system.secret import Secret
from tests.postgresql.conversion.service_of_major import service

OLD = Mount("volume", "orders", "/var/lib/postgresql/data", False)
NEW = Mount("volume", "orders", "/var/lib/postgresql", False)
HERE = PurePosixPath()
IN_18 = "/var/lib/postgresql/18/docker"


def an_image(**environment: str) -> StoredImage:
    variables = {name: Secret(value) for name, value in environment.items()}
    return StoredImage("sha256:1", (), (), "linux/amd64", 1, ImageDefaults(environment=variables))


def of(major: int, *mounts: Mount, **environment: str) -> Service:
    variables = {name: Secret(value) for name, value in environment.items()}
    return replace(service(major), mounts=mounts, environment=variables)


@pytest.mark.parametrize(
    ("described", "place"),
    [
        (of(17, OLD), DataPlace("/var/lib/postgresql/data", OLD, HERE)),
        (of(17, OLD, PGDATA=f"{OLD.target}/pgdata"), DataPlace(f"{OLD.target}/pgdata", OLD, HERE / "pgdata")),
        (of(17, NEW), DataPlace("/var/lib/postgresql/data", None, HERE)),  # in the image's own volume
        (of(18, NEW), DataPlace(IN_18, NEW, HERE / "18/docker")),
        (of(18, OLD), DataPlace(IN_18, None, HERE)),
        (of(18, OLD, PGDATA=OLD.target), DataPlace(OLD.target, OLD, HERE)),
        (of(17), DataPlace("/var/lib/postgresql/data", None, HERE)),
    ],
)
def test_an_official_image_keeps_its_files_by_its_version(described: Service, place: DataPlace) -> None:
    assert place_of_service(described, None) == place


def test_a_mount_of_an_anonymous_volume_or_of_memory_keeps_nothing() -> None:
    for mount in (replace(OLD, source=""), replace(OLD, kind="tmpfs")):
        assert place_of_service(of(17, mount), None) == DataPlace(OLD.target, None, HERE)


def test_the_image_says_more_than_its_tag() -> None:
    own = replace(service(17), image="registry.example/team/database:4", mounts=(NEW,))
    assert (place_of_service(own, None), series_of_service(own, None)) == (None, (4,))
    loaded = an_image(PG_MAJOR="18", PGDATA=IN_18)
    assert series_of_service(own, loaded) == (18,)
    assert place_of_service(own, loaded) == DataPlace(IN_18, NEW, HERE / "18/docker")
