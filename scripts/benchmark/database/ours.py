"""Runs one function of Airlock in its own process: `python -m benchmark.database.ours VERB SITE`.

Prints the peak memory of this process and the bytes on disk as one line of JSON.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path

from benchmark.database.site import READY_SECONDS, SERVICE, STOP_SECONDS, BenchSite, site_in
from installer.database.records.backup_record import Backup, list_backups
from installer.database.records.differences import differences
from installer.database.values.picture import Level, Picture
from installer.operations.plan.import_plan import Snapshot
from installer.operations.snapshot.snapshot import put_back, take_snapshot
from installer.screen.console import Console
from installer.site.starting.health import Watch, wait_until_healthy
from installer.system.clock import utc_now
from installer.system.files.files import size_of_tree
from testbed.problem import TestbedProblem


def main() -> None:
    verb, directory = sys.argv[1:]
    disk_bytes = VERBS[verb](site_in(Path(directory)))
    print(json.dumps({"peak_bytes": peak_bytes(), "disk_bytes": disk_bytes}))


def peak_bytes() -> int:
    """Returns the peak memory of this process; ru_maxrss would include the process it was forked from."""
    status = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM:"))


def _back_up(site: BenchSite) -> int:
    made = site.database().back_up(site.backups, reason="bench", now=utc_now(), console=Console())
    return made.size_bytes + made.record_path.stat().st_size


def _fingerprint(site: BenchSite) -> None:
    _picture(site)


def _quick(site: BenchSite) -> None:
    _picture(site, "quick")


def _hot_copy(site: BenchSite) -> int:
    with site.engine.scratch(site.directory.name) as scratch:
        volume = scratch.new_volume()
        site.product.copy_running_server(
            site.engine, scratch, site.container(), site.address(), volume, lambda size_bytes: None
        )
        return size_of_tree(scratch.place_of(volume))


def _cold_copy(site: BenchSite) -> int:
    """Copies the files of a stopped server."""
    snapshot = _snapshot(site)
    take_snapshot(snapshot, site.engine, site.directory.name)
    return size_of_tree(snapshot.holder)


def _roll_back(site: BenchSite) -> None:
    """Rolls back a running server to its copied files."""
    site.compose.stop((SERVICE,), timeout_seconds=STOP_SECONDS)
    put_back(_snapshot(site))
    site.compose.start((SERVICE,))
    watch = Watch(site.engine, site.directory.name, patient=True)
    wait_until_healthy(watch, (SERVICE,), deadline_seconds=READY_SECONDS, settle_seconds=0)  # it has a check


def _prove(site: BenchSite) -> None:
    _refuse(differences(_backup(site), _picture(site), same_server=True))


def _restore(site: BenchSite) -> None:
    site.database().restore(_backup(site), Console())


def _picture(site: BenchSite, level: Level = "full") -> Picture:
    with site.database().at_one_moment() as moment:
        return moment.picture(level)


def _backup(site: BenchSite) -> Backup:
    return list_backups(site.backups)[-1]


def _snapshot(site: BenchSite) -> Snapshot:
    return Snapshot(site.data, site.copies, None)


def _refuse(differences: tuple[str, ...]) -> None:
    if differences:
        raise TestbedProblem("The data differs from the backup.", "\n".join(differences))


VERBS: dict[str, Callable[[BenchSite], int | None]] = {
    "backup": _back_up,
    "fingerprint": _fingerprint,
    "quick": _quick,
    "hot-copy": _hot_copy,
    "cold-copy": _cold_copy,
    "rollback": _roll_back,
    "prove": _prove,
    "restore": _restore,
}

if __name__ == "__main__":
    main()
