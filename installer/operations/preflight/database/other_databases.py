"""Finds databases on the servers of an application that belong to none of its releases."""

from collections.abc import Mapping

from installer.errors import Refused
from installer.operations.plan.find_old_database import locate_old, old_databases
from installer.operations.plan.import_plan import Situation


def other_databases(situation: Situation) -> Mapping[str, tuple[str, ...]]:
    """Returns their names by service; leaves out servers that do not answer."""
    found = {}
    for old in old_databases(situation):
        try:
            names = locate_old(old).facts().other_databases if old.container.is_running else ()
        except Refused:
            continue
        if names:
            found[old.service.name] = names
    return found
