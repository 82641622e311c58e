"""Writes the project name into `.env`, so that a manual `docker compose` addresses the running project.

The file keeps its owner, mode, times and place: a link to it stays a link.
"""

import os
from pathlib import Path

from installer.system.compose.environment import settings_in
from installer.system.files.files import copy_tree, replacing, write_atomically

NAME = "COMPOSE_PROJECT_NAME"
LINES = "\n# Airlock: the name under which this application runs here.\nCOMPOSE_PROJECT_NAME={project}\n"


def add_project_name(env: Path, project: str) -> None:
    """Adds the project name to `env`, unless it sets one already."""
    added = LINES.format(project=project).encode()
    if not env.exists():
        write_atomically(env.resolve(), added)
    elif all(setting.name != NAME for setting in settings_in(env)):
        _append(env.resolve(), added)


def remove_project_name(env: Path, project: str) -> None:
    """Undoes `add_project_name`, also on a full disk."""
    added = LINES.format(project=project).encode()
    written = env.read_bytes() if env.is_file() else b""
    if written.endswith(added):
        times = env.stat()
        os.truncate(env, len(written) - len(added))
        os.utime(env, ns=(times.st_atime_ns, times.st_mtime_ns))


def _append(file: Path, added: bytes) -> None:
    """Appends to a full copy of the file, then replaces the file with it atomically."""
    before = file.stat()
    with replacing(file) as beside:
        copy_tree(file, beside)
        with beside.open("ab") as copy:
            copy.write(added)
            copy.flush()
            os.utime(copy.fileno(), ns=(before.st_atime_ns, before.st_mtime_ns))
            os.fsync(copy.fileno())
