"""A delta is taken only where all that it leaves out is there, each layer on the right foundation."""

from dataclasses import replace
from pathlib import Path

import pytest

from installer.bundle.images.chains import all_chains
from installer.bundle.manifest.manifest import Base, Image, Layer
from installer.operations.preflight.findings.finding import failed, ok
from installer.operations.preflight.host.delta_base import (
    InstalledRelease,
    Lacking,
    judge_base,
    lacking_layers,
)
from tests.bundle.builders import a_manifest

A, B, C = (f"sha256:{letter * 64}" for letter in "abc")
BASE = Base("customer_vault", "2.1.1", "1" * 64, (A, B))
SITE = Base("customer_vault", None, None, (A,))
LACKING = (Lacking("web:2.1.2", 2, 3 << 20),)
WEB = "web:2.1.2: 2 layers are missing, 3.0 MiB"
NEEDED = f"needed: customer_vault_2.1.1_package, whose manifest.json has the SHA-256 {'1' * 64}"
TITLE = "The package contains only the changes since 2.1.1, and parts of 2.1.1 are missing here."


def image(*diff_ids: str) -> Image:
    return Image("web:2.1.2", C, "linux/amd64", tuple(Layer(one, 1 << 20) for one in diff_ids))


def lacking(*diff_ids: str, held: "list[tuple[str, ...]]", left_out: tuple[str, ...] = (A, B)) -> list[int]:
    found = lacking_layers([image(*diff_ids)], left_out, all_chains(held))
    return [one.count for one in found]


def test_layers_on_the_same_foundation_are_there() -> None:
    assert lacking(A, B, C, held=[(A, B)]) == []


def test_a_layer_that_the_engine_has_on_another_foundation_is_lacking() -> None:
    assert lacking(A, B, C, held=[(A,), (C, B)]) == [1]


def test_a_layer_that_the_package_carries_is_not_looked_for() -> None:
    assert lacking(A, B, C, held=[(A,)], left_out=(A,)) == []


def test_an_empty_engine_lacks_all_that_is_left_out() -> None:
    assert lacking(A, B, C, held=[]) == [2]


def test_nothing_lacking_is_fine() -> None:
    found = judge_base(a_manifest(base=BASE), BASE, (), None)
    assert found == ok("All 2 layers that the package leaves out are here")


@pytest.mark.parametrize(
    ("installed", "found", "hint"),
    [
        (
            None,
            "found: no installation of customer_vault",
            "Load the images of that package, or ask the vendor for the whole package of 2.1.2.",
        ),
        (
            InstalledRelease("2.1.0", "0" * 64, Path("/srv/old/images.tar")),
            "found: 2.1.0",
            "Import 2.1.1 first, or ask the vendor for the whole package of 2.1.2.",
        ),
        (
            InstalledRelease("2.2.0", "0" * 64, Path("/srv/old/images.tar")),
            "found: 2.2.0",
            "Load the images of that package, or ask the vendor for the whole package of 2.1.2.",
        ),
        (
            InstalledRelease("2.1.1", "2" * 64, Path("/srv/old/images.tar")),
            f"found: 2.1.1, but from another package, whose manifest.json has the SHA-256 {'2' * 64}",
            "Load the images of that package, or ask the vendor for the whole package of 2.1.2.",
        ),
        (
            InstalledRelease("2.1.1", "1" * 64, Path("/srv/old/images.tar")),
            "found: 2.1.1; images of it were removed from the engine",
            "Load them again: docker load --input /srv/old/images.tar",
        ),
        (
            InstalledRelease("2.1.1", "1" * 64, None),
            "found: 2.1.1; images of it were removed from the engine",
            "Load the images of that package, or ask the vendor for the whole package of 2.1.2.",
        ),
    ],
    ids=["none", "older", "newer", "another build", "pruned", "pruned, delta itself"],
)
def test_what_is_needed_and_what_is_there_is_told(
    installed: InstalledRelease | None, found: str, hint: str
) -> None:
    judged = judge_base(a_manifest(base=BASE), BASE, LACKING, installed)
    assert judged == failed(TITLE, [NEEDED, found, WEB], hint=hint)


def test_a_package_for_a_site_asks_for_the_whole_one() -> None:
    judged = judge_base(replace(a_manifest(), base=SITE), SITE, LACKING, None)
    assert judged == failed(
        "The package was made for one site, and layers that this site had are missing here.",
        [
            "needed: the layers that the inventory of the site lists",
            "found: no installation of customer_vault",
            WEB,
        ],
        hint="Ask the vendor for the whole package of 2.1.2.",
    )
