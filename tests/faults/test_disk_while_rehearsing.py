"""A rehearsal needs room on the engine's disk, where the live database may be, which dies of a full one."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from testbed.server import Server
from tests.faults.vault import PATIENCE_SECONDS, Vault, ended, error_of
from tests.journeys.site import Ended

pytestmark = [pytest.mark.engine, pytest.mark.database]

MIB = 1024**2
MINE = ("docker", "ps", "--all", "--quiet", "--filter", "label=airlock.scratch")
RUNNING_OF_MINE = (*MINE, "--filter", "status=running")  # preflight looks through one that never starts


@contextmanager
def small_disk_for_volumes(server: Server, size_bytes: int) -> Iterator[Path]:
    """The engine's volumes lie on a filesystem of this size, which only it and `type_beside` see."""
    volumes = server.folder / "data" / "volumes"
    options = ("-t", "tmpfs", "-o", f"size={size_bytes}", "airlock-test")
    beside_the_engine(server, "mount", *options, str(volumes))
    try:
        yield volumes
    finally:
        beside_the_engine(server, "umount", "--lazy", str(volumes))


def beside_the_engine(server: Server, *words: str) -> str:
    within = ("nsenter", f"--mount=/proc/{server.pid}/ns/mnt", *words)
    return subprocess.run(within, check=True, stdout=subprocess.PIPE, text=True).stdout


def rehearsing(vault: Vault, release: Path, *words: str) -> tuple[str, ...]:
    """The import up to its border, in the engine's own view of the files."""
    words = ("./import-package.sh", "--dry-run", *words)
    within = ("nsenter", f"--mount=/proc/{vault.site.server.pid}/ns/mnt", "sh", "-c")
    return (*within, 'cd "$0" && exec "$@"', str(release), *words)


def try_to_rehearse(vault: Vault, release: Path, *words: str) -> Ended:
    return vault.site.type(release, *rehearsing(vault, release, *words))


@pytest.mark.long
def test_without_room_for_a_copy_the_import_goes_on_and_says_what_nobody_knows(
    vault: Vault, tmp_path: Path
) -> None:
    release = vault.release(tmp_path)
    with small_disk_for_volumes(vault.site.server, 300 * MIB):
        end = try_to_rehearse(vault, release)
    assert end.code == 0, end.told
    assert "Warning: There is not enough room for a copy of the database.\n" in end.told
    assert "skipped: it is not known whether the migrations fit the data" in end.told


@pytest.mark.long
def test_without_room_for_a_copy_nothing_is_done_where_a_rehearsal_was_asked_for(
    vault: Vault, tmp_path: Path
) -> None:
    release, before = vault.release(tmp_path), vault.container_ids()
    with small_disk_for_volumes(vault.site.server, 300 * MIB) as volumes:
        end = try_to_rehearse(vault, release, "--rehearse", "always")
    error = error_of(end).splitlines()
    assert (end.code, error[0]) == (3, "Error: There is not enough room for a copy of the database."), (
        end.told
    )
    assert error[1].startswith(f"  On the disk of {volumes}: ")
    assert vault.container_ids() == before


def test_a_disk_that_fills_up_ends_the_rehearsal_and_not_the_live_database(
    vault: Vault, ballast: None, tmp_path: Path
) -> None:
    release = vault.release(tmp_path)
    before, ids, server = vault.picture(), vault.container_ids(), vault.site.server
    with small_disk_for_volumes(server, 1400 * MIB) as volumes:
        run = vault.site.start(release, *rehearsing(vault, release, "--rehearse", "always"))
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not server.output_of(*RUNNING_OF_MINE):
            assert time.monotonic() < deadline and run.poll() is None, run.communicate()[0]
            time.sleep(0.05)
        beside_the_engine(server, "mount", "-o", f"remount,size={600 * MIB}", str(volumes))
        end = ended(run)
    assert (end.code, error_of(end)) == (
        3,
        f"Error: The disk of {volumes} was filling up, and the running database needs it.\n"
        "  Less than 512.0 MiB was free.\n"
        "→ Make room there; see how much there is: df -h\n",
    ), end.told
    assert server.output_of(*MINE) == ""
    assert (vault.picture(), vault.container_ids()) == (before, ids)
