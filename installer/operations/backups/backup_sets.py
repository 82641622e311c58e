"""Finds backups that one command made of several databases: they belong together."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from installer.database.records.backup_record import Backup, list_backups
from installer.errors import Refused
from installer.screen.console import Console
from installer.text import _

Set = tuple[Backup, ...]


def sets_among(backups: Sequence[Backup]) -> tuple[Set, ...]:
    """Returns the backups by the command that made them, in the order in which they are given."""
    sets: dict[tuple[str, str], list[Backup]] = {}
    for one in backups:
        sets.setdefault((one.reason, one.made_at), []).append(one)
    return tuple(map(tuple, sets.values()))


def made_together(backups: Sequence[Backup]) -> Mapping[Path, Set]:
    """Returns, for each backup, the others that the same command made."""
    return {
        one.path: tuple(other for other in together if other is not one)
        for together in sets_among(backups)
        for one in together
    }


def newest_set(folder: Path, services: Sequence[str], console: Console) -> Set:
    """Returns the newest backups of all `services` that were made together, in the order of the services.

    Warns of newer backups of only some of them. Raises `Refused` if there are none.
    """
    sets = sets_among(list_backups(folder))
    complete = [together for together in sets if {one.service for one in together} >= set(services)]
    if not complete:
        raise _none(folder, services, sets)
    of_service = {one.service: one for one in complete[-1]}
    for name in _newer(sets[sets.index(complete[-1]) + 1 :], services):
        console.warn(_("Newer, but not of all databases, and not used: {name}", name=name))
    return tuple(of_service[service] for service in services)


def _newer(sets: Sequence[Set], services: Collection[str]) -> list[str]:
    return [one.path.name for together in sets for one in together if one.service in services]


def _none(folder: Path, services: Sequence[str], sets: Sequence[Set]) -> Refused:
    newest = {one.service: one.path.name for together in sets for one in together}
    return Refused(
        _("There are no backups in {folder} that were made together of all databases.", folder=folder),
        details=[
            _("The newest of {service}: {name}", service=service, name=newest.get(service, "-"))
            for service in services
        ],
        hint=_(
            "Make them: ./airlock backup; or restore one database: ./airlock restore --database {name}",
            name=services[0],
        ),
    )
