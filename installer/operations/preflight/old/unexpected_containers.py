"""Checks for unexpected containers: they run, but by compose file and settings they could not start again."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from installer.operations.preflight.findings.finding import Finding, failed_if_any
from installer.operations.preflight.findings.surroundings import Surroundings
from installer.system.compose.compose import Service
from installer.system.docker.docker import Container
from installer.text import _


def check_unexpected_containers(around: Surroundings) -> Iterator[Finding]:
    """Compares the old release's containers with its compose file."""
    installation = around.situation.installation
    if installation is not None:
        up = [one for one in installation.containers if one.is_up]
        dormant = around.situation.old_dormant
        yield from judge_dormant(running_of(up, dormant), installation.env_path)
        yield from judge_orphans(orphans_among(up, {*installation.model.services, *dormant}))
        yield from judge_one_offs([one.name for one in up if one.is_one_off])


def running_of(containers: Sequence[Container], services: Mapping[str, Service]) -> dict[str, Service]:
    """Returns container → its service, for those that belong to one of `services`."""
    own = ((one.name, services.get(one.service or "")) for one in containers if not one.is_one_off)
    return {name: service for name, service in own if service is not None}


def judge_dormant(running: Mapping[str, Service], env: Path) -> Iterator[Finding]:
    """Fails for a service of a profile that the settings do not activate: it would not start again."""
    return failed_if_any(
        _("Services are running in a profile that is not active: they would not be started again."),
        [f"{name}: {', '.join(service.profiles)}" for name, service in sorted(running.items())],
        hint=_(
            "To keep them, add COMPOSE_PROFILES={profiles} to {path}. To stop them: docker stop {names}",
            profiles=",".join(sorted({service.profiles[0] for service in running.values()})),
            path=env,
            names=" ".join(sorted(running)),
        ),
    )


def orphans_among(containers: Sequence[Container], services: Collection[str]) -> list[str]:
    """Returns the names of containers whose service was removed from the file."""
    return [one.name for one in containers if not one.is_one_off and one.service not in services]


def judge_orphans(names: Sequence[str]) -> Iterator[Finding]:
    """Fails for running containers that the file does not name: the release cannot stop and start them."""
    return failed_if_any(
        _("Containers are running that the old release's compose file does not name."),
        names,
        hint=_(
            "If they are not needed any more, delete them: docker rm --force {names}",
            names=" ".join(names),
        ),
    )


def judge_one_offs(names: Sequence[str]) -> Iterator[Finding]:
    """Fails for `docker compose run`: it would go on during the backup, and then be killed."""
    return failed_if_any(
        _("A command started with `docker compose run` is still running."),
        names,
        hint=_("Wait for it, or stop it: docker rm --force {names}", names=" ".join(names)),
    )
