"""Airlock as `pipx install .` puts it on an engineer's machine: nothing is taken from the source tree."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from packager.contents.render import TEMPLATES, launchers
from packager.contents.runtime_libraries import runtime_libraries
from packager.contents.zipapp import make_zipapp

ROOT = Path(__file__).parents[2]
WRITE_INSTALLER = """
import sys
import packager
from packager.contents.runtime_libraries import runtime_libraries
from packager.contents.zipapp import make_zipapp
assert packager.__file__.startswith(sys.argv[1])
sys.stdout.buffer.write(make_zipapp(runtime_libraries()))
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that a wheel of this source tree was installed into, without its libraries."""
    folder = tmp_path_factory.mktemp("installed")
    options = ("--quiet", "--no-index", "--no-deps", "--no-build-isolation", "--target", folder)
    subprocess.run((sys.executable, "-m", "pip", "install", *options, ROOT), check=True)
    return folder


def run(folder: Path, *words: str) -> bytes:
    """What Python says that finds our code in `folder` and nowhere else."""
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    return subprocess.run(
        (sys.executable, *words), cwd="/", env=environment, capture_output=True, check=True
    ).stdout


def test_it_makes_the_same_installer(installed: Path) -> None:
    made = run(installed, "-c", WRITE_INSTALLER, str(installed))
    assert made == make_zipapp(runtime_libraries())


def test_it_has_every_template_and_launcher(installed: Path) -> None:
    wanted = {
        path.relative_to(TEMPLATES): path.read_bytes() for path in TEMPLATES.rglob("*") if path.is_file()
    }
    found = {path: (installed / "templates" / path).read_bytes() for path in wanted}
    assert found == wanted
    assert {Path(name) for name in launchers()} <= set(wanted)


def test_it_speaks_korean(installed: Path) -> None:
    said = run(installed, "-m", "packager", "--lang", "ko", "--help").decode()
    assert said.startswith("사용법: ")
