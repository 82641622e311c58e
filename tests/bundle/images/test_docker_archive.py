import json
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from installer.bundle.archive.tar_entries import END_OF_ARCHIVE, entry
from installer.bundle.images.docker_archive import (
    blob_path,
    config_problems,
    digest,
    full_name,
    metadata,
)
from installer.bundle.manifest.manifest import Image, Layer
from installer.errors import BadPackage

LOWER, UPPER = b"lower layer", b"upper layer"


def an_image(reference: str, *layers: bytes) -> tuple[Image, bytes]:
    diff_ids = [digest(layer) for layer in layers]
    config = json.dumps(
        {"os": "linux", "architecture": "amd64", "rootfs": {"type": "layers", "diff_ids": diff_ids}}
    ).encode()
    found = tuple(Layer(digest(layer), len(layer)) for layer in layers)
    return Image(reference, digest(config), "linux/amd64", found), config


def test_both_tables_of_contents_name_every_image() -> None:
    image, config = an_image("vault/web:2.1.2", LOWER, UPPER)
    blobs = {blob.path: blob.content for blob in metadata([(image, config)])}
    lower, upper = digest(LOWER), digest(UPPER)
    oci = {
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": _descriptor("application/vnd.oci.image.config.v1+json", image.id, len(config)),
        "layers": [
            _descriptor("application/vnd.oci.image.layer.v1.tar", lower, 11),
            _descriptor("application/vnd.oci.image.layer.v1.tar", upper, 11),
        ],
    }
    oci_raw = json.dumps(oci, separators=(",", ":")).encode()
    assert blobs.pop(blob_path(image.id)) == config
    assert blobs.pop(blob_path(digest(oci_raw))) == oci_raw
    assert {path: json.loads(content) for path, content in blobs.items()} == {
        "index.json": {
            "schemaVersion": 2,
            "mediaType": "application/vnd.oci.image.index.v1+json",
            "manifests": [
                {
                    **_descriptor(
                        "application/vnd.oci.image.manifest.v1+json", digest(oci_raw), len(oci_raw)
                    ),
                    "annotations": {
                        "io.containerd.image.name": "docker.io/vault/web:2.1.2",
                        "org.opencontainers.image.ref.name": "2.1.2",
                    },
                    "platform": {"os": "linux", "architecture": "amd64"},
                }
            ],
        },
        "manifest.json": [
            {
                "Config": blob_path(image.id),
                "RepoTags": ["vault/web:2.1.2"],
                "Layers": [blob_path(lower), blob_path(upper)],
            }
        ],
        "oci-layout": {"imageLayoutVersion": "1.0.0"},
    }


def test_two_names_of_one_image_share_its_blobs() -> None:
    image, config = an_image("a:1", LOWER)
    blobs = metadata([(image, config), (replace(image, reference="b:1"), config)])
    contents = {blob.path: blob.content for blob in blobs}
    assert len(blobs) == len(contents) == 5
    assert [one["RepoTags"] for one in json.loads(contents["manifest.json"])] == [["a:1", "b:1"]]
    assert len(json.loads(contents["index.json"])["manifests"]) == 2


@pytest.mark.parametrize(
    ("reference", "name"),
    [
        ("nginx:1.24", "docker.io/library/nginx:1.24"),
        ("vault/web:1", "docker.io/vault/web:1"),
        ("localhost/web:1", "localhost/web:1"),
        ("localhost:5000/web:1", "localhost:5000/web:1"),
        ("registry.example.com/a/b:1", "registry.example.com/a/b:1"),
    ],
)
def test_short_names_are_completed_as_docker_does(reference: str, name: str) -> None:
    assert full_name(reference) == name


def test_a_config_that_is_not_that_of_its_image_is_refused_with_every_reason() -> None:
    image, _config = an_image("a:1", LOWER)
    other, other_config = an_image("b:1", LOWER, UPPER)
    incomplete = replace(other, layers=image.layers, platform="linux/arm64")
    with pytest.raises(BadPackage) as refused:
        metadata([(image, other_config), (incomplete, other_config)])
    assert refused.value.details == (
        f"a:1: the digest of its config is {digest(other_config)}",
        "b:1: its layers differ from its config",
        "b:1: its config is for linux/amd64",
    )


@pytest.mark.parametrize("config", [b"{}", b'{"rootfs": []}', b'{"rootfs": {"diff_ids": 1}}', b"[]", b"\xff"])
def test_a_config_that_is_none_is_refused(config: bytes) -> None:
    image, _config = an_image("a:1", LOWER)
    assert config_problems(replace(image, id=digest(config)), config)


@pytest.mark.engine
def test_the_engine_loads_what_was_rebuilt_and_the_containers_run(
    two_images: "Built", tmp_path: Path
) -> None:
    archive = _rebuilt(two_images, tmp_path)
    _docker("rmi", "--force", *two_images.references)
    _docker("load", "--input", str(archive))
    assert [_id(reference) for reference in two_images.references] == two_images.ids
    said = [_docker("run", "--rm", reference, "cat", "/said") for reference in two_images.references]
    assert said == ["first\n", "second\n"]


@pytest.mark.engine
def test_layers_that_real_images_share_are_in_the_archive_once(two_images: "Built", tmp_path: Path) -> None:
    with tarfile.open(_rebuilt(two_images, tmp_path)) as archive:
        names = archive.getnames()
    assert len(names) == len(set(names)) == 3 + 2 + 2 + 3  # layers, configs, OCI manifests, tables


@dataclass(frozen=True)
class Built:
    references: tuple[str, ...]
    ids: list[str]


@pytest.fixture
def two_images(tmp_path: Path) -> Iterator[Built]:
    """Two images on the same base, each with a layer of its own."""
    references = ("airlock-test-bundle:first", "airlock-test-bundle:second")
    for reference in references:
        word = reference.rpartition(":")[2]
        (tmp_path / "Dockerfile").write_text(f"FROM busybox:1\nRUN echo {word} > /said\n")
        _docker("build", "--quiet", "--network", "none", "--tag", reference, str(tmp_path))
    yield Built(references, [_id(reference) for reference in references])
    _docker("rmi", "--force", *references)


def _rebuilt(built: Built, folder: Path) -> Path:
    """images.tar of these images, from what the engine saves."""
    with tempfile.TemporaryFile() as saved:
        subprocess.run(("docker", "save", *built.references), stdout=saved, check=True)
        saved.seek(0)
        with tarfile.open(fileobj=saved) as archive:
            return _written(archive, folder / "images.tar")


def _written(saved: tarfile.TarFile, target: Path) -> Path:
    described = [_described(saved, one) for one in json.loads(_content(saved, "manifest.json"))]
    layers = {blob_path(layer.diff_id) for image, _config in described for layer in image.layers}
    with target.open("wb") as file:
        for path in sorted(layers):
            file.write(entry(path, _content(saved, path)))
        for blob in metadata(described):
            file.write(entry(blob.path, blob.content))
        file.write(END_OF_ARCHIVE)
    return target


def _described(saved: tarfile.TarFile, one: dict[str, list[str]]) -> tuple[Image, bytes]:
    config = _content(saved, str(one["Config"]))
    layers = [_content(saved, path) for path in one["Layers"]]
    found = tuple(Layer(digest(layer), len(layer)) for layer in layers)
    return Image(one["RepoTags"][0], digest(config), "linux/amd64", found), config


def _content(saved: tarfile.TarFile, path: str) -> bytes:
    file = saved.extractfile(path)
    assert file is not None
    return file.read()


def _descriptor(media_type: str, digest_: str, size_bytes: int) -> dict[str, object]:
    return {"mediaType": media_type, "digest": digest_, "size": size_bytes}


def _id(reference: str) -> str:
    return _docker("image", "inspect", "--format", "{{.Id}}", reference).strip()


def _docker(*words: str) -> str:
    return subprocess.run(("docker", *words), check=True, capture_output=True, text=True).stdout
