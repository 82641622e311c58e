"""Tries the images of the release's database servers before anything changes, and refuses unfit ones."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from installer.database.door.server_conversion import Misfit, TrialRequest
from installer.database.engines import engine_of_container
from installer.database.values.old_database import OldDatabase
from installer.errors import AirlockError
from installer.operations.conversion.plan_conversions import plan_conversions
from installer.operations.images.stored_images import image_of_service
from installer.operations.plan.find_old_database import old_databases
from installer.operations.plan.import_plan import Situation, SnapshotChoice
from installer.operations.plan.labels import labelled
from installer.operations.preflight.database.disk import check_disk
from installer.operations.preflight.database.lost_data_place import check_data_directory
from installer.operations.preflight.findings.finding import Finding, failed, warning
from installer.operations.preflight.findings.surroundings import Surroundings
from installer.operations.preflight.preflight import refuse_failures
from installer.operations.snapshot.snapshot_choice import choose_snapshot
from installer.screen.console import Console
from installer.system.docker.docker import site_name
from installer.text import _


def try_new_servers(around: Surroundings, choice: SnapshotChoice, console: Console) -> Situation:
    """Compares each new database server with the running one, and plans what only the image could tell.

    Starts it for a moment on an empty volume where its image is another one. Raises `Refused`.
    """
    situation = _planned_again(around, choice)
    is_same, around = situation == around.situation, replace(around, situation=situation)
    found = [
        *check_data_directory(around),
        *_tried(around, console),
        *([] if is_same else check_disk(around)),
    ]
    for finding in found:
        if finding.level == "warning":
            _warn(finding, console)
    refuse_failures(found)
    return situation


def _planned_again(around: Surroundings, choice: SnapshotChoice) -> Situation:
    """Returns the situation as it was, unless an image shows that its tag said too little."""
    situation = plan_conversions(around)
    if situation.plan == around.situation.plan:
        return around.situation
    return choose_snapshot(replace(around, situation=replace(situation, way_back=())), choice)


def _tried(around: Surroundings, console: Console) -> Iterator[Finding]:
    for live in old_databases(around.situation):
        label = around.situation.plan.label_of(live.service.name)
        for misfit in _misfits(around, live, console):
            finding = failed if misfit.prevents else warning
            yield finding(labelled(label, misfit.title), misfit.details, hint=misfit.hint)


def _misfits(around: Surroundings, live: OldDatabase, console: Console) -> Sequence[Misfit]:
    situation, way = around.situation, engine_of_container(live.container).conversion
    service = situation.model.services[live.service.name]
    image = image_of_service(around.engine, situation.manifest, service)
    is_other = image is not None and image.id != live.container.image_id
    if way is None or image is None or not is_other or not live.container.is_running:
        return ()
    site = site_name(around.engine, situation.manifest.application.project)
    try:
        with (
            console.waiting(_("Trying the new database server of {service}", service=service.name)),
            around.engine.scratch(site, console.warn) as scratch,
        ):
            is_converted = situation.plan.database(service.name).conversion is not None
            request = TrialRequest(around.engine, scratch, live, image.id, service, is_converted)
            return way.misfits(request)
    except AirlockError as obstacle:
        return (_untried(situation, live, obstacle),)


def _untried(situation: Situation, live: OldDatabase, obstacle: AirlockError) -> Misfit:
    """Returns what an attempt that failed means: without a conversion, the server opens the old files."""
    return Misfit(
        _("The new database server could not be tried on an empty volume."),
        (obstacle.happened, *obstacle.details),
        obstacle.hint,
        prevents=situation.plan.database(live.service.name).conversion is not None,
    )


def _warn(finding: Finding, console: Console) -> None:
    console.warn(finding.title)
    for line in (*finding.details, *([f"→ {finding.hint}"] if finding.hint else [])):
        console.say(f"  {line}")
