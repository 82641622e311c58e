"""The layers that are measured: files of Debian packages, made once and kept in the test bed's cache."""

import functools
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from testbed.cache import forget_old, kept, working_folder
from testbed.command import output_of
from testbed.debian import suite
from testbed.tree import make_usable, unpack

SUITE = "bookworm"
CHANGED_ONE_IN = 10
COMPILERS = (r".*-dev", r"gcc-\d+", r"cpp(-\d+)?", r"g\+\+(-\d+)?", r"lib.san\d+")  # nothing runs them
BASE = (
    *("bash", "coreutils", "apt", "dpkg", "perl-base", "util-linux", "tar", "gzip", "grep", "sed"),
    *("findutils", "libc-bin", "tzdata", "ca-certificates", "openssl", "procps", "curl", "passwd", "mount"),
)


@dataclass(frozen=True)
class Layer:
    """What `packages` and all they need add to the layers below.

    An `edition` above 1 is a next version: the same files, some of which have changed.
    """

    name: str
    packages: tuple[str, ...]
    below: "Layer | None" = None
    edition: int = 1

    @property
    def stack(self) -> tuple["Layer", ...]:
        """This layer and all below it, the lowest first."""
        return (*(self.below.stack if self.below else ()), self)


DEBIAN = Layer("debian", BASE)
DATABASE = Layer("database", ("mariadb-server", "mariadb-client", "mariadb-backup"), DEBIAN)
WEB = Layer("web", ("nginx",), DEBIAN)
SITE = Layer("site", ("libjs-mathjax", "libjs-bootstrap5", "libjs-three", "fonts-noto-core"), WEB)
NODE = Layer("node", ("nodejs", "npm"), DEBIAN)
NODE_LIBRARIES = Layer("node-libraries", ("webpack", "node-typescript", "eslint"), NODE)
PYTHON = Layer("python", ("python3", "python3-pip"), DEBIAN)
PYTHON_LIBRARIES = Layer(
    "python-libraries", ("python3-scipy", "python3-pandas", "python3-sklearn", "python3-matplotlib"), PYTHON
)
SHOP_FILES = ("node-core-js", "libjs-d3", "libjs-codemirror", "libjs-highlight.js", "node-rxjs")
WORKER_FILES = ("python3-django", "python3-sqlalchemy", "python3-sympy")


def shop(edition: int) -> Layer:
    """The first application's own files."""
    return Layer("shop", SHOP_FILES, NODE_LIBRARIES, edition)


def worker(edition: int) -> Layer:
    """The second application's own files."""
    return Layer("worker", WORKER_FILES, PYTHON_LIBRARIES, edition)


def layer_file(layer: Layer) -> Path:
    """The layer as an uncompressed tar archive in the cache; a change of this module makes all anew."""
    name = f"bench-layer-{layer.name}-{layer.edition}"
    path = kept(f"{name}-{_fingerprint()}.tar", lambda made: _make(layer, made))
    forget_old(f"{name}-*.tar", but=path)
    return path


def _fingerprint() -> str:
    return hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:12]


def _make(layer: Layer, made: Path) -> None:
    with working_folder() as work:
        root = work / "root"
        unpack(_added_packages(layer), root)
        if layer.below is None:
            make_usable(root, user="app", uid=1000)
        if layer.edition > 1:
            _change_some(root, layer.edition)
        output_of("tar", "-c", "-f", made, "--sort=name", f"--mtime=@{layer.edition}", "--numeric-owner",
                  "-C", root, ".")  # fmt: skip


def _added_packages(layer: Layer) -> list[Path]:
    has = set(_closure(layer.below)) if layer.below else set()
    return [package for package in _closure(layer) if package not in has]


@functools.cache
def _closure(layer: Layer) -> list[Path]:
    wanted = [name for one in layer.stack for name in one.packages]
    return suite(SUITE).download_with_dependencies(wanted, without=COMPILERS)


def _change_some(root: Path, edition: int) -> None:
    for number, path in enumerate(_files(root)):
        if number % CHANGED_ONE_IN == 0:
            with path.open("ab") as file:
                file.write(f"\n/* edition {edition} */\n".encode())


def _files(root: Path) -> Iterator[Path]:
    yield from sorted(path for path in root.rglob("*") if path.is_file() and not path.is_symlink())
