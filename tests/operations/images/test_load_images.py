"""Loading brings what the engine lacks, and takes no tag from an image that the old release still needs."""

import io
import os
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import IO

import pytest

from installer.bundle.images.load_stream import Selection
from installer.bundle.layout import IMAGES
from installer.bundle.manifest.manifest import Manifest
from installer.errors import BadPackage, Refused
from installer.operations.images.load_images import lacking, load_images, rehearse_loading, select
from installer.operations.images.stored_images import holding_tag, stored
from installer.operations.images.tags import point_tags_at_new, point_tags_back
from installer.screen.console import Console
from installer.system.docker.docker import Engine
from tests.bundle.builders import a_package_directory, a_package_file, release_with, root_of
from tests.bundle.images_tar import diff_id, image_of, images_tar, layers_in
from tests.packager.saved_images import Made, layer

REFERENCE = "loadtest-db:10.11"
BASE, OLD_TOP, NEW_TOP = layer("base"), layer("old"), layer("new")
OLD, NEW = Made(REFERENCE, (BASE, OLD_TOP)), Made(REFERENCE, (BASE, NEW_TOP))
QUIET = Console(story=io.StringIO(), verbosity="quiet")


def docker(*words: str, stdin: bytes = b"") -> None:
    subprocess.run(("docker", *words), input=stdin, capture_output=True, check=True)


@pytest.fixture
def held(engine: Engine) -> Iterator[None]:
    """The old release's image in the engine, under the reference of the new one."""
    remove(OLD, NEW)
    docker("load", stdin=images_tar(OLD))
    yield
    remove(OLD, NEW)


@pytest.fixture
def release(tmp_path: Path) -> tuple[Manifest, Path]:
    """The new release, unpacked by tar."""
    manifest, contents = release_with(images_tar(NEW), NEW)
    return manifest, a_package_directory(tmp_path, contents, manifest)


def remove(*images: Made) -> None:
    for made in images:
        subprocess.run(("docker", "rmi", "--force", made.id), capture_output=True, check=False)


def id_of(engine: Engine, reference: str) -> str | None:
    image = engine.image(reference)
    return image.id if image else None


@pytest.mark.engine
@pytest.mark.usefixtures("held")
def test_after_loading_the_tag_still_means_the_old_image_and_the_new_one_is_held(
    engine: Engine, release: tuple[Manifest, Path]
) -> None:
    assert load_images(engine, *release, None, QUIET) == "1 image loaded, 0 already there"
    assert id_of(engine, REFERENCE) == OLD.id
    assert id_of(engine, holding_tag(REFERENCE, NEW.id)) == NEW.id


@pytest.mark.engine
@pytest.mark.usefixtures("held")
def test_tags_move_to_the_new_image_and_back(engine: Engine, release: tuple[Manifest, Path]) -> None:
    manifest, _directory = release
    load_images(engine, *release, None, QUIET)
    point_tags_at_new(engine, manifest)
    assert id_of(engine, REFERENCE) == NEW.id
    assert id_of(engine, holding_tag(REFERENCE, OLD.id)) == OLD.id
    point_tags_back(engine, ((REFERENCE, OLD.id),))
    assert id_of(engine, REFERENCE) == OLD.id


class Recording(Engine):
    """A real engine that keeps what it is given, archive by archive."""

    @contextmanager
    def load(
        self, archives: int = 1, told: Callable[[float], None] = lambda seconds: None
    ) -> Iterator[Sequence[IO[bytes]]]:
        copies = [io.BytesIO() for _number in range(archives)]
        with super().load(archives, told) as streams:
            yield copies  # type: ignore[misc]
            self.given = [copy.getvalue() for copy in copies]
            for stream, given in zip(streams, self.given, strict=True):
                stream.write(given)


@pytest.mark.engine
@pytest.mark.usefixtures("held")
def test_a_layer_that_the_engine_has_is_not_sent_again(engine: Engine) -> None:
    manifest, _contents = release_with(images_tar(NEW), NEW)
    assert lacking(engine, manifest) == Selection((image_of(NEW),), frozenset({diff_id(NEW_TOP)}))


@pytest.mark.engine
@pytest.mark.usefixtures("held")
def test_images_come_out_of_the_package_file_where_the_directory_has_none(
    engine: Engine, release: tuple[Manifest, Path], tmp_path: Path
) -> None:
    manifest, directory = release
    a_package_file(tmp_path, release_with(images_tar(NEW), NEW)[1], manifest)
    (directory / IMAGES).unlink()
    recording = Recording.connect()
    assert load_images(recording, manifest, directory, None, QUIET) == "1 image loaded, 0 already there"
    assert [layers_in(given, (BASE, NEW_TOP)) for given in recording.given] == [{NEW_TOP}]
    assert stored(engine, image_of(NEW)) is not None


@pytest.mark.engine
@pytest.mark.usefixtures("held")
def test_images_that_are_there_are_not_read_again(engine: Engine, release: tuple[Manifest, Path]) -> None:
    _manifest, directory = release
    load_images(engine, *release, None, QUIET)
    (directory / IMAGES).unlink()
    assert load_images(engine, *release, None, QUIET) == "0 images loaded, 1 already there"
    assert rehearse_loading(engine, *release, None, QUIET) == "skipped in a dry run: 0 images to load"


@pytest.mark.engine
@pytest.mark.usefixtures("held")
def test_images_that_are_nowhere_are_asked_for(engine: Engine, release: tuple[Manifest, Path]) -> None:
    manifest, directory = release
    (directory / IMAGES).unlink()
    with pytest.raises(Refused) as refused:
        load_images(engine, *release, None, QUIET)
    assert str(refused.value) == (
        f"{directory} has no images.tar, and its package is not beside it.\n"
        f"Specify the package: ./import-package.sh /path/to/{root_of(manifest)}.tar.gz"
    )


@pytest.mark.engine
@pytest.mark.usefixtures("held")
def test_an_archive_without_the_promised_image_is_a_bad_package(engine: Engine, tmp_path: Path) -> None:
    manifest, contents = release_with(images_tar(OLD), NEW)
    with pytest.raises(BadPackage) as refused:
        load_images(engine, manifest, a_package_directory(tmp_path, contents, manifest), None, QUIET)
    assert set(refused.value.details) == {f"{NEW.id}: is missing", f"{diff_id(NEW_TOP)}: is missing"}
    assert id_of(engine, REFERENCE) == OLD.id


@pytest.mark.engine
@pytest.mark.usefixtures("held")
@pytest.mark.parametrize("length", [3000, -1])
def test_a_load_that_breaks_off_leaves_the_engine_as_it_was(
    engine: Engine, tmp_path: Path, length: int
) -> None:
    manifest, contents = release_with(images_tar(NEW), NEW)
    directory = a_package_directory(tmp_path, {**contents, IMAGES: contents[IMAGES][:length]}, manifest)
    with pytest.raises(BadPackage):
        load_images(engine, manifest, directory, None, QUIET)
    assert id_of(engine, REFERENCE) == OLD.id
    assert engine.image(NEW.id) is None


@pytest.mark.engine
@pytest.mark.usefixtures("held")
def test_what_the_engine_says_when_it_fails_is_told(engine: Engine, tmp_path: Path) -> None:
    broken = Made(REFERENCE, (BASE, b"no archive" * 100))
    manifest, contents = release_with(images_tar(broken), broken)
    with pytest.raises(Refused) as refused:
        load_images(engine, manifest, a_package_directory(tmp_path, contents, manifest), None, QUIET)
    assert refused.value.happened == "The engine could not load the images."
    assert "archive/tar: invalid tar header" in str(refused.value)
    assert (id_of(engine, REFERENCE), engine.image(broken.id)) == (OLD.id, None)


@pytest.mark.engine
@pytest.mark.usefixtures("held")
def test_of_two_loads_the_one_that_fails_is_told_and_tags_mean_what_they_meant(
    engine: Engine, tmp_path: Path
) -> None:
    whole, broken = Made(REFERENCE, (NEW_TOP,)), Made("loadtest-broken:1", (b"no archive" * 100,))
    manifest, contents = release_with(images_tar(whole, broken), whole, broken)
    directory = a_package_directory(tmp_path, contents, manifest)
    try:
        with pytest.raises(Refused) as refused:
            load_images(engine, manifest, directory, None, QUIET)
        assert "archive/tar: invalid tar header" in str(refused.value)
        assert (id_of(engine, REFERENCE), engine.image(broken.id)) == (OLD.id, None)
    finally:
        remove(whole)


@pytest.mark.engine
def test_images_with_little_in_common_are_loaded_side_by_side(engine: Engine, tmp_path: Path) -> None:
    base, left, right = layer("base"), layer(*map(str, range(50))), layer(*map(str, range(50, 100)))
    made = Made("loadtest-left:1", (base, left)), Made("loadtest-right:1", (base, right))
    manifest, contents = release_with(images_tar(*made), *made)
    directory = a_package_directory(tmp_path, contents, manifest)
    recording = Recording.connect()
    try:
        assert load_images(recording, manifest, directory, None, QUIET) == "2 images loaded, 0 already there"
        given = {frozenset(layers_in(archive, (base, left, right))) for archive in recording.given}
        is_divided = engine.version().classic_store and (os.cpu_count() or 1) > 1
        apart = [(base, right), (base, left)] if is_divided else [(base, left, right)]
        assert given == set(map(frozenset, apart))
        assert [id_of(engine, one.reference) for one in made] == [one.id for one in made]
    finally:
        remove(*made)


def test_a_layer_is_spared_only_where_its_foundation_is_known_too() -> None:
    other = Made("other:1", (NEW_TOP, BASE))
    images = (image_of(NEW), image_of(other))
    assert select(images, {diff_id(BASE)}, ()).layers == {diff_id(BASE), diff_id(NEW_TOP)}
    assert select(images[:1], {diff_id(BASE)}, ()).layers == {diff_id(NEW_TOP)}


def test_what_the_package_leaves_out_is_not_waited_for() -> None:
    assert select((image_of(NEW),), (), (diff_id(BASE),)) == Selection(
        (image_of(NEW),), frozenset({diff_id(NEW_TOP)})
    )


def test_a_selection_knows_how_much_is_sent() -> None:
    assert replace(select((image_of(NEW),), (), ())).layers_bytes == len(BASE) + len(NEW_TOP)


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
