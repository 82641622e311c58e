"""Finds out where a service's server keeps its files: they are lost where no mount has that directory."""

from pathlib import PurePosixPath

from installer.bundle.images.image_references import split_reference
from installer.database.door.server_conversion import DataPlace
from installer.postgresql.server.series import Series, series_of, series_of_version
from installer.system.compose.model import Mount, Service
from installer.system.docker.docker import StoredImage

HOME = PurePosixPath("/var/lib/postgresql")
FIRST_WITH_ONE_VOLUME = (18,)  # from here on, each major version has a directory of its own in one volume
OFFICIAL = "postgres"


def series_of_service(service: Service, image: StoredImage | None) -> Series:
    """Returns the major version that the image's environment names, else the tag; empty if neither does."""
    named = image.defaults.environment.get("PG_MAJOR") if image is not None else None
    return series_of_version(named.reveal()) if named is not None else series_of(service.image)


def place_of_service(service: Service, image: StoredImage | None) -> DataPlace | None:
    """Returns the directory by the image's environment; by the version, if the image is an official one."""
    given = {**(image.defaults.environment if image is not None else {}), **service.environment}
    if "PGDATA" in given:
        return _place(PurePosixPath(given["PGDATA"].reveal()), service)
    series = series_of_service(service, image)
    is_official = split_reference(service.image).last_name == OFFICIAL
    if not series or not is_official:
        return None
    return _place(usual_directory(series), service)


def usual_directory(series: Series) -> PurePosixPath:
    """Returns the data directory of the official images of a major version."""
    return HOME / f"{series[0]}/docker" if series >= FIRST_WITH_ONE_VOLUME else HOME / "data"


def _place(directory: PurePosixPath, service: Service) -> DataPlace:
    around = [mount for mount in service.mounts if directory.is_relative_to(mount.target)]
    mount: Mount | None = max(around, key=lambda one: len(one.target), default=None)
    if mount is None or mount.kind == "tmpfs" or not mount.source:
        return DataPlace(str(directory), None, PurePosixPath())
    return DataPlace(str(directory), mount, directory.relative_to(mount.target))
