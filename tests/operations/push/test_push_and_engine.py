"""An engine pulls what was pushed, and gives what a package does not have."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from installer.bundle.layout import IMAGES
from installer.operations.images.supply_blobs import supply_of
from installer.operations.images.write_layout import write_layout
from installer.system.docker.docker import Engine
from tests.bundle.builders import CONTENTS, a_package_directory, a_package_file, release_with
from tests.bundle.images_tar import images_tar
from tests.operations.push.test_push_images import QUIET, push
from tests.packager.saved_images import Made, layer
from tests.testbed.registries import RealRegistry, real_registry

pytestmark = pytest.mark.engine
WEB = Made("pushtest-web:2.1.2", (layer("a", size_bytes=500), layer("b", size_bytes=700)))


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[RealRegistry]:
    (tmp_path / "registry").mkdir()
    with real_registry(tmp_path / "registry") as running:
        yield running


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    yield
    subprocess.run(("docker", "rmi", "--force", WEB.id), capture_output=True, check=False)


def docker(*words: str, stdin: bytes = b"") -> None:
    subprocess.run(("docker", *words), input=stdin, capture_output=True, check=True)


def test_an_engine_pulls_exactly_the_image_of_the_package(
    engine: Engine, registry: RealRegistry, tmp_path: Path
) -> None:
    manifest, contents = release_with(images_tar(WEB), WEB)
    _plan, digests = push(registry.host, a_package_file(tmp_path, contents, manifest))
    name = f"{registry.host}/team/{WEB.reference}"
    for reference in (name, f"{name.rpartition(':')[0]}@{digests[WEB.reference]}"):
        docker("pull", reference)
        pulled = engine.image(reference)
        assert pulled is not None
        assert (pulled.id, pulled.diff_ids) == (WEB.id, WEB.diff_ids)
        docker("rmi", "--force", WEB.id)


def test_images_that_are_only_in_the_engine_are_pushed_from_there(
    registry: RealRegistry, tmp_path: Path
) -> None:
    docker("load", stdin=images_tar(WEB))
    _plan, digests = push(registry.host, directory_without_images(tmp_path))
    assert list(digests) == [WEB.reference]
    assert registry.data_of(WEB.id).read_bytes() == WEB.config


def test_images_that_are_only_in_the_engine_are_written_as_a_layout(tmp_path: Path) -> None:
    docker("load", stdin=images_tar(WEB))
    write_layout(supply_of(directory_without_images(tmp_path), QUIET), tmp_path / "layout")
    assert len(list((tmp_path / "layout/blobs/sha256").iterdir())) == len(WEB.layers) + 2


def directory_without_images(folder: Path) -> Path:
    """A release directory whose package is no longer there."""
    manifest, _contents = release_with(images_tar(WEB), WEB)
    without = {path: content for path, content in CONTENTS.items() if path != IMAGES}
    return a_package_directory(folder, without, manifest)
