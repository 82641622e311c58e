"""Finds out where a service's server keeps its files: they are lost where no mount has that directory."""

from collections.abc import Collection
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
    series = series_of_service(service, image)
    is_official = bool(series) and split_reference(service.image).last_name == OFFICIAL
    volumes = image.defaults.volumes if image is not None else (_usual_volume(series),) if is_official else ()
    if "PGDATA" in given:
        return _place(PurePosixPath(given["PGDATA"].reveal()), service, volumes)
    return _place(_usual_directory(series), service, volumes) if is_official else None


def _usual_directory(series: Series) -> PurePosixPath:
    """Returns the data directory of the official images of a major version."""
    return HOME / f"{series[0]}/docker" if series >= FIRST_WITH_ONE_VOLUME else HOME / "data"


def _usual_volume(series: Series) -> str:
    """Returns where the official images declare a volume, which is anonymous without a mount just there."""
    return str(HOME if series >= FIRST_WITH_ONE_VOLUME else HOME / "data")


def _place(directory: PurePosixPath, service: Service, volumes: Collection[str]) -> DataPlace:
    """Finds the innermost mount around the directory; a volume of the image inside of it hides it."""
    anonymous = [Mount("volume", "", place, read_only=False) for place in volumes]
    around = [one for one in (*service.mounts, *anonymous) if directory.is_relative_to(one.target)]
    mount: Mount | None = max(around, key=lambda one: len(PurePosixPath(one.target).parts), default=None)
    if mount is None or mount.kind == "tmpfs" or not mount.source:
        return DataPlace(str(directory), None, PurePosixPath())
    return DataPlace(str(directory), mount, directory.relative_to(mount.target))
