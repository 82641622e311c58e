"""Builds file trees from Debian packages, for images and engines."""

import os
import subprocess
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from testbed.problem import TestbedProblem

MERGED = ("bin", "sbin", "lib", "lib64")
LEFT_OUT = tuple(f"./usr/share/{part}/*" for part in ("doc", "man", "locale", "info", "lintian", "bug"))


def unpack(packages: Sequence[Path], root: Path) -> None:
    """Unpacks packages over each other into `root`, without manuals; runs no package script."""
    _prepare_merged(root)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(lambda package: _unpack_one(package, root), packages))


def make_usable(root: Path, *, user: str, uid: int) -> None:
    """Adds what containers expect and no package contains: /tmp, /etc/passwd, the user of the service."""
    for part in ("etc", "tmp", "root", "proc", "sys", "dev", "run", "var", "usr/local/bin"):
        (root / part).mkdir(parents=True, exist_ok=True)
    (root / "tmp").chmod(0o1777)
    (root / "etc/passwd").write_text(
        "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n"
        f"{user}:x:{uid}:{uid}::/:/bin/sh\n"
    )
    (root / "etc/group").write_text(f"root:x:0:\nadm:x:4:\nnogroup:x:65534:\n{user}:x:{uid}:\n")
    (root / "etc/nsswitch.conf").write_text("hosts: files dns\n")


def add_applets(root: Path) -> None:
    """Adds every command of the tree's busybox that the tree lacks."""
    busybox = root / "usr/bin/busybox"
    listed = subprocess.run([busybox, "--list"], capture_output=True, text=True, check=True).stdout.split()
    for applet in listed:
        if not any((root / folder / applet).exists() for folder in ("usr/bin", "usr/sbin")):
            (root / "usr/bin" / applet).symlink_to("busybox")


def _prepare_merged(root: Path) -> None:
    """Creates the links of a merged /usr: old packages still contain /bin and /lib."""
    for part in MERGED:
        (root / "usr" / part).mkdir(parents=True, exist_ok=True)
        (root / part).symlink_to(f"usr/{part}")


def _unpack_one(package: Path, root: Path) -> None:
    with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", package], stdout=subprocess.PIPE) as files:
        excluded = [f"--exclude={pattern}" for pattern in LEFT_OUT]
        written = subprocess.run(
            ["tar", "-x", "-C", root, "--keep-directory-symlink", *excluded], stdin=files.stdout, check=False
        )
    if files.returncode or written.returncode:
        raise TestbedProblem(f"The package {package.name} cannot be unpacked.", "Check the disk space: df -h")
