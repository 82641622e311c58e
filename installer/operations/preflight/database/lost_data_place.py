"""Checks that a volume or folder has the data directory of each new database server."""

from collections.abc import Iterator

from installer.database.door.server_conversion import DataPlace
from installer.database.engines import engine_of
from installer.operations.images.stored_images import image_of_service
from installer.operations.preflight.findings.finding import Finding, failed
from installer.operations.preflight.findings.surroundings import Surroundings
from installer.system.compose.compose import Mount, Service
from installer.text import _


def check_data_directory(around: Surroundings) -> Iterator[Finding]:
    """Checks the services whose data directory is known: by their image, once it is loaded, or by its tag."""
    situation = around.situation
    for name in situation.plan.database_services:
        service = situation.model.services.get(name)
        way = engine_of(service.image, service.environment).conversion if service is not None else None
        if service is None or way is None:
            continue
        place = way.place_of(service, image_of_service(around.engine, situation.manifest, service))
        if place is not None:
            yield from judge_data_directory(service, place)


def judge_data_directory(service: Service, place: DataPlace) -> Iterator[Finding]:
    """Fails if the directory is in no mount: the engine would keep it in an anonymous volume."""
    if place.mount is not None:
        return
    wrong = [mount for mount in service.mounts if mount.target.startswith("/var/lib/postgresql")]
    yield failed(
        _("The data of {service} would be lost with its container.", service=service.name),
        [
            _("The server keeps its data in {directory}.", directory=place.directory),
            *(f"services.{service.name}.volumes: {mount.source}:{mount.target}" for mount in wrong),
        ],
        hint=_corrected(wrong, place),
    )


def _corrected(wrong: list[Mount], place: DataPlace) -> str:
    if not wrong:
        return _(
            "Ask the vendor for a release that mounts a volume at {directory}.", directory=place.directory
        )
    return _("Ask the vendor to mount it at {folder} instead: {line}", folder=_folder(place),
             line=f"- {wrong[0].source}:{_folder(place)}")  # fmt: skip


def _folder(place: DataPlace) -> str:
    """Returns where the volume of official images is: above a directory that names its version."""
    above = place.directory.removesuffix("/docker")
    return above.rpartition("/")[0] if above != place.directory else place.directory
