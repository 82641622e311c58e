"""Checks whether the container names of the release are free."""

from collections.abc import Iterable, Iterator, Mapping

from installer.operations.preflight.findings.finding import Finding, failed, ok
from installer.operations.preflight.findings.remedy import owner_of, removal_of
from installer.operations.preflight.findings.surroundings import Surroundings
from installer.system.compose.compose import ComposeModel
from installer.system.docker.docker import Container
from installer.text import _


def check_names(around: Surroundings) -> Iterator[Finding]:
    """Checks for names that other containers have."""
    holders = {one.name: one for one in around.foreign_containers}
    yield from judge_names(container_names(around.situation.model), holders)


def container_names(model: ComposeModel) -> tuple[str, ...]:
    """Returns the names that Compose will use: the fixed name, or project, service and a one."""
    services = model.services.values()
    return tuple(one.container_name or f"{model.project}-{one.name}-1" for one in services)


def judge_names(wanted: Iterable[str], holders: Mapping[str, Container]) -> Iterator[Finding]:
    """Returns a failure per taken name, with the command that frees it. `holders`: name → its container."""
    taken = sorted(name for name in wanted if name in holders)
    for name in taken:
        yield failed(
            _("The container name {name} is taken by another container.", name=name),
            [owner_of(holders[name])],
            hint=_("If it is not needed: {command}", command=removal_of(holders[name])),
        )
    if not taken:
        yield ok(_("Container names are free"))
