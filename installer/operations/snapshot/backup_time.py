"""Decides when each database is backed up: before it stops, or later from its kept files."""

import time
from dataclasses import replace
from pathlib import Path, PurePosixPath

from installer.database.engines import engine_of_container
from installer.database.values.facts import DatabaseFacts
from installer.database.values.old_database import OldDatabase
from installer.errors import AirlockError, Refused
from installer.operations.plan.find_old_database import locate_old, old_databases
from installer.operations.plan.import_plan import BackupChoice, ImportPlan, PlannedDatabase, Situation
from installer.operations.preflight.database.database_place import data_mount
from installer.operations.preflight.findings.surroundings import Surroundings
from installer.operations.snapshot.snapshot import copy_of
from installer.screen.console import Console, size
from installer.system.compose.compose import Mount
from installer.system.docker.docker import Container, Engine, site_name
from installer.system.docker.scratch import Program
from installer.system.docker.volumes import folder_of_volumes
from installer.system.files.files import free_bytes
from installer.system.files.reserve import RESERVE_BYTES
from installer.text import _

SECONDS_WORTH_OF_ROWS = 256 * 1024**2  # of less, a dump is a matter of seconds
FILES = "/airlock-files"
POLL_SECONDS = 0.1


def choose_backup_time(around: Surroundings, choice: BackupChoice, console: Console) -> Situation:
    """Adds to the plan from which kept files a database is backed up while the new release serves already.

    With "auto" that is chosen where a dump takes longer than seconds and nothing prevents it. Raises
    `Refused` if the person wants it and something does.
    """
    situation, plan = around.situation, around.situation.plan
    for live in old_databases(situation) if choice != "stopped" else ():
        planned = plan.database(live.service.name)
        try:
            kept = _kept_files(around, plan, planned, live, console, any_size=choice == "serving")
        except AirlockError as obstacle:
            if choice == "serving":
                raise _refusal(obstacle) from obstacle
            console.detail(obstacle.happened)
            continue
        plan = plan.with_database(replace(planned, kept_files=kept))
    return replace(situation, plan=plan)


def _kept_files(
    around: Surroundings,
    plan: ImportPlan,
    planned: PlannedDatabase,
    live: OldDatabase,
    console: Console,
    *,
    any_size: bool,
) -> Path | None:
    """Returns the data directory as it is kept; None if the dump is a matter of seconds.

    Raises `Refused` with the reason where the backup cannot be made of it.
    """
    running = locate_old(live)
    facts = running.facts()
    if facts.data_bytes < SECONDS_WORTH_OF_ROWS and not any_size:
        return None
    if planned.conversion is not None or not plan.keeps_files(planned):
        raise Refused(_("no untouched files of the database are kept"))
    if running.host not in live.container.addresses:
        raise Refused(_("a second server could not be reached from this host"))
    now, kept = _places(plan, planned, live.container.mounts, facts)
    _expect_room(around, live, facts, around.bytes_below(now))
    _expect_mountable(around.engine, plan.project, live.container, now, console)
    return kept


def _places(
    plan: ImportPlan, planned: PlannedDatabase, mounts: tuple[Mount, ...], facts: DatabaseFacts
) -> tuple[Path, Path]:
    """Returns the data directory on this host, as it is now and as it is kept."""
    mount = data_mount(mounts)
    inside = PurePosixPath(facts.data_folder)
    if mount is None or not inside.is_relative_to(mount.target):
        raise Refused(_("its data directory is not where the image has it: {path}", path=facts.data_folder))
    inside = inside.relative_to(mount.target)
    if planned.snapshot is not None:
        return planned.snapshot.live / inside, copy_of(planned.snapshot) / inside
    place = Path(mount.source)
    if not any(place.is_relative_to(one.source) for one in plan.state if planned.service in one.databases):
        raise Refused(_("its directory was renamed while it ran"))
    return place / inside, place / inside


def _expect_room(around: Surroundings, live: OldDatabase, facts: DatabaseFacts, file_bytes: int) -> None:
    """The server over the files may write as much again to the engine's disk."""
    place = folder_of_volumes(around.engine.version().data_root)
    needed_bytes = engine_of_container(live.container).bytes_over_files(facts.product, file_bytes)
    if free_bytes(place) < needed_bytes + RESERVE_BYTES:
        raise Refused(_("there is not enough room in {path}: {size} needed", path=place,
                        size=size(needed_bytes + RESERVE_BYTES)))  # fmt: skip


def _expect_mountable(
    engine: Engine, project: str, container: Container, folder: Path, console: Console
) -> None:
    """Lets the engine mount the files once, as it will have to."""
    with engine.scratch(site_name(engine, project), console.warn) as scratch:
        try:
            volume = scratch.new_overlay(folder)
            mounts = (Mount("volume", volume, FILES, read_only=True),)
            id = scratch.start(Program(container.image_id, (), entrypoint=("true",), mounts=mounts))
        except OSError as problem:
            raise Refused(
                _("its files cannot be mounted a second time: {problem}", problem=problem)
            ) from problem
        while (there := engine.container(id)) is not None and there.is_up:
            time.sleep(POLL_SECONDS)


def _refusal(obstacle: AirlockError) -> Refused:
    return Refused(
        _("The database cannot be backed up while the new release serves."),
        details=[obstacle.happened, *obstacle.details],
        hint=_("Import with a backup before the database stops: --backup stopped"),
    )
