"""A package in parts, unpacked without its images: they go from the parts into the engine."""

import subprocess
from pathlib import Path

import pytest

from tests.journeys.packages import Packages
from tests.journeys.site import Site

pytestmark = [pytest.mark.engine, pytest.mark.database, pytest.mark.long]

ROOT = "customer_vault_2.1.2_package"


def typed(folder: Path, command: str) -> None:
    subprocess.run(("sh", "-c", command), cwd=folder, check=True)


def test_a_damaged_part_is_named_and_only_that_is_needed_again(
    site: Site, packages: Packages, old_release: Path
) -> None:
    package = packages["2.1.2"]
    typed(site.folder, f"split -b 10MB -d -a 3 --numeric-suffixes=1 {package} {ROOT}.tar.gz.")
    typed(site.folder, f"sha256sum {ROOT}.tar.gz.* > sums && mv sums {ROOT}.tar.gz.sha256")
    typed(site.folder, f"cat {ROOT}.tar.gz.[0-9]* | tar -xz --exclude=images.tar")
    release, damaged = site.folder / ROOT, site.folder / f"{ROOT}.tar.gz.003"
    whole = damaged.read_bytes()
    damaged.write_bytes(whole[:-1] + b"?")
    before = site.dump()
    ended = site.import_(release)
    assert (ended.code, f"  {damaged.name}: is damaged or truncated" in ended.told) == (4, True), ended.told
    assert (site.version(), site.dump()) == ("2.1.1", before)
    damaged.write_bytes(whole)
    ended = site.import_(release)
    assert (ended.code, site.version()) == (0, "2.1.2"), ended.told
    assert not (release / "images.tar").exists()
    verified = site.type(release, "./airlock", "verify")
    assert (verified.code, "images.tar is not here, only in the package." in verified.told) == (0, True)
