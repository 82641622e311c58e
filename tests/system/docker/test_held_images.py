import pytest

from installer.bundle.manifest.manifest import Image, Layer
from installer.system.docker.held_images import StoredImage, holding, parse_image, platform_of

PROMISED = Image("vault:2", "sha256:aa", "linux/amd64", (Layer("sha256:01", 10), Layer("sha256:02", 20)))


def stored(**differently: object) -> StoredImage:
    same = {
        "id": "sha256:aa",
        "tags": ("vault:2",),
        "diff_ids": ("sha256:01", "sha256:02"),
        "platform": "linux/amd64",
        "size_bytes": 30,
    }
    return StoredImage(**{**same, **differently})


def test_an_image_is_read_out_of_the_engines_json() -> None:
    raw = {
        "Id": "sha256:aa",
        "RepoTags": ["b:1", "a:1"],
        "Os": "linux",
        "Architecture": "arm",
        "Variant": "v7",
        "Size": 5,
        "RootFS": {"Type": "layers", "Layers": ["sha256:01"]},
    }
    assert parse_image(raw) == StoredImage("sha256:aa", ("a:1", "b:1"), ("sha256:01",), "linux/arm/v7", 5)


def test_an_image_without_names_and_layers_is_read_too() -> None:
    raw = {"Id": "sha256:aa", "RepoTags": None, "Os": "linux", "Architecture": "amd64", "RootFS": {}}
    assert parse_image(raw) == StoredImage("sha256:aa", (), (), "linux/amd64", 0)


def test_the_variant_that_every_arm64_has_goes_without_saying() -> None:
    assert platform_of("linux", "arm64", "v8") == platform_of("linux", "arm64") == "linux/arm64"


@pytest.mark.parametrize(
    ("found", "word"),
    [
        (stored(), "same"),
        (None, "missing"),
        (stored(id="sha256:bb"), "other"),
        (stored(diff_ids=("sha256:01",)), "other"),
        (stored(platform="linux/arm64"), "other"),
    ],
)
def test_a_classic_store_holds_the_promised_image_only_with_its_id(found, word) -> None:
    assert holding(found, PROMISED, id_is_configuration=True) == word


@pytest.mark.parametrize(
    ("found", "word"),
    [
        (stored(id="sha256:manifest"), "same"),
        (stored(diff_ids=("sha256:02", "sha256:01")), "other"),
        (stored(platform="linux/arm64"), "other"),
        (None, "missing"),
    ],
)
def test_a_containerd_store_holds_the_promised_image_with_its_layers_and_platform(found, word) -> None:
    assert holding(found, PROMISED, id_is_configuration=False) == word
