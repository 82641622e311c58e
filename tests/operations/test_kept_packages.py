"""Packages of every format and compression are read for good. What lies in `kept` is never made anew."""

import io
from pathlib import Path

import pytest

from installer.bundle.manifest import Application
from installer.console import Console
from installer.operations.verify import verify

KEPT = sorted((Path(__file__).parent / "kept").iterdir())
QUIET = Console(story=io.StringIO(), verbosity="quiet")


@pytest.mark.parametrize("package", KEPT, ids=lambda package: package.name)
def test_a_package_of_old_is_still_whole(package: Path) -> None:
    manifest = verify(package, QUIET).manifest
    assert f"format_{manifest.format}" == package.name.partition(".")[0]
    assert (manifest.application, manifest.base) == (Application("shop", "Shop", "1", "shop"), None)
    assert sorted(file.path for file in manifest.files) == [
        "airlock",
        "conf/it's $(touch hacked).txt",
        "docker-compose.yml",
        "images.tar",
        "import-package.sh",
        "installer.pyz",
    ]
