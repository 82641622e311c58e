"""Packages of the example application, exported once per run on the server that is online."""

import fcntl
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from testbed.images.python import PYTHON_OF_PACKAGES
from testbed.server import Server

RUNTIME_IMAGE = PYTHON_OF_PACKAGES.reference
ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "customer-vault"


class Packages:
    """The package file of each version, made when first asked for; parts of a run may share `folder`."""

    def __init__(self, online: Callable[[], Server], folder: Path) -> None:
        self._online = online
        self._folder = folder

    def __getitem__(self, version: str) -> Path:
        package = self._folder / f"customer_vault_{version}_package.tar.gz"
        source = self.source(version)
        with alone_in(self._folder):
            if not package.exists():
                self.export(version, source, self._folder)
        return package

    def with_python(self, version: str) -> Path:
        """The package of a version that has a Python of its own; the others have none, which is faster."""
        folder, source = self._folder / "with-python", self.source(version)
        package = folder / f"customer_vault_{version}_package.tar.gz"
        with alone_in(self._folder):
            if not package.exists():
                folder.mkdir(exist_ok=True)
                self.export(version, source, folder, "--runtime", RUNTIME_IMAGE)
        return package

    def since(self, version: str, base: str) -> Path:
        """The delta of a version: only the image layers that the base lacks."""
        package = self._folder / f"customer_vault_{version}_package_since_{base}.tar.gz"
        whole, source = self[base], self.source(version)
        with alone_in(self._folder):
            if not package.exists():
                self.export(version, source, self._folder, "--since", whole)
        return package

    def with_database(self, version: str, image: str) -> Path:
        """The package of a version whose database runs from this image."""
        if image == "mariadb:10.11":
            return self[version]
        folder, source = self._folder / image.replace(":", "-"), self.source(version)
        package = folder / f"customer_vault_{version}_package.tar.gz"
        with alone_in(self._folder):
            if not package.exists():
                tree = folder / "customer-vault"
                shutil.copytree(source, tree)
                compose = tree / "docker-compose.yml"
                compose.write_text(compose.read_text().replace("image: mariadb:10.11", f"image: {image}"))
                self._online().load((image,))
                self.export(version, tree, folder)
        return package

    def source(self, version: str) -> Path:
        """The source tree of a version, as the release engineer has it."""
        tree = self._folder / version / "customer-vault"
        with alone_in(self._folder):
            if not tree.exists():
                subprocess.run((sys.executable, EXAMPLE / "checkout", version, tree), check=True)
        return tree

    def export(
        self, version: str, tree: Path, folder: Path, *options: str | Path, check: bool = True
    ) -> "subprocess.CompletedProcess[str]":
        """Export a source tree of the example as `version` into `folder`."""
        words = (sys.executable, "-m", "packager", "export", version, "--output", folder, *options)
        online = self._online()
        environment = {**online.environment(), "PYTHONPATH": str(ROOT)}
        return subprocess.run(
            online.command(*words),
            cwd=tree,
            env=environment,
            check=check,
            stderr=None if check else subprocess.PIPE,
            text=True,
        )


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Holds the lock of a folder of packages, so that parts side by side make each of them once."""
    with (folder / ".lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
