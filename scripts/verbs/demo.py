"""Demonstrates Airlock on two machines that cannot reach each other, every command with its output.

    scripts/demo             exports with this machine's Docker engine, or a private one if there is none
    scripts/demo --private   always with a private engine
    scripts/demo --engine 20 the offline server runs engine 20.10 instead of 26.1
    scripts/demo --example order-desk   two databases: one fails to migrate, and both come back
    scripts/demo --record    also writes the example's sessions into docs/, between its marks, and the picture

It requires root, a Debian mirror and Python packages. It cleans up after itself, exits with 0 only if all its
claims are true, and can be repeated.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from demonstration import accidents, acts, desk_acts
from demonstration.place import IMAGES, Place, offline_place, online_place
from demonstration.record import record
from demonstration.screen import Screen
from testbed.engine import GENERATIONS
from testbed.machine import require_machine
from testbed.problem import TestbedProblem
from testbed.signals import end_cleanly_when_told

SCRIPTS = Path(__file__).resolve().parents[1]
ROOT = SCRIPTS.parent
VENV = ROOT / ".venv"
PACKAGES = {
    "2.1.1": acts.stem("2.1.1"),
    "2.1.2": acts.delta("2.1.2", "2.1.1"),
    "2.1.3": acts.stem("2.1.3"),
}


def main() -> int:
    asked = _arguments()
    require_machine()
    subprocess.run([SCRIPTS / "setup"], check=True)
    _continue_in_venv()
    work, screen = Path(tempfile.mkdtemp(prefix="airlock-demo-")), Screen()
    try:
        _play(asked, work, screen)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    if asked.record:
        record(screen, ROOT / "docs", example=asked.example, folder=str(work))
    return screen.verdict()


def _play(asked: argparse.Namespace, work: Path, screen: Screen) -> None:
    """Plays all acts of an example, each machine with a home folder below `work`."""
    screen.chapter("Two machines: one online, one without network")
    engineers = online_place(
        work / "online", screen, VENV / "bin", example=asked.example, private=asked.private
    )
    with engineers as online, offline_place("offline", work / "offline", screen, asked.engine) as offline:
        if asked.example == "order-desk":
            desk_acts.play(online, offline)
            return
        _play_customer_vault(online, offline)
        with offline_place("bare", work / "bare", screen, asked.engine) as bare:
            acts.miss_the_base(online, bare, "2.1.2", "2.1.1")
            acts.by_hand(online, bare, "2.1.2")


def _play_customer_vault(online: Place, offline: Place) -> None:
    acts.export(online, "2.1.1")
    acts.export_since(online, "2.1.2", "2.1.1")
    acts.export(online, "2.1.3")
    offline.screen.chapter("The packages are carried over on a disk")
    for version, package in PACKAGES.items():
        acts.carry(online, offline, version, package)
    first = acts.install(offline, "2.1.1")
    acts.use(first)
    second = acts.upgrade(first, "2.1.2", PACKAGES["2.1.2"])
    acts.show_new_columns(second)
    acts.show_migration_rows(second)
    acts.refuse_to_upgrade(second, "2.1.3")
    acts.fail_to_upgrade(second, "2.1.3")
    for accident in (accidents.survive_full_disk, accidents.survive_power_cut, accidents.survive_restart):
        acts.roll_back(second)
        accident(first, "2.1.2")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/demo", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--example", choices=tuple(IMAGES), default="customer-vault", help="the application")
    parser.add_argument("--private", action="store_true", help="do not use this machine's Docker engine")
    parser.add_argument("--engine", choices=GENERATIONS, default="26", help="the offline server's engine")
    parser.add_argument("--record", action="store_true", help="write the sessions into docs/")
    return parser.parse_args()


def _continue_in_venv() -> None:
    """Restarts in .venv: the example's checkout needs pip, which the system's Python may lack."""
    if Path(sys.prefix).resolve() != VENV.resolve():
        os.execv(VENV / "bin/python", [str(VENV / "bin/python"), *sys.argv])


if __name__ == "__main__":
    end_cleanly_when_told()
    try:
        sys.exit(main())
    except TestbedProblem as problem:
        sys.exit(f"\n{problem}")
    except subprocess.CalledProcessError as failed:
        sys.exit(failed.returncode)
