"""Says where a site stands whose run was interrupted: what the journal says, and what this host has."""

from collections.abc import Iterable, Iterator

from installer.errors import AirlockError
from installer.operations.services.change_context import Change
from installer.operations.steps.import_steps import import_steps
from installer.system.docker.docker import Container
from installer.text import _
from installer.workflow.journal import Journal
from installer.workflow.step import begun_of


def where_it_stands(change: Change, journal: Journal) -> tuple[str, ...]:
    """Returns lines for the person; what cannot be found out, such as without the engine, is left out."""
    return (*_run(change, journal), *_host(change))


def _run(change: Change, journal: Journal) -> Iterator[str]:
    begun, first = begun_of(import_steps(change), journal), journal.events()[:1]
    words = {"version": change.plan.version, "at": first[0].at if first else "?"}
    yield _("The import of {version}, which began at {at}, did not end.", **words)
    titled = [step for step in begun if step.title]
    if titled:
        step = titled[-1]
        if journal.has_finished(step.name):
            yield _("Its last step, finished: {title}", title=step.title)
        else:
            yield _("Its last step, not finished: {title}", title=step.title)


def _host(change: Change) -> Iterator[str]:
    try:
        old, new = change.old_containers(), change.new_containers()
    except AirlockError:
        return
    if change.plan.previous is not None:
        yield _("Running services of the old release: {services}", services=_running(old))
    yield _("Running services of the new release: {services}", services=_running(new))
    for database in change.plan.backed_up:
        yield _("The backup of the old database: {path}", path=change.plan.backup_path(database))
    for database in change.plan.waiting_for_backup:
        yield _("The old database is not backed up yet; its files: {path}", path=database.kept_files)


def _running(containers: Iterable[Container]) -> str:
    return ", ".join(sorted({one.service or one.name for one in containers if one.is_up})) or _("none")
