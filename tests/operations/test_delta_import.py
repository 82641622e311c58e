"""A delta on a real site: refused without its base before anything changes; on it, images are the same."""

import json
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from installer.bundle.images.chains import layers_to_leave_out
from installer.bundle.manifest.manifest import Base
from packager.deltas.export_base import since_site
from testbed.images import RECIPES
from testbed.images.recipe import image_archive
from testbed.server import Server
from tests.journeys.site import Ended
from tests.packager.delta_packages import manifest_of, since, write
from tests.packager.saved_images import Made, layer
from tests.testbed.servers import Servers

pytestmark = pytest.mark.engine

ROOT = Path(__file__).parents[2]
COMPOSE = """\
name: vault
services:
  web: {{image: "vault/web:{version}", pull_policy: never, init: true, command: sleep 1000}}
  tool: {{image: "vault/tool:{version}", pull_policy: never, profiles: [tools]}}
"""
DELTA_2 = "vault_2.1.2_package_since_2.1.1.tar.gz"
DELTA_3 = "vault_2.1.3_package_since_2.1.2.tar.gz"


def system() -> bytes:
    """The one layer of busybox."""
    with tarfile.open(image_archive(RECIPES["busybox:1"])) as archive:
        (listed,) = json.load(archive.extractfile("manifest.json"))  # type: ignore[arg-type]
        content = archive.extractfile(listed["Layers"][0])
        assert content is not None
        return content.read()


@dataclass(frozen=True)
class Packages:
    """2.1.1, 2.1.2 and 2.1.3 whole, the last two also as deltas, and 2.1.1 and 2.1.2 of another build."""

    folder: Path
    system: bytes

    def images(self, version: str, *layers: bytes) -> tuple[Made, ...]:
        return (
            Made(f"vault/web:{version}", (self.system, *layers)),
            Made(f"vault/tool:{version}", (self.system, layer("tool"), *layers)),
        )

    @property
    def third(self) -> tuple[Made, ...]:
        return self.images("2.1.3", layer("app/1"), layer("app/2"), layer("app/3"))

    def for_site(self, inventory: Path) -> Path:
        """2.1.3 without what the site has."""
        left_out = layers_to_leave_out([one.diff_ids for one in self.third], since_site(inventory).chains)
        return self._write("2.1.3", self.third, ".", Base("vault", None, None, left_out))

    def make(self) -> None:
        first = self.images("2.1.1", layer("app/1"))
        second = self.images("2.1.2", layer("app/1"), layer("app/2"))
        whole = self._write("2.1.1", first, ".")
        self._write("2.1.2", second, "whole")
        delta = self._write("2.1.2", second, ".", since(whole, second))
        self._write("2.1.3", self.third, "whole")
        self._write("2.1.3", self.third, ".", since(delta, self.third))
        other_first = self.images("2.1.1", layer("app/another"))
        other_second = self.images("2.1.2", layer("app/another"), layer("app/2"))
        other = self._write("2.1.1", other_first, "other")
        self._write("2.1.2", other_second, "other", since(other, other_second))

    def _write(self, version: str, images: tuple[Made, ...], place: str, *base: object) -> Path:
        (self.folder / place).mkdir(exist_ok=True)
        compose = COMPOSE.format(version=version).encode()
        return write(self.folder / place, version, images, *base, compose=compose)  # type: ignore[arg-type]

    def __getitem__(self, path: str) -> Path:
        return self.folder / path


@dataclass(frozen=True)
class Site:
    """A server on which packages are imported, each beside the others."""

    server: Server
    folder: Path

    def import_(self, package: Path) -> Ended:
        """`airlock import PACKAGE`, from a copy in the site's folder."""
        here = self.folder / package.name
        here.write_bytes(package.read_bytes())
        ended = self.airlock(self.folder, "import", here, "--yes")
        here.unlink()
        return ended

    def inventory(self, version: str) -> Path:
        """What the release in operation prints, in a file."""
        file = self.folder / "inventory.txt"
        file.write_text(self.airlock(self.folder / f"vault_{version}_package", "inventory").told)
        return file

    def airlock(self, folder: Path, *words: str | Path) -> Ended:
        done = subprocess.run(
            self.server.command(sys.executable, "-m", "installer", "--lang", "en", *words),
            cwd=folder,
            env={**self.server.environment(), "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return Ended(done.returncode, done.stdout)

    def refused(self, package: Path) -> list[str]:
        """The words of a refused import, which changed nothing of what runs and what the engine holds."""
        before = self.holdings()
        ended = self.import_(package)
        assert (ended.code, self.holdings()) == (3, before), ended.told
        shutil.rmtree(self.folder / f"{package.name.partition('_package')[0]}_package")
        lines = ended.told[ended.told.index("Error:") :].splitlines()
        return [line.strip() for line in lines]

    def holdings(self) -> list[str]:
        images = ("docker", "images", "--format", "{{.ID}} {{.Repository}}:{{.Tag}}")
        containers = ("docker", "ps", "--all", "--format", "{{.ID}} {{.State}}")
        return sorted(line for words in (images, containers) for line in self._lines(*words))

    def _lines(self, *words: str) -> list[str]:
        return self.server.output_of(*words).splitlines()

    def image(self, reference: str) -> dict[str, object]:
        (found,) = json.loads(self.server.output_of("docker", "inspect", reference))
        return {key: found[key] for key in ("Id", "RootFS", "Config", "Architecture", "Os")}


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Packages:
    made = Packages(tmp_path_factory.mktemp("packages"), system())
    made.make()
    return made


@pytest.fixture(scope="module")
def site(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    yield Site(servers.start("delta-site"), tmp_path_factory.mktemp("site"))


@pytest.mark.long
def test_a_delta_is_refused_until_its_base_is_there_and_then_gives_the_same_images(
    packages: Packages, site: Site, servers: Servers
) -> None:
    """On an empty site, two in the wrong order, on another build, with a pruned image; then it fits."""
    sha256 = manifest_of(packages["vault_2.1.1_package.tar.gz"])[1]
    needed = f"needed: vault_2.1.1_package, whose manifest.json has the SHA-256 {sha256}"

    told = site.refused(packages[DELTA_2])
    assert told[1:4] == [
        "The package contains only the changes since 2.1.1, and parts of 2.1.1 are missing here.",
        needed,
        "found: no installation of vault",
    ]
    assert "Load the images of that package, or ask the vendor for the whole package of 2.1.2." in told[6]

    ended = site.import_(packages["vault_2.1.1_package.tar.gz"])
    assert ended.code == 0, ended.told

    told = site.refused(packages[DELTA_3])
    assert (told[1], told[3]) == (
        "The package contains only the changes since 2.1.2, and parts of 2.1.2 are missing here.",
        "found: 2.1.1",
    )
    assert "→ Import 2.1.2 first, or ask the vendor for the whole package of 2.1.3." in told

    told = site.refused(packages[f"other/{DELTA_2}"])
    assert told[3] == (
        f"found: 2.1.1, but from another package, whose manifest.json has the SHA-256 {sha256}"
    )

    site.server.output_of("docker", "rmi", "vault/tool:2.1.1")
    told = site.refused(packages[DELTA_2])
    assert told[2:5] == [
        needed,
        "found: 2.1.1; images of it were removed from the engine",
        "vault/tool:2.1.2: 2 layers are missing, 20.0 KiB",
    ]

    with tarfile.open(packages["vault_2.1.1_package.tar.gz"]) as archive:
        content = archive.extractfile("vault_2.1.1_package/images.tar")
        assert content is not None
        (site.folder / "images.tar").write_bytes(content.read())
    site.server.output_of("docker", "load", "--input", site.folder / "images.tar")

    ended = site.import_(packages[DELTA_2])
    assert ended.code == 0, ended.told
    assert "All 3 layers that the package leaves out are here" in ended.told

    other = Site(servers.start("whole-site"), site.folder.with_name("whole-site"))
    other.folder.mkdir()
    ended = other.import_(packages["whole/vault_2.1.2_package.tar.gz"])
    assert ended.code == 0, ended.told
    expect_equal(site, other, "2.1.2", "1\n2\n")

    for_site = packages.for_site(site.inventory("2.1.2"))
    expect_refused_elsewhere(for_site, Site(servers.start("empty-site"), site.folder.with_name("empty-site")))
    ended = site.import_(for_site)
    assert ended.code == 0, ended.told
    ended = other.import_(packages["whole/vault_2.1.3_package.tar.gz"])
    assert ended.code == 0, ended.told
    expect_equal(site, other, "2.1.3", "1\n2\n3\n")


def expect_refused_elsewhere(for_site: Path, empty: Site) -> None:
    empty.folder.mkdir()
    assert empty.refused(for_site)[1:3] == [
        "The package was made for one site, and layers that this site had are missing here.",
        "needed: the layers that the inventory of the site lists",
    ]


def expect_equal(site: Site, other: Site, version: str, listing: str) -> None:
    for reference in (f"vault/web:{version}", f"vault/tool:{version}"):
        assert site.image(reference) == other.image(reference)
        words = ("docker", "run", "--rm", "--network", "none", reference, "ls", "/app")
        assert site.server.output_of(*words) == listing
