"""Runs the packager as on another system: `python as_on.py windows|macos WORDS…`, the words of `airlock`.

The libraries of others serve these systems themselves, so they are imported first. Then everything is taken
away that Python lacks there, and files behave as there: no /proc, names without case, and on Windows no
executable files, no folders that can be opened, and open files that can neither be renamed nor deleted.
"""

# ruff: noqa: PTH112, PTH118  (pathlib calls what is replaced here)

import builtins
import importlib
import io
import os
import runpy
import shutil
import subprocess
import sys
import tempfile
import threading
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from importlib.abc import MetaPathFinder
from types import ModuleType, SimpleNamespace
from typing import Any

from absent import MODULES_OF_UNIX, OF_LINUX, OF_UNIX

OF_OTHERS = (
    "babel.messages.mofile", "babel.messages.pofile", "click", "docker", "importlib.metadata", "rich.console",
    "rich.progress", "tarfile", "urllib.request",
)  # fmt: skip
FOLDERS_OF_LINUX = ("/proc", "/sys", "/run", "/dev/shm")
EXECUTABLE = 0o111
real_stat, real_lstat, real_readlink, real_listdir = os.stat, os.lstat, os.readlink, os.listdir
real_statvfs = os.statvfs


def main(desk: str, words: list[str]) -> None:
    for name in OF_OTHERS:
        importlib.import_module(name)
    take_away(OF_LINUX)
    temporary: Any = tempfile  # which looks for it only when it is imported
    temporary._O_TMPFILE_WORKS = False
    if desk == "windows":
        become_windows()
    sys.platform = "win32" if desk == "windows" else "darwin"
    see_names_without_case(is_windows=desk == "windows")
    sys.addaudithook(hook(is_windows=desk == "windows"))
    sys.argv = ["airlock", *words]
    runpy.run_module("packager", run_name="__main__", alter_sys=True)


def take_away(absent: dict[ModuleType, str]) -> None:
    for module, names in absent.items():
        for name in names.split():
            if hasattr(module, name):
                delattr(module, name)


def become_windows() -> None:
    take_away(OF_UNIX)
    for name in MODULES_OF_UNIX:
        sys.modules.pop(name, None)
    sys.meta_path.insert(0, Absent())
    subprocess.CREATE_NEW_PROCESS_GROUP = 0  # type: ignore[attr-defined]
    standard: Any = shutil  # what the standard library does otherwise there
    standard._use_fd_functions = standard._USE_CP_SENDFILE = False
    standard.disk_usage = disk_usage
    temporary: Any = tempfile
    temporary.TemporaryFile = tempfile.NamedTemporaryFile


class Absent(MetaPathFinder):
    def find_spec(self, fullname: str, path: object, target: object = None) -> None:
        if fullname in MODULES_OF_UNIX:
            raise ModuleNotFoundError(f"No module named {fullname!r}", name=fullname)


def disk_usage(path: Any) -> object:
    room = real_statvfs(path)
    free_bytes = room.f_bavail * room.f_frsize
    return SimpleNamespace(free=free_bytes)


def see_names_without_case(*, is_windows: bool) -> None:
    def status(path: Any, *words: Any, **more: Any) -> os.stat_result:
        if is_hidden(path):
            raise FileNotFoundError(2, "No such file or directory", path)
        found = real_stat(as_named(path), *words, **more)
        return without_program_bits(found) if is_windows else found

    def link_status(path: Any, **more: Any) -> os.stat_result:
        return status(path, follow_symlinks=False, **more)

    os.stat, os.lstat = status, link_status
    for module, name in ((os, "open"), (os, "scandir"), (os, "listdir"), (io, "open"), (builtins, "open")):
        setattr(module, name, folding(getattr(module, name)))


def folding(act: Callable[..., Any]) -> Callable[..., Any]:
    def folded(path: Any = ".", *words: Any, **more: Any) -> Any:
        return act(as_named(path), *words, **more)

    return folded


def as_named(path: Any) -> Any:
    """The path as the disk has it, for a path in any case."""
    if isinstance(path, int) or isinstance(os.fspath(path), bytes):
        return path
    with suppress(OSError):
        real_lstat(path)
        return path
    above, name = os.path.split(os.fspath(path))
    if not name or above == os.fspath(path):
        return path
    folder = as_named(above) if above else above
    with suppress(OSError):
        for there in real_listdir(folder or "."):
            if folded(there) == folded(name):
                return os.path.join(folder, there)
    return os.path.join(folder, name)


def folded(name: str) -> str:
    return unicodedata.normalize("NFD", name).casefold()


def without_program_bits(found: os.stat_result) -> os.stat_result:
    is_file = found.st_mode & 0o170000 == 0o100000
    mode = found.st_mode & ~EXECUTABLE if is_file else found.st_mode
    values, more = list(found), {}
    for name in ("st_atime_ns", "st_mtime_ns", "st_ctime_ns"):
        more[name] = getattr(found, name)
    return os.stat_result([mode, *values[1:]], more)


def hook(*, is_windows: bool) -> Callable[[str, tuple[Any, ...]], None]:
    inside = threading.local()

    def heard(event: str, words: tuple[Any, ...]) -> None:
        if getattr(inside, "is_busy", False) or event not in EVENTS:
            return
        inside.is_busy = True
        try:
            judge(event, *words[:2], is_windows=is_windows)
        finally:
            inside.is_busy = False

    return heard


EVENTS = ("open", "os.listdir", "os.scandir", "os.rename", "os.remove")


def judge(event: str, path: Any, mode: Any = None, *, is_windows: bool) -> None:
    if is_hidden(path):
        raise FileNotFoundError(2, "No such file or directory", path)
    if not is_windows or not isinstance(path, str):
        return
    if event == "open" and mode is None and os.path.isdir(path):  # by os.open: tempfile names the folder, too
        raise PermissionError(13, "Permission denied", path)
    if event in ("os.rename", "os.remove") and is_open(path):
        raise PermissionError(13, "The file is used by another process", path)


def is_hidden(path: Any) -> bool:
    if isinstance(path, int) or path is None:
        return False
    return os.fsdecode(path).startswith(FOLDERS_OF_LINUX)


def is_open(path: str) -> bool:
    """Whether this process has the file open, or one in this folder."""
    place = os.path.realpath(path)
    for number in real_listdir("/proc/self/fd"):
        with suppress(OSError):
            there = real_readlink(f"/proc/self/fd/{number}")
            if there == place or there.startswith(f"{place}/"):
                return True
    return False


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
