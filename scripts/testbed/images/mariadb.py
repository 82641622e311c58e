"""mariadb:10.5, 10.11, 11.8: Debian's servers behind an entrypoint with the official image's contract."""

import os
import shutil
from pathlib import Path

from testbed.images.busybox import PATH
from testbed.images.recipe import SOURCES, Recipe
from testbed.tree import make_usable

TOOLS = (
    *("bash", "coreutils", "sed", "grep", "mawk", "gzip", "findutils", "hostname", "tzdata", "zstd", "gosu"),
    "mariadb-client",
)
PACKAGES = (*TOOLS, "mariadb-server-core", "mariadb-backup")
OLD_PACKAGES = (*TOOLS, "mariadb-server-core-10.5")  # bullseye's mirrors have lost its mariadb-backup
WITHOUT = ("perl.*", "libperl.*", "libdb5.3.*", "libgdbm.*", "libconfig-inifiles-perl", "debconf", "dpkg",
           "gcc-1.-base", "debianutils", "mariadb-common", "mysql-common", "libmpfr6", "gawk")  # fmt: skip
UNUSED = ("mariadb-slap", "mariadb-import", "mariadb-show", "mariadb-conv", "mariadb-plugin", "innochecksum",
          "mariadb-waitpid", "resolve_stack_dump", "replace", "perror")  # fmt: skip
OLD_NAMES = ("mysql", "mysqldump", "mysqladmin")  # official images have them up to 10.11 only
UID = 999


def _finish(root: Path) -> None:
    make_usable(root, user="mysql", uid=UID)
    for name in UNUSED:
        (root / "usr/bin" / name).unlink(missing_ok=True)
    for share in (root / "usr/share").glob("m[ay]*/english"):  # mysql/ or, from 11 on, mariadb/
        _drop_languages(share.parent)
    _lay_out(root)
    _add_programs(root)


def _finish_newer(root: Path) -> None:
    _finish(root)
    for name in OLD_NAMES:
        (root / "usr/bin" / name).unlink(missing_ok=True)


def _drop_languages(share: Path) -> None:
    for folder in share.iterdir():
        if folder.is_dir() and folder.name not in ("english", "charsets"):
            shutil.rmtree(folder)


def _lay_out(root: Path) -> None:
    for part in ("etc/mysql/conf.d", "etc/mysql/mariadb.conf.d", "docker-entrypoint-initdb.d"):
        (root / part).mkdir(parents=True, exist_ok=True)
    for part in ("var/lib/mysql", "run/mysqld"):
        (root / part).mkdir(parents=True, exist_ok=True)
        os.chown(root / part, UID, UID)
    shutil.copy(SOURCES / "mariadb_files/my.cnf", root / "etc/mysql/my.cnf")


def _add_programs(root: Path) -> None:
    for name in ("docker-entrypoint.sh", "healthcheck.sh"):
        program = root / "usr/local/bin" / name
        shutil.copy(SOURCES / "mariadb_files" / name, program)
        program.chmod(0o755)
    for name, target in (("awk", "mawk"), ("sh", "bash")):
        (root / "usr/bin" / name).unlink(missing_ok=True)
        (root / "usr/bin" / name).symlink_to(target)


CONFIG = {
    "Env": [PATH, "LANG=C.UTF-8"],
    "Entrypoint": ["docker-entrypoint.sh"],
    "Cmd": ["mariadbd"],
    "ExposedPorts": {"3306/tcp": {}},
    "Volumes": {"/var/lib/mysql": {}},
}
MARIADB_10_5 = Recipe("mariadb:10.5", "bullseye", OLD_PACKAGES, _finish, CONFIG, WITHOUT)
MARIADB_10_11 = Recipe("mariadb:10.11", "bookworm", PACKAGES, _finish, CONFIG, WITHOUT)
MARIADB_11_8 = Recipe("mariadb:11.8", "trixie", PACKAGES, _finish_newer, CONFIG, WITHOUT)
