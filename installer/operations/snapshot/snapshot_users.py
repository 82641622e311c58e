"""Refuses to exchange database files that a container uses: it would keep the renamed folder."""

from installer.errors import Failed
from installer.operations.plan.import_plan import Snapshot
from installer.operations.services.change_context import Change
from installer.text import _


def refuse_snapshot_users(change: Change, snapshot: Snapshot) -> None:
    """Raises `Failed` if a container uses the files."""
    volume = snapshot.live.parent.name  # if it is a volume
    places = (str(snapshot.live), volume if snapshot.volume else "")
    running = [one for one in change.engine.containers() if one.is_up]
    users = [one.name for one in running if any(mount.source in places for mount in one.mounts)]
    if users:
        raise Failed(
            _("Another container still uses the database's files: {names}", names=", ".join(users)),
            hint=_("Stop it: docker stop {names}", names=" ".join(users)),
        )
