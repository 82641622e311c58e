"""Says where a site stands whose restore was interrupted: what the journal says, and what this host has."""

from collections.abc import Iterator

from installer.errors import AirlockError
from installer.operations.plan.labels import labelled
from installer.operations.plan.restore_plan import RestorePlan, parse_restore_plan, replace_step
from installer.operations.release_directory import Site
from installer.text import _
from installer.workflow.journal import Journal


def where_restore_stands(journal: Journal, site: Site) -> tuple[str, ...]:
    """Returns lines for the person; what cannot be found out, such as without the engine, is left out."""
    plan = parse_restore_plan(journal.plan())
    return (
        _(
            "The restore of {name}, which began at {at}, did not end.",
            name=plan.names(site.release),
            at=plan.started_at.isoformat(timespec="seconds"),
        ),
        *contents(plan, journal),
        *_services(plan, site),
        *_safety(plan, site),
    )


def contents(plan: RestorePlan, journal: Journal) -> Iterator[str]:
    """Says of each database of a restore what it contains by the journal."""
    for one in plan.databases:
        label = plan.label_of(one)
        yield labelled(label, _content(replace_step(label), journal))


def _content(step: str, journal: Journal) -> str:
    if journal.has_finished(step):
        return _("The backup is loaded, and was compared.")
    if step in journal.begun():
        return _("The content of the database may be incomplete.")
    return _("The content of the database is as it was before.")


def _services(plan: RestorePlan, site: Site) -> Iterator[str]:
    try:
        up = {one.service for one in site.containers() if one.is_up}
    except AirlockError:
        return
    stopped = [name for name in plan.running_services if name not in up]
    if stopped:
        yield _("Stopped services: {services}", services=", ".join(stopped))


def _safety(plan: RestorePlan, site: Site) -> Iterator[str]:
    for one in plan.databases:
        if one.has_safety_backup(site.release):
            path = one.safety_path(site.release)
            yield _("The safety backup of the content from before: {path}", path=path)
