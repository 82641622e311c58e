"""The names that images get in a site's registry."""

import pytest

from installer.bundle.manifest.manifest import Image
from installer.errors import Refused
from installer.operations.push.pushed_names import pushed_names
from installer.system.registry.registry_place import RegistryPlace
from tests.bundle.images_tar import LOWER, UPPER, image_of
from tests.packager.saved_images import Made

TEAM = RegistryPlace("registry.site:5000", "team")


def image(reference: str, *layers: bytes) -> Image:
    return image_of(Made(reference, layers or (LOWER,)))


@pytest.mark.parametrize(
    ("reference", "name"),
    [
        ("vault-web:2.1.2", ("team/vault-web", "2.1.2")),
        ("bitnami/mariadb:10.11", ("team/bitnami/mariadb", "10.11")),
        ("ghcr.io/acme/vault:2", ("team/acme/vault", "2")),
        ("registry:5000/acme/vault:2", ("team/acme/vault", "2")),
        ("localhost/vault:2", ("team/vault", "2")),
        ("docker.io/library/nginx:1.24", ("team/library/nginx", "1.24")),
    ],
)
def test_an_image_keeps_its_name_without_the_registry_that_it_came_from(
    reference: str, name: tuple[str, str]
) -> None:
    (found,) = pushed_names([image(reference)], TEAM)
    assert (found.repository, found.tag) == name


def test_two_images_cannot_have_one_name() -> None:
    images = [image("a.io/vault:2", LOWER), image("b.io/vault:2", UPPER)]
    with pytest.raises(Refused) as refused:
        pushed_names(images, TEAM)
    assert refused.value.details == ("a.io/vault:2", "b.io/vault:2")


def test_two_references_of_one_image_may_have_one_name() -> None:
    assert len(pushed_names([image("a.io/vault:2"), image("b.io/vault:2")], TEAM)) == 2
