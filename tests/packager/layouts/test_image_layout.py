"""Images out of a layout: the very bytes that an engine gives, or a refusal that names the file."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from installer.errors import AirlockError, Refused, UsageProblem
from installer.operations.images.supply_blobs import supply_of
from installer.operations.images.write_layout import write_layout
from installer.screen.console import Console
from packager.images.image_configs import WantedImage
from packager.layouts.image_layout import open_layout
from packager.layouts.laid_image import LaidImage, laid_files
from tests.bundle.builders import a_package_file, release_with
from tests.bundle.images_tar import DB, WEB, images_tar
from tests.packager.images_tar import Engine, Written, write
from tests.packager.laid_images import (
    CONFIG,
    DOCKER,
    GZIP,
    INDEX,
    MANIFEST,
    PLAIN,
    ZSTD,
    Packed,
    blobs_of,
    by_buildkit,
    by_skopeo,
    entry_of,
    laid,
    manifest_of,
    path_of,
)
from tests.packager.saved_images import Made, as_json, descriptor, gzipped, layer, named, oci_archive
from tests.testbed.registries import skopeo

QUIET = Console(story=io.StringIO(), verbosity="quiet")
BASE, APP = layer("base"), layer("app", size_bytes=5 << 20)
IMAGE = Made("shop/web:1", (BASE, APP))
ARM = Made("shop/web:1", (BASE, layer("for arm")), "arm64")


def found(folder: Path, *images: Made, platform: str = "linux/amd64", digest: str = "") -> list[LaidImage]:
    layout = open_layout(folder)
    return [layout.image(made.reference, digest, platform) for made in images]


def written(folder: Path, *images: Made, work: Path, cache: Path | None = None) -> Written:
    """images.tar of images in the layout; any engine has none of them."""
    there = found(folder, *images)
    wanted = [
        WantedImage(
            made.reference,
            one.stored.id,
            one.stored.platform,
            one.stored.diff_ids,
            one.stored.size_bytes,
            is_laid=True,
        )
        for made, one in zip(images, there, strict=True)
    ]
    by_id = {one.stored.id: one for one in there}
    engine = Engine(b"")
    done = write(engine, work, *wanted, cache=cache, read=lambda ids: laid_files(by_id[one] for one in ids))
    assert engine.asked == []
    return done


def refusal_of(act: Callable[[], object]) -> tuple[str, tuple[str, ...]]:
    with pytest.raises(AirlockError) as refused:
        act()
    return refused.value.happened, refused.value.details


def cannot_be_used(path: Path, *reasons: str) -> tuple[str, tuple[str, ...]]:
    return f"The image layout cannot be used: {path}", reasons


@pytest.mark.parametrize("packed", [PLAIN, GZIP, ZSTD, DOCKER], ids=["plain", "gzip", "zstd", "docker"])
def test_a_layout_gives_the_same_bytes_as_an_engine(tmp_path: Path, packed: Packed) -> None:
    images = (IMAGE, Made("mariadb:10.11", (BASE, layer("db"))))
    by_engine = write(oci_archive(*images), tmp_path, *images)
    layout = by_skopeo(tmp_path / "layout", *images, packed=packed)
    assert written(layout, *images, work=tmp_path) == by_engine
    assert written(layout, *images, work=tmp_path, cache=tmp_path / "cache") == by_engine
    assert written(layout, *images, work=tmp_path, cache=tmp_path / "cache") == by_engine


def test_the_layout_of_a_package_gives_its_images_again_to_the_byte(tmp_path: Path) -> None:
    archive = images_tar(WEB, DB)
    manifest, contents = release_with(archive, WEB, DB)
    write_layout(supply_of(a_package_file(tmp_path, contents, manifest), QUIET), tmp_path / "layout")
    again = written(tmp_path / "layout", WEB, DB, work=tmp_path)
    assert (again.raw, again.images) == (archive, manifest.images)


@pytest.mark.engine
def test_a_layout_that_skopeo_wrote_gives_the_same_bytes(tmp_path: Path) -> None:
    by_engine = write(oci_archive(IMAGE), tmp_path, IMAGE)
    source = by_skopeo(tmp_path / "source", IMAGE)
    target = f"oci:{tmp_path}/target:{IMAGE.reference}"
    skopeo("copy", "--dest-compress", f"oci:{source}:{IMAGE.reference}", target)
    assert not path_of(tmp_path / "target", APP).exists()  # it is compressed
    assert written(tmp_path / "target", IMAGE, work=tmp_path) == by_engine


def test_of_an_image_for_several_platforms_the_planned_one_is_taken(tmp_path: Path) -> None:
    layout = by_buildkit(tmp_path / "layout", IMAGE, ARM)
    (amd,), (arm,) = found(layout, IMAGE), found(layout, ARM, platform="linux/arm64/v9")
    assert (amd.stored.diff_ids, arm.stored.diff_ids) == (IMAGE.diff_ids, ARM.diff_ids)
    assert refusal_of(lambda: found(layout, IMAGE, platform="linux/s390x")) == cannot_be_used(
        next(path for path in (layout / "blobs/sha256").iterdir() if b"unknown" in path.read_bytes()),
        "It does not have exactly one image shop/web:1 for linux/s390x.",
        "Available for: linux/amd64, linux/arm64",
    )


@pytest.mark.parametrize(
    "names",
    [
        {"ref_name": "shop/web:1"},
        {"ref_name": "docker.io/shop/web:1"},
        {"image_name": "docker.io/shop/web:1", "ref_name": "1"},
    ],
)
def test_an_image_is_found_by_every_name_that_tools_write(tmp_path: Path, names: dict[str, str]) -> None:
    layout = open_layout(laid(tmp_path / "layout", [entry_of(IMAGE, **names)], blobs_of(IMAGE)))
    assert [layout.has(one) for one in ("shop/web:1", "docker.io/shop/web:1")] == [True, True]
    assert [layout.has(one) for one in ("shop/web:2", "web:1", "shop/web", "1")] == [False] * 4


def test_two_images_with_one_name_are_refused_and_one_image_twice_is_not(tmp_path: Path) -> None:
    entries = [entry_of(one, ref_name="shop/web:1") for one in (IMAGE, ARM)]
    once = laid(tmp_path / "once", [entries[0], entries[0]], blobs_of(IMAGE))
    assert found(once, IMAGE)[0].stored.diff_ids == IMAGE.diff_ids
    twice = laid(tmp_path / "twice", entries, [])
    assert refusal_of(lambda: found(twice, IMAGE)) == cannot_be_used(
        twice / "index.json",
        "It has several images shop/web:1:",
        named(manifest_of(IMAGE)),
        named(manifest_of(ARM)),
    )


def test_a_digest_in_the_compose_file_is_the_one_of_the_image(tmp_path: Path) -> None:
    layout = by_skopeo(tmp_path / "layout", IMAGE)
    assert found(layout, IMAGE, digest=named(manifest_of(IMAGE)))
    assert refusal_of(lambda: found(layout, IMAGE, digest=named(b"another"))) == cannot_be_used(
        path_of(layout, manifest_of(IMAGE)),
        "It is not the image shop/web:1 that the compose file pins:",
        named(b"another"),
    )


def test_a_folder_that_is_no_layout_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageProblem, match="is not an OCI image layout"):
        open_layout(tmp_path)
    (tmp_path / "oci-layout").write_text('{"imageLayoutVersion": "2.0.0"}')
    newer = cannot_be_used(tmp_path / "oci-layout", "Its version is unknown: 2.0.0")
    assert refusal_of(lambda: open_layout(tmp_path)) == newer
    (tmp_path / "oci-layout").write_text('{"imageLayoutVersion": "1.0.0"}')
    missing = cannot_be_used(tmp_path / "index.json", "No such file or directory")
    assert refusal_of(lambda: open_layout(tmp_path)) == missing


@pytest.mark.parametrize(
    "entry",
    [
        {"digest": "sha256:../../../../etc/passwd", "size": 1},
        {"digest": f"sha512:{'0' * 128}", "size": 1},
        {"digest": f"sha256:{'0' * 64}", "size": -1},
        {"digest": f"sha256:{'0' * 64}", "size": 1, "annotations": []},
        {},
        "text",
    ],
)
def test_an_entry_that_describes_no_file_is_refused(tmp_path: Path, entry: dict[str, object]) -> None:
    layout = laid(tmp_path / "layout", [entry], [])
    happened, details = refusal_of(lambda: open_layout(layout))
    assert happened == f"The image layout cannot be used: {layout}/index.json"
    assert details[0].startswith("It does not describe a file as it should: ")


@pytest.mark.parametrize("packed", [PLAIN, GZIP], ids=["plain", "gzip"])
@pytest.mark.parametrize("number", [0, 1, 2, 3], ids=["small layer", "large layer", "config", "manifest"])
def test_a_file_that_is_missing_or_damaged_is_named(tmp_path: Path, packed: Packed, number: int) -> None:
    layout = by_skopeo(tmp_path / "layout", IMAGE, packed=packed)
    content = blobs_of(IMAGE, packed)[number]
    file, middle = path_of(layout, content), len(content) // 2
    flipped = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
    file.write_bytes(flipped)
    assert refusal_of(lambda: written(layout, IMAGE, work=tmp_path)) == cannot_be_used(
        file, f"Its content has another digest: {named(flipped)}"
    )
    file.write_bytes(content[:-1])
    assert refusal_of(lambda: found(layout, IMAGE)) == cannot_be_used(
        file, f"It has {len(content) - 1} bytes instead of {len(content)}."
    )
    file.unlink()
    assert refusal_of(lambda: found(layout, IMAGE)) == cannot_be_used(file, "No such file or directory")
    assert [path.name for path in tmp_path.iterdir()] == ["layout"]


def test_an_index_in_an_index_is_refused(tmp_path: Path) -> None:
    inner = as_json({"schemaVersion": 2, "manifests": [entry_of(IMAGE)]})
    outer = as_json({"schemaVersion": 2, "manifests": [descriptor(inner, mediaType=INDEX)]})
    names = {"org.opencontainers.image.ref.name": IMAGE.reference}
    entry = descriptor(outer, mediaType=INDEX, annotations=names)
    layout = laid(tmp_path / "layout", [entry], [inner, outer, *blobs_of(IMAGE)])
    assert refusal_of(lambda: found(layout, IMAGE)) == cannot_be_used(
        path_of(layout, outer), "It is an index with another index in it."
    )


@pytest.mark.parametrize("kind", ["manifest", "config", "layer"])
def test_a_media_type_that_is_unknown_is_refused(tmp_path: Path, kind: str) -> None:
    types = {"manifest": MANIFEST, "config": CONFIG, "layer": GZIP.layer_type}
    strange = Packed(gzipped, GZIP.layer_type, {types[kind]: "application/x-strange"})
    layout = by_skopeo(tmp_path / "layout", IMAGE, packed=strange)
    blobs = {
        "manifest": manifest_of(IMAGE, strange),
        "config": IMAGE.config,
        "layer": gzipped(BASE),
    }
    happened, details = refusal_of(lambda: found(layout, IMAGE))
    assert (happened, details[0]) == (
        f"The image layout cannot be used: {path_of(layout, blobs[kind])}",
        "Its media type is unknown: application/x-strange",
    )


def test_layers_that_are_not_those_of_the_config_are_refused(tmp_path: Path) -> None:
    manifest = json.loads(manifest_of(IMAGE))
    other, fewer = layer("other"), {**manifest, "layers": manifest["layers"][:1]}
    swapped = {**manifest, "layers": [descriptor(other, mediaType=PLAIN.layer_type), manifest["layers"][1]]}
    names = {"org.opencontainers.image.ref.name": IMAGE.reference}
    layouts = []
    for name, document in (("fewer", as_json(fewer)), ("swapped", as_json(swapped))):
        entry = descriptor(document, mediaType=MANIFEST, annotations=names)
        layouts.append(laid(tmp_path / name, [entry], [document, other, *blobs_of(IMAGE)]))
    assert refusal_of(lambda: found(layouts[0], IMAGE)) == cannot_be_used(
        path_of(layouts[0], as_json(fewer)), "It has another number of layers than its config."
    )
    assert refusal_of(lambda: written(layouts[1], IMAGE, work=tmp_path)) == (
        "The image layout has other layers of shop/web:1 than its config names.",
        (named(BASE),),
    )


def test_a_layer_that_is_no_gzip_file_though_it_begins_like_one_is_named(tmp_path: Path) -> None:
    broken = Packed(lambda content: gzipped(content)[:-9] + bytes(9), GZIP.layer_type, {})
    layout = by_skopeo(tmp_path / "layout", IMAGE, packed=broken)
    happened, _details = refusal_of(lambda: written(layout, IMAGE, work=tmp_path))
    names = {f"The layer {named(broken.pack(one))} cannot be decompressed." for one in IMAGE.layers}
    assert happened in names


def test_a_file_that_changes_after_it_was_looked_at_is_noticed(tmp_path: Path) -> None:
    layout = by_skopeo(tmp_path / "layout", IMAGE)
    (image,) = found(layout, IMAGE)
    path_of(layout, APP).write_bytes(bytes(len(APP)))
    with pytest.raises(Refused, match="has another digest"):
        for file in laid_files([image]):
            for _chunk in file.chunks():
                continue
