"""Lists volumes, external networks, profiles and variables in the plan."""

from collections.abc import Iterable, Iterator

from installer.operations.plan.import_plan import Situation
from installer.system.compose.compose import ComposeModel, Service
from installer.text import _


def host_resource_lines(situation: Situation) -> Iterator[str]:
    """Returns one line per kind that is not empty."""
    model = situation.model
    used = used_volumes(model)
    new, external = used & set(situation.plan.created_volumes), used & model.external_volumes
    networks = {model.networks.get(key, key) for one in model.services.values() for key in one.networks}
    yield from _line(_("New volumes"), new)
    yield from _line(_("Existing volumes, used as they are"), used - new - external)
    yield from _line(_("External volumes"), external)
    yield from _line(_("External networks"), networks & model.external_networks)
    yield from _line(_("Active profiles"), _profiles(model.services.values()))
    yield from _line(_("Not started, because the profile is not active"), _dormant(situation))
    yield from _line(_("Variables without a value, taken as empty"), model.unset_variables)


def used_volumes(model: ComposeModel) -> set[str]:
    """Returns the real names of the volumes of services that start by themselves."""
    mounts = (mount for service in model.services.values() for mount in service.mounts)
    return {model.volumes[m.source] for m in mounts if m.kind == "volume" and m.source in model.volumes}


def _line(title: str, names: Iterable[str]) -> Iterator[str]:
    listed = ", ".join(sorted(names))
    if listed:
        yield f"{title}: {listed}"


def _profiles(services: Iterable[Service]) -> set[str]:
    return {name for service in services for name in service.profiles}


def _dormant(situation: Situation) -> list[str]:
    return [f"{name} ({', '.join(service.profiles)})" for name, service in situation.dormant.items()]
