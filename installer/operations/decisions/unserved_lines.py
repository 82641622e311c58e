"""Names services with data that Airlock does not back up, for plan, preflight and closing words."""

from collections.abc import Iterator
from pathlib import Path

from installer.operations.decisions.shared_data import place_of, shared_places
from installer.operations.plan.import_plan import ImportPlan, Situation
from installer.system.compose.compose import Mount
from installer.system.docker.data_stores import Unserved, unserved_stores
from installer.text import _


def unserved_lines(situation: Situation) -> Iterator[str]:
    """Says of each such service that it is not backed up, and what a rollback does with its data."""
    for store in stores_of(situation):
        yield _line(store, situation)
    yield from _other_databases(situation)


def shared_store_lines(situation: Situation) -> Iterator[str]:
    """Returns those of `unserved_lines` whose data both releases use."""
    for store in stores_of(situation):
        if _lasting(store, situation):
            yield _line(store, situation)


def other_shared_places(situation: Situation) -> tuple[str, ...]:
    """Lists what a rollback does not undo, except the places that `unserved_lines` names."""
    named = {place for store in stores_of(situation) for place in _lasting(store, situation)}
    return tuple(place for place in shared_places(situation) if place not in named)


def stores_of(situation: Situation) -> tuple[Unserved, ...]:
    """Returns the services that store data without a backup, known by names, settings or files."""
    named = unserved_stores(situation.model, situation.plan.database_services)
    known = {*situation.plan.database_services, *(store.service for store in named)}
    by_files = (store for store in situation.file_stores if store.service in situation.model.services)
    return (*named, *(store for store in by_files if store.service not in known))


def _other_databases(situation: Situation) -> Iterator[str]:
    for service, names in situation.other_databases.items():
        yield _(
            "Airlock does not back up the other databases on the server of `{service}`: {names}; a rollback"
            " restores them only together with the server's files.",
            service=service,
            names=", ".join(names),
        )


def _line(store: Unserved, situation: Situation) -> str:
    values = {"service": store.service, "program": store.program}
    lasting, kept = _lasting(store, situation), tuple(_kept(store, situation))
    if lasting:
        return _(
            "Airlock does not back up `{service}` ({program}): both releases use its data "
            "in {places}, and a rollback does not undo changes to it.",
            **values,
            places=", ".join(lasting),
        )
    if kept:
        return _(
            "Airlock does not back up `{service}` ({program}): a rollback uses its old files in {places}.",
            **values,
            places=", ".join(kept),
        )
    return _("Airlock does not back up `{service}` ({program}).", **values)


def _lasting(store: Unserved, situation: Situation) -> tuple[str, ...]:
    lasting = set(shared_places(situation))
    names = (name for mount in _mounts(store, situation) for name in _names(mount, situation))
    return tuple(sorted(lasting.intersection(names)))


def _names(mount: Mount, situation: Situation) -> Iterator[str]:
    """Returns the names that `shared_places` may use for the place of a mount."""
    yield from place_of(mount, situation)
    for item in situation.plan.state:
        if mount.kind == "bind" and Path(mount.source).is_relative_to(item.target):
            yield str(item.target.relative_to(situation.plan.release))


def _kept(store: Unserved, situation: Situation) -> Iterator[str]:
    """Lists the places where a store's old files stay because the new release gets a copy."""
    plan: ImportPlan = situation.plan
    sources = {Path(mount.source) for mount in _mounts(store, situation) if mount.kind == "bind"}
    for item in plan.state:
        if item.is_copied:
            inside = (source for source in sources if source.is_relative_to(item.target))
            yield from sorted(str(item.source / source.relative_to(item.target)) for source in inside)


def _mounts(store: Unserved, situation: Situation) -> Iterator[Mount]:
    mounts = situation.model.services[store.service].mounts
    return (mount for mount in mounts if not mount.read_only and mount.kind != "tmpfs")
