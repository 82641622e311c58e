"""Checks that the server of a first installation can open the data that it finds in an external volume."""

from collections.abc import Iterator

from installer.database.door.database_engine import DatabaseEngine
from installer.database.engines import engine_of
from installer.operations.plan.labels import labelled
from installer.operations.preflight.database.database_place import data_mount
from installer.operations.preflight.findings.finding import Finding, failed
from installer.operations.preflight.findings.surroundings import Surroundings
from installer.system.compose.compose import Service
from installer.system.docker.volumes import Volume
from installer.text import _


def check_unfit_files(around: Surroundings) -> Iterator[Finding]:
    """Compares files with images; finds nothing in an upgrade, and in volumes that only root may read."""
    situation = around.situation
    if situation.installation is not None:
        return
    for name in situation.plan.database_services:
        service = situation.model.services.get(name)
        volume = _volume_of(service, around) if service is not None else None
        if service is not None and volume is not None:
            engine = engine_of(service.image, service.environment)
            yield from judge_volume(situation.plan.label_of(name), volume, service.image, engine)


def judge_volume(label: str, volume: Volume, image: str, engine: DatabaseEngine) -> Iterator[Finding]:
    """Fails for files whose series is known and that a server of the image's series cannot open."""
    found, brought = engine.series_of_files(volume.folder), engine.series_of_image(image)
    if found and brought and not engine.keeps_files(found, brought):
        title = _(
            "Volume {name} contains data of {engine} {series}, which the release's server cannot open.",
            name=volume.name,
            engine=engine.name,
            series=".".join(map(str, found)),
        )
        yield failed(
            labelled(label, title),
            [_("In the release: {image}", image=image)],
            hint=_("Use another volume, or ask the vendor for a package with the same major version."),
        )


def _volume_of(service: Service, around: Surroundings) -> Volume | None:
    mount = data_mount(service.mounts)
    name = around.situation.model.volumes.get(mount.source) if mount is not None else None
    volume = around.engine.volume(name) if name is not None else None
    return volume if volume is not None and volume.is_plain_folder else None
