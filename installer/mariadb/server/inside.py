"""The way to a database server from inside its container, for a root that is let in from nowhere else.

`MYSQL_ROOT_HOST=localhost` and logins by unix_socket are such cases. The server's own socket can be reached
by root on the engine's machine; who is not can still find out that the password is not to blame.
"""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from installer.system.process.process import run
from installer.system.secret import Secret

LISTENING = "00010000"
CLIENTS = ("mariadb", "mysql")
PASSWORD_VARIABLE = "MYSQL_PWD"
LOCAL = "--host=localhost"  # else the programs take MYSQL_HOST or, since MariaDB 11, MARIADB_HOST
LINKS_FOLLOWED = 40


def socket_of(container_id: str) -> Path | None:
    """The socket that the server in a container listens on, as we reach it; None where it is out of reach."""
    asked = run(("docker", "inspect", "--format", "{{.State.Pid}}", container_id))
    process = Path("/proc", asked.stdout.strip())
    with suppress(OSError):
        if not asked.exit_code and _is_of_container(process, container_id):
            return next(_sockets_of(process), None)
    return None


def is_let_in(container_id: str, user: str, password: Secret) -> bool:
    """Whether the server accepts user and password of a program that runs in its own container."""
    for client in CLIENTS:
        words = ("docker", "exec", "--env", PASSWORD_VARIABLE, container_id, client, LOCAL, f"--user={user}")
        asked = run((*words, "--execute=SELECT 1"), secrets={PASSWORD_VARIABLE: password.reveal()})
        if asked.exit_code == 0:
            return True
    return False


def _is_of_container(process: Path, container_id: str) -> bool:
    """The number may be a process of another machine, where the engine is."""
    return any(container_id in (process / name).read_text() for name in ("cgroup", "mountinfo"))


def _sockets_of(process: Path) -> Iterator[Path]:
    for line in (process / "net" / "unix").read_text().splitlines():
        words = line.split(maxsplit=7)  # num, references, protocol, flags, type, state, inode, path
        path = words[-1]
        if words[3] == LISTENING and path.startswith("/") and "mysqlx" not in path:
            place = _in_root(process / "root", path)
            if place is not None and place.is_socket():
                yield place


def _in_root(root: Path, path: str) -> Path | None:
    """The path below another root folder: its links lead into that one, not into ours."""
    place, parts = root, [part for part in reversed(path.split("/")) if part]
    for _link in range(LINKS_FOLLOWED):
        if ".." in parts:
            return None
        while parts and not (place / parts[-1]).is_symlink():
            place /= parts.pop()
        if not parts:
            return place
        target = str((place / parts.pop()).readlink())
        parts.extend(part for part in reversed(target.split("/")) if part)
        place = root if target.startswith("/") else place
    return None
