"""Logs in to a database server from inside its container, for users that no other host may use.

`MYSQL_ROOT_HOST=localhost` and logins by unix_socket are such cases. Root on the engine's machine reaches the
server's own socket; any other user can still check whether the password is right.
"""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from installer.system.docker.docker_command import ask_docker
from installer.system.secret import Secret

LISTENING = "00010000"
CLIENTS = ("mariadb", "mysql")
PASSWORD_VARIABLE = "MYSQL_PWD"
LOCAL = "--host=localhost"  # otherwise the programs use MYSQL_HOST or, since MariaDB 11, MARIADB_HOST
LINKS_FOLLOWED = 40


def socket_of(container_id: str) -> Path | None:
    """Returns the path of the server's socket as this host reaches it; None where it is out of reach."""
    asked = ask_docker(("docker", "inspect", "--format", "{{.State.Pid}}", container_id))
    process = Path("/proc", asked.stdout.strip())
    with suppress(OSError):
        if not asked.exit_code and _is_of_container(process, container_id):
            return next(_sockets_of(process), None)
    return None


def is_let_in(container_id: str, user: str, password: Secret) -> bool:
    """Returns whether the server accepts user and password from a program in its own container."""
    for client in CLIENTS:
        words = ("docker", "exec", "--env", PASSWORD_VARIABLE, container_id, client, LOCAL, f"--user={user}")
        asked = ask_docker((*words, "--execute=SELECT 1"), secrets={PASSWORD_VARIABLE: password.reveal()})
        if asked.exit_code == 0:
            return True
    return False


def _is_of_container(process: Path, container_id: str) -> bool:
    """Returns whether the process is the container's; on a remote engine the number is another machine's."""
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
    """Resolves a path below another root directory; its links lead into that one, not into ours.

    None for a path that leaves that root. Images of MySQL link /var/run to ../run.
    """
    place, parts = root, [part for part in reversed(path.split("/")) if part]
    for _link in range(LINKS_FOLLOWED):
        while parts and not (place / parts[-1]).is_symlink():
            part = parts.pop()
            if part == ".." and place == root:
                return None
            place = place.parent if part == ".." else place / part
        if not parts:
            return place
        target = str((place / parts.pop()).readlink())
        parts.extend(part for part in reversed(target.split("/")) if part)
        place = root if target.startswith("/") else place
    return None
