"""Deltas of what a real engine holds, and the whole package made of them."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from installer.bundle.manifest.manifest import Manifest
from tests.packager.delta_packages import manifest_of
from tests.packager.projects import shop
from tests.packager.test_export import environment

pytestmark = [pytest.mark.engine, pytest.mark.long]

COMPOSE = "services:\n  web: {build: ./web}\n  job: {image: 'busybox:1'}\n"
WHOLE = "shop_2.1.1_package.tar.gz"
DELTA = "shop_2.1.2_package_since_2.1.1.tar.gz"
FOR_SITE = "shop_2.1.2_package_for_site.tar.gz"


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Path]:
    folder = shop(tmp_path)
    shutil.rmtree(folder / "prisma")
    (folder / "docker-compose.yml").write_text(COMPOSE)
    yield folder
    names = ("shop-web:2.1.1", "shop-web:2.1.2")
    subprocess.run(("docker", "rmi", "--force", *names), capture_output=True, check=False)


def airlock(folder: Path, *words: str) -> str:
    done = subprocess.run(
        (sys.executable, "-m", "packager", "--lang", "en", *words),
        cwd=folder, env=environment({}), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def left_out(manifest: Manifest) -> tuple[str, ...]:
    assert manifest.base is not None
    return manifest.base.layers


def test_only_the_new_layer_is_packed_and_combine_gives_the_bytes_of_the_whole_export(project: Path) -> None:
    airlock(project, "export", "2.1.1")
    inventory = airlock(project, "inventory")
    (project / "site.txt").write_text(inventory)
    (project / "web/page").write_text("hello again\n")

    airlock(project, "export", "2.1.2", "--since", WHOLE)
    airlock(project, "export", "2.1.2", "--for-site", "site.txt", "--previous", WHOLE)
    airlock(project, "export", "2.1.2", "--previous", WHOLE, "--output", "whole")
    airlock(project, "combine", WHOLE, DELTA, "--output", "made")
    airlock(project, "delta", WHOLE, "whole/shop_2.1.2_package.tar.gz", "--output", "made")

    since, for_site = (manifest_of(project / name)[0] for name in (DELTA, FOR_SITE))
    busybox, web = since.images
    assert (busybox.reference, web.reference) == ("busybox:1", "shop-web:2.1.2")
    assert left_out(since) == left_out(for_site) == busybox.diff_ids
    assert len(web.layers) == len(busybox.layers) + 1
    made, whole = (project / folder / "shop_2.1.2_package.tar.gz" for folder in ("made", "whole"))
    assert made.read_bytes() == whole.read_bytes()
    assert (project / "made" / DELTA).read_bytes() == (project / DELTA).read_bytes()
