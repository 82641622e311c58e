"""Checks that everything exists that services mount and the import does not create."""

import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path

from installer.operations.carry.missing_folders import is_made_here, missing_mounts
from installer.operations.plan.import_plan import ImportPlan, Situation
from installer.operations.preflight.findings.finding import Finding, failed_if_any
from installer.operations.preflight.findings.surroundings import Surroundings
from installer.system.compose.compose import Mount
from installer.system.files.mounted_files import looks_like_file
from installer.text import _

SOCKET = ".sock"


def check_host_paths(around: Surroundings) -> Iterator[Finding]:
    """Checks folders and files elsewhere on the host, and the site's files in the release directory."""
    yield from judge_host_paths(lacking_mounts(around.situation))


def lacking_mounts(situation: Situation) -> tuple[Mount, ...]:
    """Returns mounts whose source does not exist and is not carried over, one for each source."""
    plan = situation.plan
    found = {mount.source: mount for mount in missing_mounts(situation.model) if not _comes(mount, plan)}
    return tuple(found[source] for source in sorted(found))


def _comes(mount: Mount, plan: ImportPlan) -> bool:
    path = Path(mount.source)
    is_carried = any(path.is_relative_to(item.target) for item in plan.state)
    return is_carried or is_made_here(plan.release, mount)


def judge_host_paths(mounts: Sequence[Mount]) -> Iterator[Finding]:
    """Returns a failure for each kind: an empty folder replaces no file, and an empty file no socket."""
    sockets = [mount.source for mount in mounts if mount.source.endswith(SOCKET)]
    others = [mount for mount in mounts if mount.source not in sockets]
    files = [mount.source for mount in others if looks_like_file(mount.source, mount.target)]
    folders = [mount.source for mount in others if mount.source not in files]
    yield from failed_if_any(
        _("Folders outside the release directory that services mount are missing."),
        folders,
        hint=_("Mount or restore them; if they are new: sudo mkdir -p {paths}", paths=shlex.join(folders)),
    )
    yield from failed_if_any(
        _("Files that services mount are missing."),
        files,
        hint=_("Put each file there; if the service fills it itself: touch {paths}", paths=shlex.join(files)),
    )
    yield from failed_if_any(
        _("Sockets that services mount are missing."),
        sockets,
        hint=_("Start the program that opens each of them."),
    )
