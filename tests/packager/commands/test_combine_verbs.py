"""The verb `delta` on the command line: what it prints, and how it ends."""

from pathlib import Path

import pytest

from tests.packager.commands.test_part_verbs import airlock
from tests.packager.delta_packages import release, write
from tests.packager.saved_images import layer

OLD, NEW = "vault_2.1.1_package.tar.gz", "vault_2.1.2_package.tar.gz"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    write(folder, "2.1.1", release("2.1.1", layer("app/1")))
    write(folder, "2.1.2", release("2.1.2", layer("app/1"), layer("app/2")))
    return folder


def test_it_prints_the_path_and_says_what_is_left_out(folder: Path) -> None:
    done = airlock(folder, "--lang", "en", "delta", OLD, NEW, "--output", "out")
    assert (done.returncode, done.stdout) == (0, "out/vault_2.1.2_package_since_2.1.1.tar.gz\n")
    assert "Left out: 3 layers, 30.0 KiB\n" in done.stderr
    again = airlock(folder, "--lang", "ko", "delta", OLD, NEW, "--split", "1MB", "--output", "parts")
    assert (again.returncode, again.stdout) == (0, "parts/vault_2.1.2_package_since_2.1.1.tar.gz.001\n")


def test_the_wrong_order_ends_with_2(folder: Path) -> None:
    done = airlock(folder, "--lang", "en", "delta", NEW, OLD)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith(f"→ Specify the older package first: airlock delta {OLD} {NEW}\n")
