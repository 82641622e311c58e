"""Checks that the release's servers can read the databases' data, and can be rolled back to the old ones."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from installer.bundle.manifest.manifest import Manifest
from installer.database.engines import DATA_FOLDERS, engine_of, engine_of_container
from installer.database.values.old_database import OldDatabase
from installer.operations.images.stored_images import image_of_service
from installer.operations.plan.find_old_database import old_databases
from installer.operations.plan.import_plan import PlannedDatabase, Situation
from installer.operations.plan.labels import labelled
from installer.operations.preflight.database.database_product import judge_product, running_facts
from installer.operations.preflight.findings.finding import Finding, failed, ok, warning
from installer.operations.preflight.findings.surroundings import Surroundings
from installer.site.running.installation import Installation
from installer.system.compose.compose import Mount, Service
from installer.system.docker.data_stores import is_of_bitnami
from installer.system.docker.docker import Container, Engine
from installer.system.files.files import rebased
from installer.text import _

BITNAMI = "/bitnami/"


def check_database_place(around: Surroundings) -> Iterator[Finding]:
    """Checks where each old database keeps its data, and which server the release brings."""
    for database in old_databases(around.situation):
        label = around.situation.plan.label_of(database.service.name)
        for finding in _judge_database(database, around):
            yield replace(finding, title=labelled(label, finding.title))


def _judge_database(database: OldDatabase, around: Surroundings) -> Iterator[Finding]:
    place = _by_its_name_now(data_mount(database.container.mounts), around.situation.installation)
    old, new = database.container, around.situation.model.services[database.service.name]
    yield from judge_place(old.name, place, _usual_folder(old))
    facts = running_facts(database)
    yield from map(ok, facts.lacks if facts else ())
    yield from map(warning, facts.warnings if facts else ())
    moved = tuple(judge_product(old.image, facts.product if facts else None, new.image))
    yield from moved or _judge_series(around, old, new)


def _usual_folder(old: Container) -> str:
    """Returns the folder for the data in a container with this image."""
    folders = engine_of_container(old).data_folders
    of_bitnami = (one for one in folders if one.startswith(BITNAMI) and is_of_bitnami(old.image))
    return next(of_bitnami, folders[0])


def _judge_series(around: Surroundings, old: Container, new: Service) -> Iterator[Finding]:
    """Judges the release's server by its tag, or warns that the tag does not say.

    A server that is converted to another series is also tried once its image is loaded.
    """
    engine = engine_of_container(old)
    series_of = engine.series_of_image
    if series_of(old.image) and series_of(new.image):
        planned = around.situation.plan.database(new.name)
        yield from judge_server(old.image, new.image, around.situation, planned)
    elif engine.conversion is None and not runs_already(around.engine, around.situation.manifest, new, old):
        yield unknown_server(old.image, new.image)


def runs_already(engine: Engine, manifest: Manifest, new: Service, old: Container) -> bool:
    """Returns whether the old container runs exactly the image that the release has for the service."""
    found = image_of_service(engine, manifest, new)
    return found is not None and found.id == old.image_id


def data_mount(mounts: Sequence[Mount]) -> Mount | None:
    """Returns the mount that holds a server's data directory, None if it lies inside the container."""
    return next((mount for mount in mounts if mount.target in DATA_FOLDERS), None)


def _by_its_name_now(place: Mount | None, installation: Installation | None) -> Mount | None:
    before = installation.renamed_from if installation else None
    if place is None or installation is None or before is None or place.kind != "bind":
        return place
    return replace(place, source=str(rebased(Path(place.source), before, installation.directory)))


def judge_place(name: str, place: Mount | None, folder: str) -> Iterator[Finding]:
    """Fails for data in an anonymous volume, or in the container: it would be lost with the container."""
    if place is None:
        lost = _("The files are inside the container.")
    elif place.is_anonymous:
        lost = _("The files are in the anonymous volume {volume}.", volume=place.source[:12])
    else:
        yield ok(_("The database's files are in {place}", place=place.source))
        return
    yield failed(
        _("The database's files would be lost when the container {name} is deleted.", name=name),
        [lost],
        hint=_("First move the files to a folder or named volume, and mount it at {folder}.", folder=folder),
    )


def judge_server(old: str, new: str, situation: Situation, database: PlannedDatabase) -> Iterator[Finding]:
    """Compares the servers by their tags: a newer one converts the files, and the old cannot read them."""
    engine = engine_of(old)
    before, after = engine.series_of_image(old), engine.series_of_image(new)
    versions = [_("Now: {old}; in the release: {new}", old=old, new=new)]
    if engine.keeps_files(before, after):
        return
    if after < before:
        yield failed(
            _("The release brings an older database server, which cannot read the data."),
            versions,
            hint=_("Ask the vendor for a package with the same server or a newer one."),
        )
    elif engine.conversion is not None:
        yield from _judge_conversion(database)
    elif situation.plan.keeps_files(database):
        yield warning(
            _("The release brings a newer database server; the old files are kept for a rollback."), versions
        )
    else:
        yield failed(
            _("The release brings a newer database server, and a rollback would not be possible."),
            [*versions, *situation.way_back],
            hint=_(
                "A copy of the database's files is required. Make room for it, then run "
                "with: --snapshot always"
            ),
        )


def _judge_conversion(database: PlannedDatabase) -> Iterator[Finding]:
    """Says that a conversion is planned; where none is, the place of the new files is judged elsewhere."""
    conversion = database.conversion
    if conversion is not None:
        yield ok(
            _(
                "The database will be converted from {engine} {before} to {after}",
                engine=conversion.engine,
                before=conversion.before,
                after=conversion.after,
            )
        )


def unknown_server(old: str, new: str) -> Finding:
    """Returns the finding that a tag such as `lts` does not name the server's version."""
    return warning(
        _("The new database server may be newer: its version cannot be determined from the image tag."),
        [_("Now: {old}; in the release: {new}", old=old, new=new)],
        hint=_(
            "Ask the vendor which server it is. A newer one converts the data, and the "
            "old one can no longer read it."
        ),
    )
