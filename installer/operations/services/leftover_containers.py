"""Containers that `docker compose down` leaves: of services in profiles that are not active, and of `run`.

The network they were made for goes with `down`, so that they could never be started again; and they hold on
to their volumes.
"""

from collections.abc import Callable, Collection, Iterable
from pathlib import Path

from installer.errors import AirlockError
from installer.operations.services.change import Change
from installer.site.running.profiles import dormant_services, with_dormant
from installer.system.compose.compose import Compose, ComposeModel
from installer.system.docker.docker import Container

STOP_SECONDS = 10


def directories_in_operation(
    containers: Iterable[Container], release: Compose, ours: Collection[Path]
) -> set[Path]:
    """Directories but `ours` whose release runs, or was only stopped.

    A job of a profile that has ended is none; nor is what an earlier release left. By the services of
    `release` that start by themselves the two are told apart.
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
    """Remove containers of the old release's profiles that have ended, before its network goes."""
    model = change.model_of(old)
    dormant = dormant_services(model, with_dormant(model, old))
    for one in change.containers():
        if not one.is_up and one.service in dormant:
            change.engine.remove_container(one.id)


def remove_jobs_of_release(change: Change) -> None:
    """Stop and remove what `docker compose --profile … up` and `run` made of the new release since."""
    plan, started = change.plan, _services(lambda: change.new_model)
    for one in change.engine.containers(project=plan.project):
        is_extra = one.is_one_off or (started is not None and one.service not in started)
        if is_extra and one.working_dir == plan.release and one.created_at > plan.started_at:
            change.engine.stop(one.id, STOP_SECONDS)
            change.engine.remove_container(one.id)


def _services(model: Callable[[], ComposeModel]) -> frozenset[str] | None:
    """Services that start by themselves; None where the files do not say, as when settings went already."""
    try:
        return frozenset(model().services)
    except AirlockError:
        return None
