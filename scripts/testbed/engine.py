"""Provides a Docker engine with its command line, Compose and Buildx, unpacked into the cache, not installed.

Programs of newer suites run on bookworm's C library, except every newer runc and trixie's containerd.
"""

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from testbed.cache import kept, working_folder
from testbed.debian import suite
from testbed.tree import unpack

Generation = Literal["28", "26", "20"]
GENERATIONS: tuple[Generation, ...] = get_args(Generation)

PLUGINS = ("docker-compose", "docker-buildx")
PACKAGES: dict[Generation, dict[str, tuple[str, ...]]] = {  # by the suite that they come from
    "28": {
        "unstable": ("docker.io", "docker-cli", "containerd", "tini-static", *PLUGINS),
        "bookworm": ("runc",),
    },
    "26": {"trixie": ("docker.io", "docker-cli", "tini", *PLUGINS), "bookworm": ("containerd", "runc")},
    "20": {"trixie": ("tini", *PLUGINS), "bookworm": ("docker.io", "containerd", "runc")},
}
OLD_LIBRARIES = ("libdevmapper1.02.1",)  # engine 20.10 is linked to it
SYSTEM_LIBRARIES = ("libc6", "libgcc-s1", "gcc-12-base", "libcrypt1")  # every Debian has them

BINARIES = {
    "usr/sbin": ("dockerd", "docker-proxy", "runc"),
    "usr/bin": ("docker", "containerd", "containerd-shim-runc-v2"),
}


FIREWALL_LAUNCHER = """\
#!/bin/sh
engine=$(cd "$(dirname "$0")/.." && pwd)
export LD_LIBRARY_PATH="$engine/{libraries}" XTABLES_LIBDIR="$engine/{libraries}/xtables"
exec "$engine/firewall/usr/sbin/{name}-nft" "$@"
"""


@dataclass(frozen=True)
class EngineFiles:
    """An unpacked engine: `bin/` for the PATH, `cli/` for DOCKER_CONFIG, `firewall/` for its iptables."""

    folder: Path

    def environment(self, base: Mapping[str, str] = os.environ) -> dict[str, str]:
        """Returns `base`, with this engine's programs first."""
        path = f"{self.folder / 'bin'}:{base.get('PATH', os.defpath)}"
        return {**base, "PATH": path, "DOCKER_CONFIG": str(self.folder / "cli")}

    def daemon_environment(self) -> dict[str, str]:
        """Returns dockerd's environment: without the user's proxies, with the libraries for engine 20.10."""
        environment = self.environment({"PATH": os.environ.get("PATH", os.defpath)})
        libraries = self.folder / "lib"
        return {**environment, "LD_LIBRARY_PATH": str(libraries)} if libraries.exists() else environment


def engine_files(generation: Generation = "26") -> EngineFiles:
    """Returns the engine of this generation (28.5, 26.1 or 20.10); downloads it the first time."""
    return EngineFiles(kept(f"engine-{generation}", lambda folder: _make(folder, generation)))


def _make(folder: Path, generation: Generation) -> None:
    with working_folder() as work:
        _unpack_engine(work, generation)
        for source, names in BINARIES.items():
            for name in names:
                _move(work / "engine" / source / name, folder / "bin" / name)
        _move(work / "engine/usr/bin/tini-static", folder / "bin/docker-init")
        _move(work / "engine/usr/libexec/docker/cli-plugins", folder / "cli/cli-plugins")
    _add_firewall(folder)
    if generation == "20":
        _add_old_libraries(folder)


def _unpack_engine(work: Path, generation: Generation) -> None:
    for name, packages in PACKAGES[generation].items():
        suite(name).download(packages, work / "packages")
    unpack(sorted((work / "packages").glob("*.deb")), work / "engine")


def _add_firewall(folder: Path) -> None:
    """Adds `iptables` for dockerd, with its libraries, so that it need not be installed."""
    unpack(_closure("iptables"), folder / "firewall")
    libraries = next((folder / "firewall/usr/lib").glob("*-linux-gnu*")).relative_to(folder)
    for name in ("iptables", "ip6tables"):
        program = folder / "bin" / name
        program.write_text(FIREWALL_LAUNCHER.format(libraries=libraries, name=name))
        program.chmod(0o755)


def _add_old_libraries(folder: Path) -> None:
    with working_folder() as work:
        unpack(_closure(*OLD_LIBRARIES), work / "root")
        _move(next((work / "root/usr/lib").glob("*-linux-gnu*")), folder / "lib")


def _closure(*packages: str) -> list[Path]:
    return suite("bookworm").download_with_dependencies(packages, without=SYSTEM_LIBRARIES)


def _move(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(source, target)
