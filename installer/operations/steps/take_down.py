"""Takes the new release down, and puts back the database's files that both releases use."""

from installer.errors import Failed
from installer.operations.carry.set_aside_volume import set_aside, set_aside_name
from installer.operations.plan.import_plan import Snapshot
from installer.operations.services.change_context import DATABASE_STOP_SECONDS, Change
from installer.operations.services.leftover_containers import remove_jobs_of_release
from installer.operations.snapshot.snapshot import is_put_back, put_back, remove_snapshot
from installer.text import _


def take_down(change: Change) -> None:
    """Removes the new release's containers and volumes; keeps data that may have been in use."""
    plan = change.plan
    if change.sets_aside and plan.database is not None:
        change.new.stop((plan.database,), timeout_seconds=DATABASE_STOP_SECONDS)
    remove_jobs_of_release(change)
    change.new.down()
    for volume in plan.created_volumes:
        if change.sets_aside and plan.previous is not None:
            set_aside(volume, change.engine, set_aside_name(volume, plan))
        change.engine.remove_volume(volume)
    if plan.snapshot is not None and not is_put_back(plan.snapshot):
        _refuse_users(change, plan.snapshot)
        put_back(plan.snapshot)


def clear_snapshot(change: Change) -> None:
    """Deletes the copy of the database's files once the old release runs again.

    Keeps the new release's version of them in its folder, if it may have been in use.
    """
    snapshot = change.plan.snapshot
    if snapshot is not None and not (change.sets_aside and is_put_back(snapshot)):
        remove_snapshot(snapshot, change.engine)


def _refuse_users(change: Change, snapshot: Snapshot) -> None:
    """Raises `Stuck` if a container uses the files: it would keep the renamed folder."""
    volume = snapshot.live.parent.name  # if it is a volume
    places = (str(snapshot.live), volume if snapshot.volume else "")
    running = [one for one in change.engine.containers() if one.is_up]
    users = [one.name for one in running if any(mount.source in places for mount in one.mounts)]
    if users:
        raise Failed(
            _("Another container still uses the database's files: {names}", names=", ".join(users)),
            hint=_("Stop it: docker stop {names}", names=" ".join(users)),
        )
