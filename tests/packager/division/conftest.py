"""A package, and the folder of its parts."""

import shutil
from pathlib import Path

import pytest

from packager.compression.output_format import OutputFormat
from packager.division.split import split
from tests.packager.delta_packages import QUIET, release, write
from tests.packager.division.divided import NAME, PART_BYTES
from tests.packager.saved_images import layer


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(
        tmp_path_factory.mktemp("made"),
        "2.1.1",
        release("2.1.1", layer(*(f"app/{number}" for number in range(60)))),
        output_format=OutputFormat("none"),
    )


@pytest.fixture
def package(made: Path, tmp_path: Path) -> Path:
    """A package of its own for each test, so that it can be damaged."""
    shutil.copytree(made.parent, tmp_path / "package")
    return tmp_path / "package" / NAME


@pytest.fixture
def parts(package: Path) -> Path:
    """The folder of its parts; there are at least three."""
    folder = package.parent.parent / "parts"
    split(package, PART_BYTES, folder, QUIET)
    assert len(list(folder.iterdir())) >= 4
    return folder
