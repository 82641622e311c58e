"""Loading must not take a tag from an image that the old release still needs."""

import io
import subprocess
import tarfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from installer.bundle.manifest import Image, Layer, Manifest
from installer.console import Console
from installer.errors import BadPackage
from installer.operations.load_images import holding_tag, load_images, point_tags_at_new, point_tags_back
from installer.system.docker import Engine
from installer.system.process import ToolFailed
from tests.bundle.builders import a_manifest

REFERENCE = "loadtest-db:10.11"


def docker(*words: str, stdin: bytes | None = None) -> str:
    return (
        subprocess.run(("docker", *words), input=stdin, capture_output=True, check=True)
        .stdout.decode()
        .strip()
    )


def make_image(content: bytes) -> str:
    """An image of one layer with one file, under REFERENCE; gives back its ID."""
    layer = io.BytesIO()
    with tarfile.open(fileobj=layer, mode="w") as archive:
        entry = tarfile.TarInfo("release.txt")
        entry.size = len(content)
        archive.addfile(entry, io.BytesIO(content))
    return docker("import", "--change", 'CMD ["/release"]', "-", REFERENCE, stdin=layer.getvalue())


def manifest_of(engine: Engine) -> Manifest:
    stored = engine.image(REFERENCE)
    assert stored is not None
    layers = tuple(Layer(diff_id, 1) for diff_id in stored.diff_ids)
    return replace(a_manifest({}), images=(Image(REFERENCE, stored.id, stored.platform, layers),))


@pytest.fixture
def releases(engine: Engine, tmp_path: Path) -> Iterator[tuple[str, Manifest, Path]]:
    """The old release's image in the engine; the new one's, under the same tag, only in an archive."""
    make_image(b"new")
    manifest = manifest_of(engine)
    archive = tmp_path / "images.tar"
    docker("save", "--output", str(archive), REFERENCE)
    docker("rmi", "--force", manifest.images[0].id)
    old_id = make_image(b"old")
    yield old_id, manifest, archive
    for image_id in (old_id, manifest.images[0].id):
        subprocess.run(("docker", "rmi", "--force", image_id), capture_output=True, check=False)


def quiet() -> Console:
    return Console(story=io.StringIO())


def id_of(engine: Engine, reference: str) -> str | None:
    image = engine.image(reference)
    return image.id if image else None


@pytest.mark.engine
def test_after_loading_the_tag_still_means_the_old_image_and_the_new_one_is_held(
    engine: Engine, releases: tuple[str, Manifest, Path]
) -> None:
    old_id, manifest, archive = releases
    new_id = manifest.images[0].id
    assert load_images(engine, manifest, archive, quiet()) == "1 image loaded, 0 already there"
    assert id_of(engine, REFERENCE) == old_id
    assert id_of(engine, holding_tag(REFERENCE, new_id)) == new_id


@pytest.mark.engine
def test_tags_move_to_the_new_image_and_back(engine: Engine, releases: tuple[str, Manifest, Path]) -> None:
    old_id, manifest, archive = releases
    load_images(engine, manifest, archive, quiet())
    point_tags_at_new(engine, manifest)
    assert id_of(engine, REFERENCE) == manifest.images[0].id
    assert id_of(engine, holding_tag(REFERENCE, old_id)) == old_id
    point_tags_back(engine, ((REFERENCE, old_id),))
    assert id_of(engine, REFERENCE) == old_id


@pytest.mark.engine
def test_images_that_are_there_are_not_loaded_again(
    engine: Engine, releases: tuple[str, Manifest, Path], tmp_path: Path
) -> None:
    _old_id, manifest, archive = releases
    load_images(engine, manifest, archive, quiet())
    words = load_images(engine, manifest, tmp_path / "nothing.tar", quiet())
    assert words == "0 images loaded, 1 already there"


@pytest.mark.engine
def test_an_archive_without_the_promised_image_is_a_bad_package(
    engine: Engine, releases: tuple[str, Manifest, Path]
) -> None:
    _old_id, manifest, archive = releases
    digest = "sha256:" + "0" * 64
    other = replace(manifest.images[0], id=digest, layers=(Layer(digest, 1),))
    with pytest.raises(BadPackage) as refused:
        load_images(engine, replace(manifest, images=(other,)), archive, quiet())
    assert refused.value.details == (REFERENCE,)


@pytest.mark.engine
def test_a_load_that_breaks_off_leaves_the_tag_with_the_old_image(
    engine: Engine, releases: tuple[str, Manifest, Path], tmp_path: Path
) -> None:
    old_id, manifest, archive = releases
    (tmp_path / "half.tar").write_bytes(archive.read_bytes()[:4096])
    with pytest.raises(ToolFailed):
        load_images(engine, manifest, tmp_path / "half.tar", quiet())
    assert id_of(engine, REFERENCE) == old_id


@pytest.mark.parametrize(
    ("reference", "held"),
    [
        ("mariadb:10.11", "mariadb:airlock-407845ca2f1b"),
        ("mariadb", "mariadb:airlock-407845ca2f1b"),
        ("registry:5000/team/db", "registry:5000/team/db:airlock-407845ca2f1b"),
        ("registry:5000/team/db:2", "registry:5000/team/db:airlock-407845ca2f1b"),
    ],
)
def test_a_holding_tag_stays_in_the_images_repository(reference: str, held: str) -> None:
    assert (
        holding_tag(reference, "sha256:407845ca2f1b7f910bea2108c1264ecafe56f624fb2de99a297e97ce3256d9be")
        == held
    )
