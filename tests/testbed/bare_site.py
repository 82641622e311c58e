"""A site whose server has nothing but a static busybox and Docker: no Python, no library but Docker's own."""

import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from testbed.server import Server
from tests.journeys.site import Ended, Site

ENTER = """\
root=$1
while shift; [ "$1" != -- ]; do
    mkdir -p "$root$1"
    mount --rbind "$1" "$root$1"
done
shift
exec chroot "$root" /bin/sh -c 'cd "$0" && exec "$@"' "$@"
"""
PASSWD = "root:x:0:0:root:/root:/bin/sh\n"
HOSTS = "127.0.0.1 localhost\n"
SYSTEM = ("/proc", "/sys", "/dev")


@dataclass(frozen=True)
class BareSite(Site):
    """A site that is entered through the root folder `root`."""

    root: Path

    def type(self, directory: Path, *words: str, language: str = "en_US.UTF-8", **variables: str) -> Ended:
        """Run a command in a directory of the site, without a terminal, and wait for its end."""
        seen = (*SYSTEM, self.folder, self.server.folder, self.server.engine.folder)
        own = ("unshare", "--mount", "--propagation", "private", "--", "sh", "-euc", ENTER, "sh", self.root)
        done = subprocess.run(
            self.server.command(*own, *seen, "--", directory, *words),
            env={**self._environment_inside(), "LANG": language, **variables},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return Ended(done.returncode, done.stdout)

    def _environment_inside(self) -> Mapping[str, str]:
        return {**self.environment(), "HOME": "/root", "TMPDIR": "/tmp"}


@contextmanager
def bare_site(server: Server, folder: Path, busybox: Path) -> Iterator[BareSite]:
    """A bare site on a server; its containers and images are gone afterwards."""
    root, place = folder / "root", folder / "site"
    for part in (root, place):
        part.mkdir()
    make_bare_root(root, busybox)
    for program in ("bin/docker", "cli/cli-plugins/docker-compose"):
        _copy_libraries(server.engine.folder / program, root)
    site = BareSite(server, place, root)
    yield site
    site.remove()


def make_bare_root(root: Path, busybox: Path) -> None:
    """A root folder with a static busybox under the names of all its commands, and nothing else."""
    for part in ("bin", "etc", "root", "tmp"):
        (root / part).mkdir(parents=True, exist_ok=True)
    shutil.copy(busybox, root / "bin/busybox")
    listed = subprocess.run((busybox, "--list"), capture_output=True, text=True, check=True).stdout.split()
    for applet in listed:
        if applet != "busybox":
            (root / "bin" / applet).symlink_to("busybox")
    (root / "etc/passwd").write_text(PASSWD)
    (root / "etc/hosts").write_text(HOSTS)


def busybox_of(server: Server, folder: Path) -> Path:
    """The static busybox of the image busybox:1, which the server has."""
    container = server.output_of("docker", "create", "busybox:1").strip()
    try:
        server.output_of("docker", "cp", f"{container}:/usr/bin/busybox", folder / "busybox")
    finally:
        server.output_of("docker", "rm", container)
    return folder / "busybox"


def _copy_libraries(program: Path, root: Path) -> None:
    """What a program of Docker is linked to, at the paths where its loader looks."""
    listed = subprocess.run(("ldd", program), capture_output=True, text=True, check=False).stdout
    for found in re.findall(r"(/\S+)", listed):
        target = root / found.lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists():
            shutil.copy(found, target)
