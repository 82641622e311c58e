"""Checks that this person may write where the import writes, and copy what it copies."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from installer.operations.preflight.findings.finding import Finding, failed_if_any, ok
from installer.operations.preflight.findings.surroundings import Surroundings
from installer.site.paths import backups_folder
from installer.system.files.files import existing_part
from installer.text import _


def check_permissions(around: Surroundings) -> Iterator[Finding]:
    """Checks release directory, backups folder, and what containers write, there or in the old directory."""
    plan = around.situation.plan
    sources = [item.source for item in plan.state]
    written = [plan.release, backups_folder(plan.release)]
    written += [item.source.parent for item in plan.state if not item.is_copied]
    theirs = [*sources, *plan.created_paths, *plan.emptied_paths]
    if plan.previous is not None:
        theirs += owned_otherwise(plan.release, plan.previous.directory, plan.settings)
    yield from judge_permissions(closed(written), only_for_root(theirs))


def owned_otherwise(release: Path, old: Path, names: Iterable[str]) -> list[Path]:
    """Finds files of the old directory whose copies get another owner: containers may not read them then."""
    pairs = ((old / name, release / name) for name in names)
    return [one for one, copy in pairs if one.exists() and copy.exists() and _owner(one) != _owner(copy)]


def _owner(path: Path) -> tuple[int, int]:
    status = path.lstat()
    return status.st_uid, status.st_gid


def closed(places: Iterable[Path]) -> list[Path]:
    """Returns those places, or their nearest existing parents, in which this person may not create files."""
    return [place for place in map(existing_part, places) if not os.access(place, os.W_OK | os.X_OK)]


def only_for_root(places: Iterable[Path]) -> list[Path]:
    """Returns those places, written by containers as any users, that this person cannot copy or delete."""
    return list(places) if os.geteuid() else []


def judge_permissions(not_writable: Iterable[Path], not_ours: Iterable[Path]) -> Iterator[Finding]:
    """Returns a failure for each kind of missing right; `not_ours` is what only root can handle."""
    problems = [*_not_writable(sorted(set(not_writable))), *_not_ours(sorted(set(not_ours)))]
    yield from problems or [ok(_("Permissions are sufficient"))]


def _not_writable(places: list[Path]) -> Iterator[Finding]:
    return failed_if_any(
        _("You have no write permission where the import writes."),
        [str(place) for place in places],
        hint=_("Run the command with sudo."),
    )


def _not_ours(places: list[Path]) -> Iterator[Finding]:
    return failed_if_any(
        _("Containers write as other users: only root can carry their files over or delete them again."),
        [str(place) for place in places],
        hint=_("Run the command with sudo."),
    )
