"""The power fails at many moments of an import: what its disk then holds is whole, or is not there.

Both release directories lie on a disk that records its writes and flushes; a state of it is mounted as a
power cut would have left it, in order or without what was in the disk's cache.
"""

import subprocess
from datetime import datetime, timezone
from pathlib import Path

import pytest

from installer.bundle.layout import INSTALLER
from installer.operations.carry.carry_state import carry_back, carry_state
from installer.operations.import_.carry_out import open_journal
from installer.operations.plan.import_plan import CarriedState, ImportPlan, Situation, StateMode
from installer.site.paths import record_path
from installer.site.release_record import ReleaseRecord, record_release
from installer.system.compose.compose import Compose, ComposeModel
from installer.workflow.journal import Journal
from packager.contents.render import launchers
from packager.contents.zipapp import make_zipapp
from testbed.power.file_systems import FileSystem
from testbed.power.power_disk import new_disk
from tests.bundle.builders import a_manifest
from tests.faults.power_moments import cuts_of, judge
from tests.faults.power_states import whole_import
from tests.journeys.site import digests_of
from tests.testbed.power import kinds_of_disks, needs_disks

MIB = 1024**2
OLD, NEW = "customer_vault_2.1.1_package", "customer_vault_2.1.2_package"
STATE = ("data/mariadb", "uploads")
NIGHT = datetime(2026, 11, 22, 2, 3, 4, tzinfo=timezone.utc)


@needs_disks
@kinds_of_disks
@pytest.mark.parametrize(
    ("mode", "states"),
    [("move", 50), *(pytest.param(mode, 200, marks=pytest.mark.long) for mode in ("copy", "move"))],
)
def test_after_a_power_cut_every_file_of_an_import_is_whole_or_absent(
    kind: FileSystem, mode: StateMode, states: int, tmp_path: Path
) -> None:
    package = a_package(tmp_path)
    with new_disk(kind, tmp_path / "disk", tmp_path, size_bytes=320 * MIB) as disk:
        an_old_release(tmp_path / "disk" / OLD)
        begin = len(disk.records())
        unpack(package, tmp_path / "disk")
        import_files(a_plan(tmp_path / "disk", mode))
        shipped = digests_of(tmp_path / NEW)
        whole = whole_import(tmp_path / "disk", OLD, NEW, shipped, *STATE)
        cuts = cuts_of(disk, begin, len(disk.records()), states)
        broken = judge(disk, cuts, whole, tmp_path, f"power cut, files on {kind} ({mode})")
    assert broken == []


@needs_disks
@kinds_of_disks
@pytest.mark.parametrize("mode", ["copy", "move"])
@pytest.mark.long
def test_after_a_power_cut_every_file_of_a_rollback_is_whole_or_absent(
    kind: FileSystem, mode: StateMode, tmp_path: Path
) -> None:
    package = a_package(tmp_path)
    with new_disk(kind, tmp_path / "disk", tmp_path, size_bytes=320 * MIB) as disk:
        an_old_release(tmp_path / "disk" / OLD)
        unpack(package, tmp_path / "disk")
        plan = a_plan(tmp_path / "disk", mode)
        journal = import_files(plan)
        begin = len(disk.records())
        roll_back_files(plan, journal)
        whole = whole_import(tmp_path / "disk", OLD, NEW, digests_of(tmp_path / NEW), *STATE)
        cuts = cuts_of(disk, begin, len(disk.records()), 200)
        broken = judge(disk, cuts, whole, tmp_path, f"power cut, rollback of files on {kind} ({mode})")
    assert broken == []


def a_package(folder: Path) -> Path:
    """A package with the real launchers and the real installer."""
    release = folder / NEW
    release.mkdir()
    for name, content in {**launchers(), INSTALLER: make_zipapp(())}.items():
        (release / name).write_bytes(content)
        (release / name).chmod(0o755)
    (release / "images.tar").write_bytes(b"layers" * 100_000)
    subprocess.run(("tar", "-czf", folder / "package.tar.gz", NEW), cwd=folder, check=True)
    return folder / "package.tar.gz"


def an_old_release(folder: Path) -> None:
    """A release that has long been on the disk, with data."""
    for name in ("uploads/1.pdf", "uploads/2.pdf", "data/mariadb/ibdata1", "data/mariadb/mysql/db.frm"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(name.encode() * 10_000)
    subprocess.run(("sync", "--file-system", folder), check=True)


def unpack(package: Path, folder: Path) -> None:
    subprocess.run(("tar", "-xzf", package, "-C", folder), check=True)


def a_plan(folder: Path, mode: StateMode) -> ImportPlan:
    state = tuple(
        CarriedState(
            folder / OLD / name,
            folder / NEW / name,
            databases=("db",) if "data" in name else (),
            is_copied=mode == "copy",
        )
        for name in STATE
    )
    return ImportPlan(
        NIGHT, folder / NEW, "2.1.2", "vault", None, (), mode, state, (), (), (), (), None, None
    )  # fmt: skip


def import_files(plan: ImportPlan) -> Journal:
    """What an import does with files, without an engine."""
    compose, model = Compose(plan.release, ()), ComposeModel("vault", {}, {})
    journal = open_journal(Situation(a_manifest(), compose, model, None, plan))
    journal.started("carry-over")
    carry_state(plan)
    journal.finished("carry-over")
    journal.started("record")
    at = plan.started_at.isoformat()
    record_release(plan.release, ReleaseRecord("vault", "2.1.2", "vault", at, plan.run_name, None, None))
    journal.finished("record")
    journal.ended("done")
    return journal


def roll_back_files(plan: ImportPlan, journal: Journal) -> None:
    """What a rollback on request does with files."""
    journal.reopened("rollback")
    record_path(plan.release).unlink()
    journal.undone("record")
    carry_back(plan, kept_in=journal.folder / "discarded")
    journal.undone("carry-over")
    journal.ended("restored")
