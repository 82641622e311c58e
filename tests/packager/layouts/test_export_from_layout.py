"""Exports with images that the engine does not have, as an engineer types it."""

import gzip
import io
import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from tests.packager.laid_images import GZIP, PLAIN, blobs_of, by_skopeo, path_of
from tests.packager.projects import shop
from tests.packager.saved_images import Made, layer

ROOT = Path(__file__).parents[3]
WEB = Made("shop-web:2.1.2", (layer("base"), layer("web")))
DB = Made("only-in-layout/mariadb:1", (layer("base"), layer("db")))
PACKAGE = "shop_2.1.2_package.tar.gz"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = shop(tmp_path)
    compose = folder / "docker-compose.yml"
    compose.write_text(compose.read_text().replace("mariadb:10.11", DB.reference))
    return folder


def export(folder: Path, *words: str | Path, **given: str) -> "subprocess.CompletedProcess[str]":
    command = (sys.executable, "-m", "packager", "--lang", "en", "export", "2.1.2", *map(str, words))
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **given}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def images_in(package: Path) -> dict[str, str]:
    """The IDs of the images in a package, by reference."""
    with tarfile.open(fileobj=io.BytesIO(gzip.decompress(package.read_bytes()))) as archive:
        file = archive.extractfile("shop_2.1.2_package/manifest.json")
        assert file is not None
        return {one["reference"]: one["id"] for one in json.load(file)["images"]}


@pytest.mark.engine
def test_images_of_a_layout_are_neither_built_nor_pulled(project: Path, tmp_path: Path) -> None:
    (project / "web/Dockerfile").write_text("FROM nowhere.invalid/absent:1\n")
    layout = by_skopeo(tmp_path / "layout", WEB, DB, packed=GZIP)
    plan = json.loads(export(project, "--images-from", layout, "--dry-run", "--json").stdout)
    assert plan["images"] == [
        {"reference": DB.reference, "origin": "layout", "services": ["db"]},
        {"reference": WEB.reference, "origin": "layout", "services": ["web"]},
    ]
    done = export(project, "--images-from", layout)
    assert (done.returncode, done.stdout) == (0, f"{PACKAGE}\n"), done.stderr
    assert images_in(project / PACKAGE) == {DB.reference: DB.id, WEB.reference: WEB.id}


@pytest.mark.engine
def test_what_a_layout_lacks_comes_from_the_engine(project: Path, tmp_path: Path) -> None:
    done = export(project, "--images-from", by_skopeo(tmp_path / "layout", DB))
    assert done.returncode == 0, done.stderr
    found = images_in(project / PACKAGE)
    subprocess.run(("docker", "rmi", "--force", WEB.reference), capture_output=True, check=True)
    assert (found[DB.reference], found[WEB.reference] == WEB.id) == (DB.id, False)


@pytest.mark.engine
def test_a_damaged_layout_leaves_nothing_behind(project: Path, tmp_path: Path) -> None:
    before = sorted(project.rglob("*"))
    layout = by_skopeo(tmp_path / "layout", WEB, DB)
    file = path_of(layout, blobs_of(DB, PLAIN)[1])
    file.write_bytes(bytes(file.stat().st_size))
    done = export(project, "--images-from", layout)
    assert (done.returncode, done.stdout) == (3, "")
    assert f"Error: The image layout cannot be used: {file}\n" in done.stderr
    assert sorted(project.rglob("*")) == before


@pytest.mark.engine
def test_images_for_another_platform_are_refused(project: Path, tmp_path: Path) -> None:
    arm = [Made(one.reference, one.layers, "arm64") for one in (WEB, DB)]
    done = export(project, "--images-from", by_skopeo(tmp_path / "layout", *arm))
    assert done.returncode == 3
    assert f"{WEB.reference} (web) is for linux/arm64" in done.stderr


@pytest.mark.engine
def test_a_layout_without_an_image_of_the_release_is_refused(project: Path, tmp_path: Path) -> None:
    other = Made("other:1", WEB.layers)
    done = export(project, "--images-from", by_skopeo(tmp_path / "layout", other))
    assert done.returncode == 2
    assert f"  Images of the release: {DB.reference}, {WEB.reference}\n" in done.stderr
    assert "  Images of the layout: docker.io/library/other:1\n" in done.stderr


def test_a_release_whose_images_are_all_in_a_layout_needs_no_engine(project: Path, tmp_path: Path) -> None:
    layout = by_skopeo(tmp_path / "layout", WEB, DB)
    words = ("--images-from", layout, "--runtime", "none")
    nowhere = f"unix://{tmp_path}/absent.sock"
    refused = export(project, *words, DOCKER_HOST=nowhere)
    assert (refused.returncode, (project / PACKAGE).exists()) == (3, False)
    done = export(project, *words, "--platform", "linux/amd64", DOCKER_HOST=nowhere)
    assert (done.returncode, done.stdout) == (0, f"{PACKAGE}\n"), done.stderr
    assert images_in(project / PACKAGE) == {DB.reference: DB.id, WEB.reference: WEB.id}
