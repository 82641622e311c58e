"""What comes out of a package is proven, layer by layer and to its end."""

from pathlib import Path

import pytest

from installer.errors import BadPackage
from installer.system.reading.package_reader import find_package, open_package
from packager.combine.package_layers import PackageLayers
from tests.bundle.builders import CONTENTS, a_manifest, compressed, entries_of
from tests.packager.delta_packages import LIBRARIES, OS, release, write
from tests.packager.saved_images import digest, layer

APP = layer("app/1")
IMAGES = release("2.1.1", APP)
OS_ID, LIBRARIES_ID, APP_ID = (f"sha256:{digest(one)}" for one in (OS, LIBRARIES, APP))


def read(package: Path, wanted: set[str], configs: set[str]) -> tuple[dict[str, bytes], PackageLayers]:
    """The layers `wanted` of a package by their diff IDs."""
    with open_package(find_package(package), lambda _size: None) as stream:
        layers = PackageLayers(stream, package.name)
        for member in layers.small_files():
            b"".join(member.content)
        found = {one.layer.diff_id: b"".join(one.chunks) for one in layers.layers(wanted, configs)}
    return found, layers


def test_only_what_is_wanted_comes_in_the_order_of_diff_ids(tmp_path: Path) -> None:
    package = write(tmp_path, "2.1.1", IMAGES)
    found, layers = read(package, {OS_ID, APP_ID}, {IMAGES[0].id})
    assert list(found) == sorted(found)
    assert found == {OS_ID: OS, APP_ID: APP}
    assert layers.configs == {IMAGES[0].id: IMAGES[0].config}


def test_a_layer_that_is_not_there_is_told(tmp_path: Path) -> None:
    package = write(tmp_path, "2.1.1", IMAGES)
    absent = f"sha256:{'0' * 64}"
    with pytest.raises(BadPackage) as told:
        read(package, {OS_ID, absent}, set())
    assert told.value.details == (f"images.tar lacks {absent}",)


def test_a_package_of_another_order_is_refused_rather_than_robbed_of_files(tmp_path: Path) -> None:
    *others, images = entries_of(a_manifest(), CONTENTS)
    package = tmp_path / "other.tar.gz"
    package.write_bytes(compressed([*others[:-1], images, others[-1]]))
    with pytest.raises(BadPackage) as told:
        read(package, set(), set())
    assert told.value.details == ("images.tar is not the last file",)


def test_damage_behind_all_that_is_wanted_is_noticed(tmp_path: Path) -> None:
    package = write(tmp_path, "2.1.1", IMAGES)
    raw = bytearray(package.read_bytes())
    raw[-6] ^= 4
    package.write_bytes(raw)
    with pytest.raises(BadPackage, match="is damaged or altered"):
        read(package, {min(OS_ID, LIBRARIES_ID, APP_ID)}, set())
