"""postgres:15, 17, 18: Debian's servers behind an entrypoint with the official image's contract."""

import os
import shutil
from pathlib import Path

from testbed.command import output_of
from testbed.images.busybox import PATH
from testbed.images.recipe import SOURCES, Recipe
from testbed.tree import make_usable

TOOLS = ("bash", "coreutils", "sed", "grep", "mawk", "gzip", "findutils", "tzdata", "zstd", "gosu", "locales")
WITHOUT = ("perl.*", "lib.*perl.*", "libdb5.3.*", "libgdbm.*", "debconf", "dpkg", "gcc-.*-base",
           "debianutils", "postgresql.*common.*", "ssl-cert", "openssl", "libllvm.*", "libz3-.*",
           "ucf", "adduser", "passwd", "netbase", "login.*", "libpam-.*", "sysvinit-utils", "lsb-base",
           "sensible-utils", "procps", "libproc2.*", "init-system-helpers", "usrmerge")  # fmt: skip
UNUSED = ("share/i18n", "share/postgresql-common", "lib/gconv", "lib/x86_64-linux-gnu/gconv")
UID = 999
HOME, RUN = "var/lib/postgresql", "run/postgresql"
LOCALE = "en_US"


def _finish(root: Path) -> None:
    make_usable(root, user="postgres", uid=UID)
    _compile_locale(root)
    _leave_out(root)
    _lay_out(root)
    _listen_everywhere(root)
    for name, target in (("awk", "mawk"), ("sh", "bash")):
        (root / "usr/bin" / name).unlink(missing_ok=True)
        (root / "usr/bin" / name).symlink_to(target)


def _compile_locale(root: Path) -> None:
    """Compiles the locale with the image's own C library: its collation has the version of that library."""
    (root / "usr/lib/locale").mkdir(parents=True, exist_ok=True)
    output_of("chroot", root, "localedef", "-i", LOCALE, "-c", "-f", "UTF-8", f"{LOCALE}.UTF-8")


def _leave_out(root: Path) -> None:
    """Leaves out what the official image does not need: compiled queries, and sources of locales."""
    for part in UNUSED:
        shutil.rmtree(root / "usr" / part, ignore_errors=True)
    for library in (root / "usr/lib/postgresql").glob("*/lib"):
        (library / "llvmjit.so").unlink(missing_ok=True)
        shutil.rmtree(library / "bitcode", ignore_errors=True)


def _lay_out(root: Path) -> None:
    (root / "docker-entrypoint-initdb.d").mkdir()
    for part in (HOME, RUN):
        (root / part).mkdir(parents=True, exist_ok=True)
        os.chown(root / part, UID, UID)
    shutil.rmtree(root / "var/run", ignore_errors=True)
    (root / "var/run").symlink_to("../run")
    program = root / "usr/local/bin/docker-entrypoint.sh"
    shutil.copy(SOURCES / "postgresql_files/docker-entrypoint.sh", program)
    program.chmod(0o755)


def _listen_everywhere(root: Path) -> None:
    for sample in (root / "usr/share/postgresql").glob("*/postgresql.conf.sample"):
        with sample.open("a") as settings:
            settings.write("listen_addresses = '*'\n")


def _recipe(major: int, suite: str, data: str, volume: str) -> Recipe:
    config = {
        "Env": [
            f"{PATH}:/usr/lib/postgresql/{major}/bin",
            f"LANG={LOCALE}.utf8",
            f"PG_MAJOR={major}",
            f"PGDATA={data}",
        ],
        "Entrypoint": ["docker-entrypoint.sh"],
        "Cmd": ["postgres"],
        "ExposedPorts": {"5432/tcp": {}},
        "Volumes": {volume: {}},
        "StopSignal": "SIGINT",
    }
    packages = (*TOOLS, f"postgresql-{major}", f"postgresql-client-{major}")
    return Recipe(f"postgres:{major}", suite, packages, _finish, config, WITHOUT)


POSTGRES_15 = _recipe(15, "bookworm", f"/{HOME}/data", f"/{HOME}/data")
POSTGRES_17 = _recipe(17, "trixie", f"/{HOME}/data", f"/{HOME}/data")
POSTGRES_18 = _recipe(18, "unstable", f"/{HOME}/18/docker", f"/{HOME}")
