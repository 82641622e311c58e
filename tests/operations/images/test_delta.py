"""A delta and the whole package leave the same images in an engine."""

import io
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from installer.bundle.manifest.manifest import Image, Manifest
from installer.operations.images.held_chains import held_chains
from installer.operations.images.load_images import load_images
from installer.operations.images.stored_images import stored
from installer.operations.preflight.host.delta_base import lacking_layers
from installer.screen.console import Console
from installer.system.docker.docker import Engine
from tests.packager.delta_packages import manifest_of, since, write
from tests.packager.saved_images import Made, layer

pytestmark = pytest.mark.engine

QUIET = Console(story=io.StringIO(), verbosity="quiet")
SYSTEM, SHARED = layer("delta/system"), layer("delta/shared")
FIRST = (Made("deltatest/web:2.1.1", (SYSTEM, SHARED)), Made("deltatest/tool:1", (SHARED,)))
SECOND = (
    Made("deltatest/web:2.1.2", (SYSTEM, SHARED, layer("delta/new"))),
    Made("deltatest/tool:2", (SHARED, layer("delta/tool"))),
)


@pytest.fixture
def empty(engine: Engine) -> Iterator[Engine]:
    """The engine without the images of both releases."""
    remove()
    yield engine
    remove()


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("first"), "2.1.1", FIRST)


@pytest.fixture(scope="module")
def delta(tmp_path_factory: pytest.TempPathFactory, whole: Path) -> Path:
    return write(tmp_path_factory.mktemp("delta"), "2.1.2", SECOND, since(whole, SECOND))


def remove(*references: str) -> None:
    names = references or tuple(made.reference for made in (*FIRST, *SECOND))
    subprocess.run(("docker", "rmi", "--force", *names), capture_output=True, check=False)


def load(engine: Engine, package: Path, folder: Path) -> Manifest:
    """Load a package of which only the manifest was unpacked."""
    manifest, _sha256 = manifest_of(package)
    release = folder / package.name
    release.mkdir()
    subprocess.run(("tar", "-xzf", package, "-C", release, "--strip-components=1"), check=True)
    (release / "images.tar").unlink()
    load_images(engine, manifest, release, package, QUIET)
    shutil.rmtree(release)
    return manifest


def lacking(engine: Engine, manifest: Manifest) -> list[str]:
    assert manifest.base is not None
    found = lacking_layers(manifest.images, manifest.base.layers, held_chains(engine))
    return [one.reference for one in found]


def holdings(engine: Engine, images: tuple[Image, ...]) -> list[tuple[str, tuple[str, ...]]]:
    found = [stored(engine, image) for image in images]
    return [(one.id, one.diff_ids) for one in found if one]


def test_a_delta_on_its_base_gives_the_images_of_the_whole_package(
    empty: Engine, whole: Path, delta: Path, tmp_path: Path
) -> None:
    load(empty, whole, tmp_path)
    manifest = load(empty, delta, tmp_path)
    by_delta = holdings(empty, manifest.images)
    remove()
    (tmp_path / "whole").mkdir()
    load(empty, write(tmp_path / "whole", "2.1.2", SECOND), tmp_path)
    assert by_delta == holdings(empty, manifest.images)
    assert len(by_delta) == 2


def test_what_an_engine_lacks_of_the_base_is_found_before_anything_is_loaded(
    empty: Engine, whole: Path, delta: Path, tmp_path: Path
) -> None:
    manifest, _sha256 = manifest_of(delta)
    assert lacking(empty, manifest) == ["deltatest/web:2.1.2", "deltatest/tool:2"]
    load(empty, whole, tmp_path)
    assert lacking(empty, manifest) == []
    remove("deltatest/tool:1")
    assert lacking(empty, manifest) == ["deltatest/tool:2"]
