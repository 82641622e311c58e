"""Loads into containerd's store of Docker 28: other clients may block them; image IDs are of manifests."""

import io
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import IO

import pytest

from installer.bundle.images.docker_archive import digest, oci_manifest
from installer.operations.images.load_images import load_images
from installer.operations.images.stored_images import holding_tag, stored
from installer.operations.images.tags import point_tags_at_new
from installer.operations.preflight.database.database_place import runs_already
from installer.screen.console import Console
from installer.system.compose.compose import Service
from installer.system.docker.docker import LOAD, Engine
from installer.system.process.patience import Patience
from installer.system.process.process import output_of
from installer.system.process.streaming import writing_side_by_side
from tests.bundle.builders import a_package_directory, release_with
from tests.bundle.images_tar import image_of, images_tar
from tests.packager.laid_images import GZIP, blobs_of, by_buildkit, entry_of, laid
from tests.packager.saved_images import Made, layer
from tests.testbed.servers import Servers

QUIET = Console(story=io.StringIO(), verbosity="quiet")
BASE, LARGE = layer("base"), layer("large", size_bytes=4 << 20)  # more than pipes and buffers take
SAME = Made("store-db:10.11", (BASE, layer("db")))
DAYS = ("2026-01-01", "2026-01-02")
APPS = tuple(Made("store-app:1", (BASE, layer(f"app {number}"))) for number in range(3))

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def newer(servers: Servers) -> Iterator[Engine]:
    """Docker 28 with containerd's store, which the `docker` command uses, too."""
    server = servers.start("loads-28", engine="28", store="containerd")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in server.environment().items():
            patch.setenv(name, value)
        yield Hasty.connect()


class Hasty(Engine):
    """A real engine whose silence is told after a second."""

    def load(
        self, archives: int = 1, told: Callable[[float], None] = lambda seconds: None
    ) -> AbstractContextManager[Sequence[IO[bytes]]]:
        return writing_side_by_side(LOAD, archives, Patience(LOAD, look_seconds=1, told=told))


def load(engine: Engine, folder: Path, *images: Made, console: Console = QUIET) -> str:
    manifest, contents = release_with(images_tar(*images), *images)
    folder.mkdir()
    directory = a_package_directory(folder, contents, manifest)
    done = load_images(engine, manifest, directory, None, console)
    point_tags_at_new(engine, manifest)
    return done


def holding_tags(engine: Engine) -> list[str]:
    tags = [tag for image in engine.images() for tag in image.tags]
    return sorted(tag for tag in tags if tag.startswith(("store-db:airlock-", "store-app:airlock-")))


@contextmanager
def half_sent(made: Made) -> Iterator[int]:
    """Another program's load that has sent half of an image, and hangs: its process ID."""
    archive = images_tar(made)
    words = ("sh", "-c", "exec 3<&0; docker load --quiet <&3 & echo $!; wait")
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdin is not None
        assert other.stdout is not None
        process = int(other.stdout.readline())
        other.stdin.write(archive[: len(archive) // 2])
        other.stdin.flush()
        time.sleep(1)  # the engine reads it
        yield process
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)


class Operator(io.StringIO):
    """Ends the other load once the screen names it."""

    def __init__(self, hanging: int) -> None:
        super().__init__()
        self._hanging = hanging

    def write(self, text: str) -> int:
        if f"(process {self._hanging})" in text:
            os.kill(self._hanging, signal.SIGKILL)
        return super().write(text)


@pytest.mark.parametrize("large", [LARGE, layer("small")], ids=["while it is sent", "after it was sent"])
def test_a_load_that_waits_for_another_one_says_so_and_goes_on_when_that_ends(
    newer: Engine, tmp_path: Path, large: bytes
) -> None:
    made = Made("store-large:1", (large, layer("more", size_bytes=20_000)))
    with half_sent(made) as hanging:
        story = Operator(hanging)
        freed = threading.Timer(60, os.kill, (hanging, signal.SIGKILL))
        freed.start()
        done = load(newer, tmp_path / "site", made, console=Console(story=story))
        assert (done, freed.is_alive()) == ("1 image loaded, 0 already there", True)
        freed.cancel()
    assert f"`docker load --quiet` (process {hanging})" in story.getvalue()
    assert stored(newer, image_of(made)) is not None


def test_an_image_that_both_releases_use_gets_no_holding_tag_and_a_replaced_one_gets_one(
    newer: Engine, tmp_path: Path
) -> None:
    old = []
    for number, app in enumerate(APPS):
        load(newer, tmp_path / str(number), SAME, app)
        found = stored(newer, image_of(app))
        assert found is not None
        old.append(found)
    first = holding_tag("store-app:1", old[0].id)
    later = [holding_tag("store-app:1", app.id) for app in APPS[1:]]
    assert holding_tags(newer) == sorted((first, *later))
    assert [newer.image(one.id) is not None for one in old] == [True, True, True]


def test_a_release_is_known_to_bring_the_image_that_a_container_runs(newer: Engine, tmp_path: Path) -> None:
    manifest, _contents = release_with(images_tar(SAME, APPS[0]), SAME, APPS[0])
    load(newer, tmp_path / "site", SAME, APPS[0])
    made = output_of(("docker", "create", SAME.reference, "sh")).strip()
    container = newer.container(made)
    assert container is not None
    services = [Service("db", one.reference, None, {}, (), (), (), False, "no") for one in (SAME, APPS[0])]
    assert [runs_already(newer, manifest, one, container) for one in services] == [True, False]
    newer.remove_container(made)


def by_containerd(folder: Path, made: Made) -> Path:
    """A layout with gzip layers, as `ctr` exports an image that was pulled."""
    entry = entry_of(made, GZIP, image_name=f"docker.io/{made.reference}")
    return laid(folder, [entry], blobs_of(made, GZIP))


@pytest.mark.parametrize("write", [by_containerd, by_buildkit], ids=["manifest", "index"])
def test_an_image_that_came_with_another_manifest_is_known_by_its_config(
    newer: Engine, tmp_path: Path, write: Callable[[Path, Made], Path]
) -> None:
    layers = (BASE, layer("pulled"))
    pulled, twin = (Made("store/pulled:1", layers, also={"created": f"{day}T00:00:00Z"}) for day in DAYS)
    write(tmp_path / "layout", pulled)
    subprocess.run(f"tar -C {tmp_path}/layout -c . | docker load", shell=True, check=True)
    found = newer.image(pulled.reference)
    assert found is not None
    assert found.id != digest(oci_manifest(image_of(pulled), pulled.config))
    assert [stored(newer, image_of(one)) for one in (pulled, twin)] == [found, None]
    output_of(("docker", "rmi", "--force", pulled.reference))


def test_an_image_with_the_same_layers_and_another_config_is_another_one(
    newer: Engine, tmp_path: Path
) -> None:
    layers = (BASE, layer("twin"))
    commands = (("serve", "one"), ("serve", "two"))
    first, second = (Made("store-twin:1", layers, also={"config": {"Cmd": list(one)}}) for one in commands)
    assert load(newer, tmp_path / "first", first) == "1 image loaded, 0 already there"
    before = newer.image("store-twin:1")
    assert before is not None
    assert load(newer, tmp_path / "second", second) == "1 image loaded, 0 already there"
    assert load(newer, tmp_path / "again", second) == "0 images loaded, 1 already there"
    names = ("store-twin:1", holding_tag("store-twin:1", before.id))
    found = [image.defaults.command for image in map(newer.image, names) if image is not None]
    assert found == [commands[1], commands[0]]
