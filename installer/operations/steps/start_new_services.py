"""Starts all services of the new release and checks them; stops them again, except the databases."""

from collections.abc import Iterator

from installer.operations.decisions.situation_of_change import situation_of
from installer.operations.decisions.unserved_lines import other_shared_places, shared_store_lines
from installer.operations.plan.import_plan import Situation
from installer.operations.plan.step_names import START_SERVICES
from installer.operations.services.change_context import Change
from installer.operations.services.smoke import smoke_check
from installer.operations.services.smoke_url import smoke_url
from installer.operations.services.start_services import start_new
from installer.text import _
from installer.workflow.step import Step


def start_new_services(change: Change) -> Step:
    """Returns step 11. A resumed run checks again: Compose leaves running services alone."""
    return Step(
        START_SERVICES,
        _("Start all services and check them"),
        do=lambda: _start(change),
        undo=lambda: _stop(change),
        leaves_changed=lambda: tuple(lines_of(situation_of(change))),
    )


def _start(change: Change) -> str:
    start_new(change)
    change.wait_for(tuple(change.new_model.services))
    smoke = change.manifest.smoke
    if smoke is None:
        return _("all healthy")
    url = smoke_url(smoke.url, change.new)
    with change.console.waiting(_("Waiting until {url} answers", url=url)):
        smoke_check(smoke, url, change.plan.version, deadline_seconds=change.deadline_seconds)
    return _("all healthy, {url} answers", url=url)


def lines_of(situation: Situation) -> Iterator[str]:
    """Lists the data that both releases use and that no undo brings back."""
    yield from shared_store_lines(situation)
    places = other_shared_places(situation)
    if places:
        yield _("Not undone, because both releases use them: {places}", places=", ".join(places))


def _stop(change: Change) -> None:
    databases = change.plan.database_services
    services = tuple(name for name in change.new_model.services if name not in databases)
    if services:
        change.new.stop(services)
