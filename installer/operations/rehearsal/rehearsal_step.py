"""Rehearses as a step of an import: decides whether to, and what its result means."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from installer.bundle.layout import shown
from installer.bundle.sql.migrations import read_migrations
from installer.database.engines import engine_of_container
from installer.database.values.old_database import OldDatabase
from installer.database.values.problems import CannotRehearse, ContentUntouched
from installer.operations.plan.find_old_database import old_databases
from installer.operations.plan.import_plan import PlannedDatabase, Situation
from installer.operations.plan.labels import in_one_line
from installer.operations.rehearsal.downtime import Downtime
from installer.operations.rehearsal.refusal import refuse_failure
from installer.operations.rehearsal.rehearsal_report import fits, show_rehearsal
from installer.operations.rehearsal.rehearse import rehearse
from installer.operations.services.engine_returns import with_engine
from installer.operations.services.keep_old_release import keep_old_release
from installer.screen.console import Console
from installer.system.docker.docker import Engine
from installer.text import _

RehearseMode = Literal["auto", "always", "never"]


@dataclass(frozen=True)
class RehearsalOutcome:
    """Holds the step's result `words`; `silent` are sentences about what changes or may change unnoticed.

    `downtimes` are what was measured, by the service of each database that was rehearsed.
    """

    words: str
    silent: tuple[str, ...] = ()
    downtimes: Mapping[str, Downtime] = field(default_factory=dict)


def rehearse_before_import(
    mode: RehearseMode, situation: Situation, engine: Engine, console: Console
) -> RehearsalOutcome:
    """Rehearses pending migrations and conversions of each database of the plan, unless it is disabled.

    Raises `Refused` if a migration fails on the copy, and, with the mode "always", `CannotRehearse`.
    """
    waiting = _to_rehearse(situation)
    if not waiting:
        return RehearsalOutcome(_("skipped: {reason}", reason=_nothing_to_rehearse(situation)))
    outcomes = [(one.service, _outcome(mode, one, live, situation, engine, console)) for one, live in waiting]
    return RehearsalOutcome(
        in_one_line([(situation.plan.label_of(service), outcome.words) for service, outcome in outcomes]),
        tuple(line for _service, outcome in outcomes for line in outcome.silent),
        {service: one for _service, outcome in outcomes for service, one in outcome.downtimes.items()},
    )


def _to_rehearse(situation: Situation) -> list[tuple[PlannedDatabase, OldDatabase]]:
    live = {one.service.name: one for one in old_databases(situation)}
    rehearsed = (one for one in situation.plan.databases if one.pending or one.conversion is not None)
    return [(one, live[one.service]) for one in rehearsed if one.service in live]


def _outcome(
    mode: RehearseMode,
    database: PlannedDatabase,
    live: OldDatabase,
    situation: Situation,
    engine: Engine,
    console: Console,
) -> RehearsalOutcome:
    if mode == "never":
        return RehearsalOutcome(
            _("skipped: {reason}", reason="--rehearse never"), _unrehearsed(situation, live, database.pending)
        )
    try:
        rehearsed = with_engine(
            lambda: rehearse(situation, live, engine, console),
            engine.answers,
            console,
            lambda: keep_old_release(situation.plan, engine, console),
        )
    except CannotRehearse as obstacle:
        if mode == "always" or (database.conversion is not None and _is_refused_by_server(obstacle)):
            raise
        console.warn(obstacle.happened)
        for line in obstacle.details:
            console.say(f"  {line}")
        return RehearsalOutcome(_skipped(database), _unrehearsed(situation, live, database.pending))
    show_rehearsal(replace(rehearsed, downtime=None), console, whole_diff=False)  # which the plan shows
    refuse_failure(rehearsed.rehearsal)
    silent = tuple(change.words for change in rehearsed.rehearsal.silent_changes)
    words = fits(rehearsed.rehearsal) if database.pending else _("the new server has loaded the data")
    downtimes = {database.service: rehearsed.downtime} if rehearsed.downtime is not None else {}
    return RehearsalOutcome(words, silent, downtimes)


def _is_refused_by_server(obstacle: CannotRehearse) -> bool:
    """Returns whether the new server did not load the dump: it would not load it in the import either."""
    return isinstance(obstacle.__cause__, ContentUntouched)


def _skipped(database: PlannedDatabase) -> str:
    if database.pending:
        return _("skipped: it is not known whether the migrations fit the data")
    return _("skipped: it is not known whether the new server loads the data")


def _unrehearsed(situation: Situation, live: OldDatabase, pending: Sequence[str]) -> tuple[str, ...]:
    """Returns one sentence per pending migration that may change values, as far as its text shows."""
    migrations = read_migrations(situation.plan.release / live.migrations, live.prisma)
    engine = engine_of_container(live.container)
    return tuple(
        _(
            "Migration `{name}` may change values or delete rows without an error; their "
            "number is not known.",
            name=shown(migration.name),
        )
        for migration in migrations
        if migration.name in pending and engine.may_lose_values(migration)
    )


def _nothing_to_rehearse(situation: Situation) -> str:
    if not situation.manifest.migrations:
        return _("no migrations in the package")
    if not old_databases(situation):
        return _("there is no database yet")
    return _("no migrations are pending")
