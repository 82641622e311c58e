"""Checks that every folder and volume of the old release arrives at its place in the new one."""

from collections.abc import Iterator
from pathlib import Path

from installer.database.engines import DATA_FOLDERS, is_served
from installer.operations.plan.import_plan import Situation
from installer.operations.preflight.findings.finding import Finding, failed, failed_if_any, warning
from installer.operations.preflight.findings.surroundings import Surroundings
from installer.site.paths import env_path
from installer.site.running.installation import Installation
from installer.system.compose.compose import ComposeModel, Mount, Service
from installer.system.files.live_tree import is_empty_folder, may_hold_something
from installer.text import _


def check_carried_data(around: Surroundings) -> Iterator[Finding]:
    """Checks the data of the old release; finds nothing on a fresh host."""
    installation = around.situation.installation
    if installation is not None and not installation.is_in(around.situation.plan.release):
        for name in around.situation.plan.database_services:
            yield from judge_database_service(name, around.situation, installation)
        yield from judge_move(around.situation, installation)
        yield from judge_mounts(around.situation, installation)
        yield from judge_targets(around.situation)


def judge_database_service(name: str, situation: Situation, installation: Installation) -> Iterator[Finding]:
    """Checks that the new release continues with the old one's database, which must run for the backup."""
    if name in installation.model.services:
        if installation.container_of(name) is None:
            yield failed(
                _("The old release's database has no container, so it cannot be backed up."),
                hint=_(
                    "Start it in {directory}: docker compose up -d {name}",
                    directory=installation.directory,
                    name=name,
                ),
            )
        return
    kept = situation.plan.database_services
    others = [
        s.name for s in installation.model.services.values() if is_served(s.image) and s.name not in kept
    ]
    if others:
        yield failed(
            _("The old release has no service {name}: the new database would start empty.", name=name),
            [_("Its database is the service {name}.", name=other) for other in others],
            hint=_("Ask the vendor for a package whose database service has the same name."),
        )


def judge_move(situation: Situation, installation: Installation) -> Iterator[Finding]:
    """Fails for moved data of a database that the package does not name: without a backup it is lost."""
    named = situation.plan.database_services
    databases = [s.name for s in installation.model.services.values() if is_served(s.image)]
    others = [name for name in databases if name not in named]
    if others and situation.plan.state_mode == "move":
        yield failed(
            _("The data would be moved, but the package names no database to back up."),
            [_("This service looks like one: {service}", service=name) for name in others],
            hint=_("Keep the old data as it is: --state copy"),
        )


def judge_mounts(situation: Situation, installation: Installation) -> Iterator[Finding]:
    """Checks that each place in a container gets the same data: from a carried folder or the same volume."""
    converted = {one.service for one in situation.plan.databases if one.conversion is not None}
    for service, before in _services_of_both(installation.model, situation.model):
        after = {mount.target: mount for mount in situation.model.services[service].mounts}
        for mount in before.mounts:
            is_converted = service in converted and mount.target in DATA_FOLDERS
            if mount.kind != "tmpfs" and not mount.read_only and not is_converted:
                yield from _judge_mount(service, mount, after.get(mount.target), situation, installation)


def judge_targets(situation: Situation) -> Iterator[Finding]:
    """Fails if a target exists: nothing is copied over existing data."""
    targets = (item.target for item in situation.plan.state)
    full = [path for path in targets if path.is_symlink() or may_hold_something(path)]
    return failed_if_any(
        _("The new directory already contains data."),
        [str(path) for path in full],
        hint=_("Move the data elsewhere, or unpack the package in another place."),
    )


def _services_of_both(before: ComposeModel, after: ComposeModel) -> Iterator[tuple[str, Service]]:
    return ((name, service) for name, service in before.services.items() if name in after.services)


def _judge_mount(
    service: str, before: Mount, after: Mount | None, situation: Situation, installation: Installation
) -> Iterator[Finding]:
    values = {"service": service, "target": before.target}
    was = _source(before, installation.model)
    if after is None:
        yield warning(
            _("The new release no longer uses what {service} kept at {target}.", **values),
            [_("The data stays in {place}.", place=was)],
        )
    elif not _gets_the_same(before, after, situation, installation):
        yield failed(
            _("{service} would find different data at {target}.", **values),
            [_("Before: {was}; in the release: {now}", was=was, now=_source(after, situation.model))],
            hint=_("Ask the vendor for a package that keeps this data in the same way."),
        )


def _gets_the_same(before: Mount, after: Mount, situation: Situation, installation: Installation) -> bool:
    if "volume" in (before.kind, after.kind):
        return _source(before, installation.model) == _source(after, situation.model)
    source, target = Path(before.source).resolve(), Path(after.source)
    is_shipped = target.exists() and not is_empty_folder(target) and not _is_state(target, situation)
    return (
        source == target.resolve()
        or any(item.brings(source, target) for item in situation.plan.state)
        or is_shipped
        or not Path(before.source).exists()
    )


def _is_state(path: Path, situation: Situation) -> bool:
    places = [situation.plan.release / item for item in situation.manifest.state]
    return path != env_path(situation.plan.release) and any(path.is_relative_to(place) for place in places)


def _source(mount: Mount, model: ComposeModel) -> str:
    return model.volumes.get(mount.source, mount.source) if mount.kind == "volume" else mount.source
