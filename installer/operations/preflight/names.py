"""Are the names that the release's containers will bear free?"""

from collections.abc import Iterable, Iterator, Mapping

from installer.operations.preflight.finding import Finding, failed, ok
from installer.operations.preflight.surroundings import Surroundings
from installer.system.compose import ComposeModel
from installer.text import _


def check_names(around: Surroundings) -> Iterator[Finding]:
    """Names that containers of others bear."""
    owners = {one.name: one.project for one in around.foreign_containers}
    yield from judge_names(container_names(around.situation.model), owners)


def container_names(model: ComposeModel) -> tuple[str, ...]:
    """What Compose will call the containers: the fixed name, else project, service and a one."""
    services = model.services.values()
    return tuple(one.container_name or f"{model.project}-{one.name}-1" for one in services)


def judge_names(wanted: Iterable[str], owners: Mapping[str, str | None]) -> Iterator[Finding]:
    """A failure per name that is taken. `owners`: container name → project, None for one made by hand."""
    taken = sorted(name for name in wanted if name in owners)
    for name in taken:
        yield failed(
            _("The container name {name} is taken by another container.", name=name),
            [_owner(owners[name])],
            hint=_("See what it is: docker inspect {name}", name=name),
        )
    if not taken:
        yield ok(_("Container names are free"))


def _owner(project: str | None) -> str:
    if project is None:
        return _("It was made by hand, not by Compose.")
    return _("It belongs to the compose project {project}.", project=project)
