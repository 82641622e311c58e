"""Removes containers that `docker compose down` leaves: of inactive profiles and of `run`.

`down` removes the network that they were created for, so they could never start again; and they keep their
volumes in use.
"""

from collections.abc import Callable, Collection, Iterable
from pathlib import Path

from installer.errors import AirlockError
from installer.operations.services.change_context import Change
from installer.site.running.profiles import dormant_services, with_dormant
from installer.system.compose.compose import Compose, ComposeModel
from installer.system.docker.docker import Container

STOP_SECONDS = 10


def directories_in_operation(
    containers: Iterable[Container], release: Compose, ours: Collection[Path]
) -> set[Path]:
    """Finds directories, except `ours`, whose release is running or was only stopped.

    Ignores jobs of a profile that have ended, and what an earlier release left. The services of `release`
    that start by themselves tell the two apart.
    """
    others = [one for one in containers if not one.is_one_off and one.working_dir not in (*ours, None)]
    ended = [one for one in others if not one.is_up]
    started = _services(release.model) if ended else frozenset()
    return {
        one.working_dir
        for one in others
        if one.working_dir is not None and (one.is_up or started is None or one.service in started)
    }


def remove_ended_jobs(change: Change, old: Compose) -> None:
    """Removes ended containers of the old release's profiles, before its network is removed."""
    model = change.model_of(old)
    dormant = dormant_services(model, with_dormant(model, old))
    for one in change.containers():
        if not one.is_up and one.service in dormant:
            change.engine.remove_container(one.id)


def remove_jobs_of_release(change: Change) -> None:
    """Stops and removes what `docker compose --profile … up` and `run` started of the new release."""
    plan, started = change.plan, _services(lambda: change.new_model)
    for one in change.engine.containers(project=plan.project):
        is_extra = one.is_one_off or (started is not None and one.service not in started)
        if is_extra and one.working_dir == plan.release and one.created_at > plan.started_at:
            change.engine.stop(one.id, STOP_SECONDS)
            change.engine.remove_container(one.id)


def _services(model: Callable[[], ComposeModel]) -> frozenset[str] | None:
    """Returns services that start by themselves; None if the files are incomplete, as without settings."""
    try:
        return frozenset(model().services)
    except AirlockError:
        return None
