"""images.tar out of what an engine saves: each layer once, complete, whatever the engine's layout."""

import io
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from installer.bundle.manifest import Image, Layer
from installer.errors import Refused
from packager.images import WantedImage, write_images
from tests.packager.saved_images import Made, digest, layer, legacy_archive, oci_archive

BASE, WEB, DB = layer("base"), layer("web"), layer("db")
IMAGES = (Made("shop/web:1", (BASE, WEB)), Made("mariadb:10.11", (BASE, DB)))


def images_tar(stream: io.BytesIO, spool: Path, *images: Made) -> tuple[tuple[Image, ...], bytes]:
    wanted = [WantedImage(made.reference, made.reference, made.id) for made in images]
    out = io.BytesIO()
    listed = write_images(stream, wanted, lambda chunk: (out.write(chunk), None)[1], spool, lambda size: None)
    return listed, out.getvalue()


def names(raw: bytes) -> list[str]:
    with tarfile.open(fileobj=io.BytesIO(raw)) as archive:
        return archive.getnames()


def described(made: Made) -> Image:
    layers = tuple(Layer(f"sha256:{digest(one)}", len(one)) for one in made.layers)
    return Image(made.reference, made.id, "linux/amd64", layers)


@pytest.mark.parametrize(
    "save", [oci_archive, legacy_archive, lambda *images: oci_archive(*images, packed=True)]
)
def test_every_layout_gives_the_same_images_with_each_layer_once(
    save: Callable[..., io.BytesIO], tmp_path: Path
) -> None:
    listed, raw = images_tar(save(*IMAGES), tmp_path, *IMAGES)
    assert listed == tuple(map(described, IMAGES))
    layers = [f"blobs/sha256/{digest(one)}" for one in (BASE, WEB, DB)]
    assert sorted(names(raw)[:3]) == sorted(layers)
    assert names(raw)[-3:] == ["index.json", "manifest.json", "oci-layout"]
    assert len(names(raw)) == len(set(names(raw)))
    assert list(tmp_path.iterdir()) == []


def test_a_layer_that_the_engine_left_out_is_noticed(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refusal:
        images_tar(oci_archive(*IMAGES, without=DB), tmp_path, *IMAGES)
    assert refusal.value.happened == "The engine left layers of the image mariadb:10.11 out when saving."
    assert refusal.value.details == (f"sha256:{digest(DB)}",)


def test_an_image_that_the_engine_left_out_is_noticed(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"left the image mariadb:10\.11 out"):
        images_tar(oci_archive(IMAGES[0]), tmp_path, *IMAGES)


def test_a_layer_that_is_not_what_its_name_says_is_noticed(tmp_path: Path) -> None:
    raw = oci_archive(*IMAGES).getvalue().replace(b"web", b"bad", 1)
    with pytest.raises(Refused, match="that is not sha256:"):
        images_tar(io.BytesIO(raw), tmp_path, *IMAGES)


def test_an_image_asked_for_by_digest_is_found_by_its_id(tmp_path: Path) -> None:
    (made,) = IMAGES[1:]
    saved = oci_archive(Made("something:else", made.layers))
    wanted = [WantedImage("mariadb:10.11", "mariadb@sha256:" + "a" * 64, made.id)]
    listed = write_images(saved, wanted, lambda chunk: None, tmp_path, lambda size: None)
    assert [image.reference for image in listed] == ["mariadb:10.11"]


def test_a_layer_that_begins_like_a_document_is_still_a_layer(tmp_path: Path) -> None:
    made = Made("a:1", (layer("{brace"),))
    listed, raw = images_tar(oci_archive(made), tmp_path, made)
    assert listed == (described(made),)
    assert names(raw)[0] == f"blobs/sha256/{digest(made.layers[0])}"
