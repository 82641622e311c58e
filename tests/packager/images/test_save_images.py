"""Images out of a real engine: the very ones that were planned, whatever becomes of them meanwhile."""

import io
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from installer.bundle.manifest.manifest import Image
from installer.errors import Refused
from installer.screen.console import Console
from installer.system.docker.docker import Engine
from packager.compression.gzip_codec import GzipCodec
from packager.compression.packer import Packer
from packager.image_build.prepared_images import PreparedImage
from packager.images.save_images import Saving, ask_for_images, save_images
from packager.layers.images_sink import ImagesSink
from packager.layers.layer_cache import expect_cache
from tests.packager.saved_images import Made, layer, legacy_archive

NAME, OTHER = "airlock-test/planned:1", "airlock-test/other:1"

pytestmark = pytest.mark.engine


@pytest.fixture
def engine() -> Iterator[Engine]:
    """With an image of two layers, and another one."""
    for name in (NAME, OTHER):
        made = Made(name, (layer("base"), layer(name.rpartition("/")[2])))
        subprocess.run(("docker", "load"), input=legacy_archive(made).getvalue(), check=True)
        docker("tag", made.id, name)
    yield Engine.connect()
    subprocess.run(("docker", "rmi", "--force", NAME, OTHER), capture_output=True, check=False)


def docker(*words: str) -> str:
    return subprocess.run(("docker", *words), capture_output=True, text=True, check=True).stdout.strip()


def planned(engine: Engine) -> PreparedImage:
    stored = engine.image(NAME)
    assert stored is not None
    return PreparedImage(NAME, stored)


def save(
    image: PreparedImage,
    engine: Engine,
    folder: Path,
    cache: Path | None = None,
    story: io.StringIO | None = None,
) -> tuple[tuple[Image, ...], bytes]:
    """The images that were saved, and images.tar packed."""
    packed = io.BytesIO()
    console = Console(results=io.StringIO(), story=story or io.StringIO())
    codec = GzipCodec()
    with (
        Packer(packed, codec, threads=1) as packer,
        ask_for_images((image,), engine, codec, cache) as asked,
    ):
        images = save_images(Saving((image,), asked, folder), engine, console, ImagesSink(packer))
    return images, packed.getvalue()


def test_a_name_given_to_another_image_meanwhile_changes_nothing(engine: Engine, tmp_path: Path) -> None:
    image = planned(engine)
    before = save(image, engine, tmp_path)
    docker("tag", OTHER, NAME)
    assert save(image, engine, tmp_path) == before
    assert [(one.reference, one.id) for one in before[0]] == [(NAME, image.stored.id)]
    docker("rmi", "--force", image.stored.id)


def test_an_image_removed_meanwhile_is_refused_in_the_engines_words(engine: Engine, tmp_path: Path) -> None:
    image = planned(engine)
    docker("rmi", "--force", NAME)
    with pytest.raises(Refused) as refusal:
        save(image, engine, tmp_path)
    assert refusal.value.happened == "The engine could not save the images."
    assert refusal.value.details[0] == f"{NAME} is no longer in the engine."
    assert image.stored.id in refusal.value.details[2]


def test_with_the_cache_the_engine_is_not_asked_again(engine: Engine, tmp_path: Path) -> None:
    image, cache = planned(engine), tmp_path / "cache"
    expect_cache(cache)
    first = save(image, engine, tmp_path, cache)
    docker("rmi", "--force", NAME)
    assert save(image, engine, tmp_path, cache) == first


def test_a_cache_that_does_not_work_is_told_once(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / GzipCodec.name).touch()
    story = io.StringIO()
    image = planned(engine)
    assert save(image, engine, tmp_path, tmp_path / "cache", story) == save(image, engine, tmp_path)
    assert story.getvalue().count("The cache could not be used completely:") == 1
