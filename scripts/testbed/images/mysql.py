"""mysql:9.7: Debian's server behind an entrypoint with the official image's contract."""

import os
import shutil
from pathlib import Path

from testbed.images.busybox import PATH
from testbed.images.recipe import SOURCES, Recipe
from testbed.tree import make_usable

PACKAGES = ("bash", "coreutils", "sed", "grep", "mawk", "gzip", "findutils", "hostname", "tzdata",
            "zstd", "gosu", "mysql-client-core", "mysql-server-core")  # fmt: skip
WITHOUT = ("perl.*", "lib.*perl.*", "libdb5.3.*", "libgdbm.*", "debconf", "dpkg", "gcc-.*-base",
           "debianutils", "mysql-common", "systemd.*", "passwd", "login.*", "libpam-.*",
           "init-system-helpers", "gawk", "libmpfr6", "libc-gconv-modules-extra", "base-passwd")  # fmt: skip
PROGRAMS = ("mysql", "mysqladmin", "mysqldump")
UID = 999
FOLDERS = ("var/lib/mysql", "var/lib/mysql-files", "run/mysqld")


def _finish(root: Path) -> None:
    make_usable(root, user="mysql", uid=UID)
    _leave_out(root)
    _lay_out(root)
    _add_programs(root)


def _leave_out(root: Path) -> None:
    """Leaves out other clients, logins by other services, and messages in other languages."""
    for program in [*(root / "usr/bin").glob("my*"), *(root / "usr/bin").glob("ib*")]:
        if program.name not in PROGRAMS:
            program.unlink()
    for plugin in (root / "usr/lib/mysql/plugin").glob("*_client.so"):
        plugin.unlink()
    for folder in [path.parent for path in (root / "usr/share").glob("mysql*/*/errmsg.sys")]:
        if folder.name != "english":
            shutil.rmtree(folder)


def _lay_out(root: Path) -> None:
    for part in ("etc/mysql/conf.d", "docker-entrypoint-initdb.d"):
        (root / part).mkdir(parents=True, exist_ok=True)
    for part in FOLDERS:
        (root / part).mkdir(parents=True, exist_ok=True)
        os.chown(root / part, UID, UID)
    shutil.rmtree(root / "var/run", ignore_errors=True)
    (root / "var/run").symlink_to("../run")
    shutil.copy(SOURCES / "mysql_files/my.cnf", root / "etc/my.cnf")


def _add_programs(root: Path) -> None:
    program = root / "usr/local/bin/docker-entrypoint.sh"
    shutil.copy(SOURCES / "mysql_files/docker-entrypoint.sh", program)
    program.chmod(0o755)
    for name, target in (("awk", "mawk"), ("sh", "bash")):
        (root / "usr/bin" / name).unlink(missing_ok=True)
        (root / "usr/bin" / name).symlink_to(target)


CONFIG = {
    "Env": [PATH, "MYSQL_MAJOR=9.7"],
    "Entrypoint": ["docker-entrypoint.sh"],
    "Cmd": ["mysqld"],
    "ExposedPorts": {"3306/tcp": {}, "33060/tcp": {}},
    "Volumes": {"/var/lib/mysql": {}},
}
MYSQL_9_7 = Recipe("mysql:9.7", "unstable", PACKAGES, _finish, CONFIG, WITHOUT)
