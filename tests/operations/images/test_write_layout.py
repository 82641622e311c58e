"""A layout has the images of a package, each by its reference, and is complete or not there."""

import io
import json
from pathlib import Path

import pytest

from installer.bundle.images.docker_archive import blob_path, digest, oci_manifest
from installer.errors import BadPackage, Refused
from installer.operations.images.supply_blobs import supply_of
from installer.operations.images.write_layout import write_layout
from installer.screen.console import Console
from tests.bundle.builders import a_package_file, release_with
from tests.bundle.images_tar import DB, LOWER, OTHER, UPPER, WEB, image_of, images_tar
from tests.packager.saved_images import Made
from tests.testbed.registries import skopeo

QUIET = Console(story=io.StringIO(), verbosity="quiet")


def layout_of(folder: Path, *images: Made, archive: bytes | None = None) -> Path:
    manifest, contents = release_with(images_tar(*images) if archive is None else archive, *images)
    (folder / "package").mkdir()
    write_layout(supply_of(a_package_file(folder / "package", contents, manifest), QUIET), folder / "layout")
    return folder / "layout"


def manifest_of(made: Made) -> bytes:
    return oci_manifest(image_of(made), made.config)


def test_a_layout_has_every_blob_once_and_nothing_else(tmp_path: Path) -> None:
    layout = layout_of(tmp_path, WEB, DB)
    blobs = (LOWER, UPPER, OTHER, WEB.config, DB.config, manifest_of(WEB), manifest_of(DB))
    files = {str(path.relative_to(layout)): path.read_bytes() for path in layout.rglob("*") if path.is_file()}
    index = json.loads(files.pop("index.json"))
    assert files == {
        **{blob_path(digest(content)): content for content in blobs},
        "oci-layout": b'{"imageLayoutVersion":"1.0.0"}',
    }
    assert [(one["annotations"], one["digest"]) for one in index["manifests"]] == [
        (
            {
                "io.containerd.image.name": f"docker.io/library/{made.reference}",
                "org.opencontainers.image.ref.name": made.reference,
            },
            digest(manifest_of(made)),
        )
        for made in (WEB, DB)
    ]


@pytest.mark.engine
def test_skopeo_reads_each_image_of_a_layout_by_its_reference(tmp_path: Path) -> None:
    layout = layout_of(tmp_path, WEB, DB)
    for made in (WEB, DB):
        skopeo("copy", f"oci:{layout}:{made.reference}", f"dir:{tmp_path}/{made.id}")
        assert (tmp_path / made.id / "manifest.json").read_bytes() == manifest_of(made)


def test_of_a_damaged_package_no_layout_is_there(tmp_path: Path) -> None:
    archive = images_tar(WEB, instead={UPPER: bytes(len(UPPER))})
    with pytest.raises(BadPackage):
        layout_of(tmp_path, WEB, archive=archive)
    assert [path.name for path in tmp_path.iterdir()] == ["package"]


def test_a_folder_that_exists_is_never_written_into(tmp_path: Path) -> None:
    (tmp_path / "layout").mkdir()
    with pytest.raises(Refused, match="exists already"):
        layout_of(tmp_path, WEB)
    assert list((tmp_path / "layout").iterdir()) == []


def test_a_package_without_images_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="has no images"):
        layout_of(tmp_path)
