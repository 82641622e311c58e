"""Names, damages and checks of a package in parts."""

import subprocess
from pathlib import Path

import pytest

from installer.errors import AirlockError
from packager.division.join import join
from tests.packager.delta_packages import QUIET

NAME = "vault_2.1.1_package.tar"
SUMS = f"{NAME}.sha256"
PART_BYTES = 30_000


def part(folder: Path, number: int) -> Path:
    return folder / f"{NAME}.{number:03}"


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def check(folder: Path) -> None:
    subprocess.run(("sha256sum", "--check", "--strict", "--quiet", SUMS), cwd=folder, check=True)


def flip(path: Path, at: int = -2000) -> None:
    raw = bytearray(path.read_bytes())
    raw[at] ^= 1
    path.write_bytes(raw)


def refused_join(places: list[Path], output: Path) -> AirlockError:
    with pytest.raises(AirlockError) as refused:
        join(places, output, QUIET)
    assert names(output) == []
    return refused.value
