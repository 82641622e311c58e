"""Checks projects out as Git does on Windows: with CRLF, without links, and without executable files."""

import os
import subprocess
from pathlib import Path

PERSON = ("-c", "user.name=Engineer", "-c", "user.email=engineer@example.org")
BORN = {"GIT_AUTHOR_DATE": "2026-01-01T00:00:00Z", "GIT_COMMITTER_DATE": "2026-01-01T00:00:00Z"}
OF_WINDOWS = {"core.autocrlf": "true", "core.symlinks": "false", "core.fileMode": "false"}


def git(folder: Path, *words: str) -> None:
    subprocess.run(("git", *PERSON, *words), cwd=folder, env={**os.environ, **BORN}, check=True)


def commit(project: Path) -> Path:
    """Put the project under Git."""
    for words in (("init", "--quiet"), ("add", "."), ("commit", "--quiet", "--message", "2.1.2")):
        git(project, *words)
    return project


def checkout_of_windows(project: Path, place: Path) -> Path:
    """A clone of the project as Git for Windows makes it."""
    place.parent.mkdir(parents=True, exist_ok=True)
    git(project, "clone", "--quiet", "--no-checkout", str(project), str(place))
    for name, value in OF_WINDOWS.items():
        git(place, "config", name, value)
    git(place, "checkout", "--quiet", "HEAD", "--", ".")
    for path in place.rglob("*"):
        if path.is_file() and ".git" not in path.parts:
            path.chmod(0o644)
    return place
