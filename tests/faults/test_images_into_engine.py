"""Packages that break while their images go into a real engine: it has nothing new afterwards."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from installer.errors import BadPackage, Refused
from installer.operations.images.load_images import load_images
from installer.operations.package.unpack import unpack
from installer.screen.console import Console
from installer.system.docker.docker import Engine
from packager.compression.codec import Compression
from tests.bundle.images_tar import DB, WEB
from tests.faults.every_byte import QUIET, a_package, flipped, manifest_of
from tests.faults.regions import regions_of

pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("without_the_images")]


@pytest.fixture
def without_the_images() -> Iterator[None]:
    """The engine has none of the package's images, before and afterwards."""
    remove_images()
    yield
    remove_images()


def remove_images() -> None:
    for name in (WEB.id, DB.id, WEB.reference, DB.reference):
        subprocess.run(("docker", "rmi", "--force", name), capture_output=True, check=False)


def everything(engine: Engine) -> list[tuple[str, tuple[str, ...]]]:
    return sorted((image.id, image.tags) for image in engine.images())


def folders(tmp_path: Path) -> tuple[Path, Path]:
    for name in ("package", "site"):
        (tmp_path / name).mkdir()
    return tmp_path / "package", tmp_path / "site"


def load(engine: Engine, package: Path, site: Path, console: Console = QUIET) -> str:
    release = unpack(package, site, console).directory
    return load_images(engine, manifest_of(release), release, package, console)


@pytest.mark.parametrize("compression", ["gzip", "zstd", "none"])
def test_an_engine_takes_over_nothing_of_a_package_with_a_changed_byte(
    engine: Engine, tmp_path: Path, compression: Compression
) -> None:
    folder, site = folders(tmp_path)
    (package,) = a_package(folder, compression)
    raw, before = package.read_bytes(), everything(engine)
    for place in last_places(raw):
        package.write_bytes(flipped(raw, place))
        with pytest.raises(BadPackage):
            load(engine, package, site)
        assert everything(engine) == before, place


def last_places(raw: bytes) -> list[int]:
    """Where images.tar ends, and its last members or frames: what an engine is sent last."""
    name = "checksum and length" if raw.startswith(b"\x1f\x8b") else "packed"
    ends = [one.places[-1] for one in regions_of(raw) if one.name == name]
    return ends[-4:] if len(ends) > 1 else [len(raw) * part // 10 for part in (5, 7, 9)]


def test_an_engine_takes_over_nothing_when_a_part_is_damaged(engine: Engine, tmp_path: Path) -> None:
    folder, site = folders(tmp_path)
    parts = a_package(folder, "gzip", 3000)
    parts[-1].write_bytes(flipped(parts[-1].read_bytes(), 100))
    before = everything(engine)
    with pytest.raises(BadPackage) as refused:
        load(engine, parts[0], site)
    assert refused.value.details == (f"{parts[-1].name}: is damaged or truncated",)
    assert everything(engine) == before


def test_a_package_that_vanishes_while_it_is_read_is_told(engine: Engine, tmp_path: Path) -> None:
    folder, site = folders(tmp_path)
    parts = a_package(folder, "gzip", 3000)
    release = unpack(parts[0], site, QUIET).directory
    before = everything(engine)
    parts[-1].unlink()
    with pytest.raises(BadPackage) as refused:
        load_images(engine, manifest_of(release), release, parts[0], QUIET)
    assert refused.value.details == (f"{parts[-1].name}: is missing",)
    assert everything(engine) == before


@contextmanager
def nearly_full(folder: Path) -> Iterator[None]:
    """Let the engine keep hardly anything in `folder` for the time of the body."""
    server = Path(os.environ["DOCKER_HOST"].removeprefix("unix://")).parent
    inside = ("nsenter", f"--mount=/proc/{(server / 'pid').read_text().strip()}/ns/mnt")
    subprocess.run((*inside, "mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", folder), check=True)
    try:
        yield
    finally:
        subprocess.run((*inside, "umount", folder), check=True)


@pytest.mark.skipif(os.geteuid() != 0, reason="mounts a small filesystem, which only root may")
def test_an_engine_whose_disk_fills_up_says_so_and_takes_over_nothing(engine: Engine, tmp_path: Path) -> None:
    folder, site = folders(tmp_path)
    (package,) = a_package(folder, "gzip")
    before, data_root = everything(engine), engine.version().data_root
    if not engine.version().classic_store:
        pytest.skip("containerd's store keeps what it is sent elsewhere")
    with nearly_full(data_root / "tmp"), pytest.raises(Refused) as refused:
        load(engine, package, site)
    assert refused.value.happened == "The engine could not load the images."
    assert "no space left on device" in str(refused.value)
    assert everything(engine) == before
    assert load(engine, package, site) == "2 images loaded, 0 already there"
