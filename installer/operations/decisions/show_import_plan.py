"""Shows what an import will do, before the person confirms it."""

from collections.abc import Iterator

from installer.bundle.layout import shown
from installer.operations.decisions.host_resource_lines import host_resource_lines
from installer.operations.decisions.old_version import version_of
from installer.operations.decisions.show_adaptations import show_adaptations
from installer.operations.decisions.unserved_lines import other_shared_places, unserved_lines
from installer.operations.plan.import_plan import CarriedState, ImportPlan, Situation
from installer.operations.plan.labels import labelled
from installer.operations.plan.planned_conversion import Conversion
from installer.screen.console import Console, size
from installer.system.files.files import size_of_tree
from installer.text import _, ngettext


def show_plan(situation: Situation, console: Console) -> None:
    """Shows the plan line by line."""
    plan, title = situation.plan, situation.manifest.application.title
    console.say()
    console.say(_("Nothing has changed so far. The plan:"))
    lasting = _lasting_lines(other_shared_places(situation))
    outside = (*host_resource_lines(situation), *unserved_lines(situation))
    state = (*_state_lines(plan), *outside, *lasting)
    migrations = (*_migration_lines(situation), *_rehearsal_lines(situation))
    outage = (plan.outage.words,) if plan.outage is not None else ()
    for line in (*_release_lines(plan, title), *state, *situation.way_back, *migrations, *outage):
        console.say(f"  {line}")
    show_adaptations(situation, console)
    console.say()


def _release_lines(plan: ImportPlan, title: str) -> Iterator[str]:
    previous = plan.previous
    if previous is None:
        yield _(
            "Install {title} {version} in {directory}",
            title=title,
            version=plan.version,
            directory=plan.release,
        )
        return
    before = version_of(previous)
    yield _("Replace {title} {before} by {version}", title=title, before=before, version=plan.version)
    yield _("Old directory (kept): {directory}", directory=previous.directory)
    yield _("New directory: {directory}", directory=plan.release)
    yield _("Stop: {services}", services=", ".join(previous.running_services) or "-")
    for database in plan.databases:
        path = plan.backup_path(database).relative_to(plan.release)
        words = (
            _("Back up the database: {path}", path=path)
            if database.kept_files is None
            else _("Back up the database from its kept files while {version} serves: {path}",
                   version=plan.version, path=path)
        )  # fmt: skip
        yield labelled(plan.label_of(database.service), words)
        if database.conversion is not None:
            yield labelled(plan.label_of(database.service), conversion_line(database.conversion))


def conversion_line(conversion: Conversion) -> str:
    """Says from which server to which a database goes, and how long that takes."""
    return ngettext(
        "Convert the database from {engine} {before} to {after}, by dump and load: about {count} minute",
        "Convert the database from {engine} {before} to {after}, by dump and load: about {count} minutes",
        conversion.minutes,
        engine=conversion.engine,
        before=conversion.before,
        after=conversion.after,
    )


def _state_lines(plan: ImportPlan) -> Iterator[str]:
    if plan.settings:
        yield _("Copy the settings: {files}", files=", ".join(plan.settings))
    for item in plan.state:
        values = {"path": _name_of(item, plan), "size": size(size_of_tree(item.source))}
        yield _("Copy: {path} ({size})", **values) if item.is_copied else _("Move: {path} ({size})", **values)


def _lasting_lines(places: tuple[str, ...]) -> Iterator[str]:
    if places:
        yield _("A rollback would not undo the new release's changes in: {places}", places=", ".join(places))


def _name_of(item: CarriedState, plan: ImportPlan) -> str:
    target = str(item.target.relative_to(plan.release))
    previous = plan.previous
    if previous is not None and item.source == previous.directory / target:
        return target
    return f"{item.source} → {target}"


def _migration_lines(situation: Situation) -> Iterator[str]:
    plan = situation.plan
    if not plan.has_pending:
        has_some = bool(situation.manifest.migrations)
        yield _("No pending migrations") if has_some else _("No migrations in the package")
        return
    for database in filter(lambda one: one.pending, plan.databases):
        title = ngettext("Apply {count} migration:", "Apply {count} migrations:", len(database.pending))
        yield labelled(plan.label_of(database.service), title)
        for name in database.pending:
            yield f"  {shown(name)}"


def _rehearsal_lines(situation: Situation) -> Iterator[str]:
    plan = situation.plan
    is_converted = any(database.conversion is not None for database in plan.databases)
    if plan.rehearsal and plan.previous is not None and (plan.has_pending or is_converted):
        yield _("Rehearsal: {result}", result=plan.rehearsal)
    for line in situation.silent_changes:
        yield f"  {line}"
