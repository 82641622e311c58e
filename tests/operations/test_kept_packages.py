"""Packages of every format and compression are read for good. What lies in `kept` is never made anew.

Their files are right, but their images.tar holds a few words: `verify` would go on and refuse it.
"""

import io
from pathlib import Path

import pytest

from installer.bundle.manifest.manifest import Application, Base
from installer.operations.package.open_package import opened
from installer.screen.console import Console

KEPT = sorted((Path(__file__).parent / "kept").iterdir())
DELTA = Base("shop", "0.9", "9" * 64, (), ("runtime/bin/python3", "runtime/lib/python311.zip"))
QUIET = Console(story=io.StringIO(), verbosity="quiet")


@pytest.mark.parametrize("package", KEPT, ids=lambda package: package.name)
def test_a_package_of_old_is_still_whole(package: Path) -> None:
    with opened(package, "", QUIET) as stream:
        paths = [member.path for member in stream.members()]
    manifest = stream.manifest
    assert set(paths) == {"manifest.json", "SHA256SUMS", *(file.path for file in manifest.carried_files)}
    assert f"format_{manifest.format}" == package.name.partition(".")[0]
    assert manifest.application == Application("shop", "Shop", "1", "shop")
    assert manifest.base == (DELTA if manifest.format == 3 else None)
    assert sorted(file.path for file in manifest.carried_files) == [
        "airlock",
        "conf/it's $(touch hacked).txt",
        "docker-compose.yml",
        "images.tar",
        "import-package.sh",
        "installer.pyz",
    ]
