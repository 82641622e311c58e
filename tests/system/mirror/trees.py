"""Random folders, random changes to them, and everything that can be seen of a folder."""

import os
import random
import stat
from collections.abc import Callable
from pathlib import Path

from installer.system.files.live_tree import paths_below

BLOCK = 1 << 20
NAMES = ("a", "b", "c", "a.b", "a-b", "ü", "x y", "\udcff")
Change = Callable[[random.Random, Path], None]


def everything_of(top: Path) -> dict[str, object]:
    """Returns all that an application can see of the files below `top`, and which of them are one file."""
    found: dict[str, object] = {}
    first: dict[tuple[int, int], str] = {}
    for path in (top, *sorted(paths_below(top))):
        name, status = os.path.relpath(path, top), path.lstat()
        file = (status.st_dev, status.st_ino)
        same = first.setdefault(file, name) if not stat.S_ISDIR(status.st_mode) else name
        found[name] = (same, _facts(path, status), _content(path, status))
    return found


def _facts(path: Path, status: os.stat_result) -> tuple[object, ...]:
    attributes = {name: os.getxattr(path, name, follow_symlinks=False) for name in _attributes(path)}
    when = None if stat.S_ISLNK(status.st_mode) else status.st_mtime_ns
    return status.st_mode, status.st_uid, status.st_gid, when, tuple(sorted(attributes.items()))


def _attributes(path: Path) -> list[str]:
    return os.listxattr(path, follow_symlinks=False)


def _content(path: Path, status: os.stat_result) -> object:
    if stat.S_ISREG(status.st_mode):
        return path.read_bytes()
    return str(path.readlink()) if stat.S_ISLNK(status.st_mode) else None


def grow(choose: random.Random, folder: Path, entries: int = 24) -> None:
    """Fills a folder with files of all kinds."""
    for _entry in range(entries):
        make(choose, _some_folder(choose, folder))


def make(choose: random.Random, folder: Path) -> None:
    """Makes one file, folder, link, second name or pipe, unless the name is taken."""
    path = folder / choose.choice(NAMES)
    if os.path.lexists(path):
        return
    kind = choose.choice(
        ("file", "file", "file", "large", "sparse", "folder", "folder", "link", "name", "pipe")
    )
    if kind in ("file", "large"):
        path.write_bytes(
            choose.randbytes(choose.choice((0, 1, 4096, 70_000))) * (40 if kind == "large" else 1)
        )
    elif kind == "sparse":
        with path.open("wb") as file:
            file.seek(choose.randrange(3 * BLOCK))
            file.write(choose.randbytes(choose.randrange(1, 9000)))
            file.truncate(file.tell() + choose.randrange(2 * BLOCK))
    elif kind == "folder":
        path.mkdir()
    elif kind == "link":
        path.symlink_to(choose.choice(("a", "../b", "/nowhere")))
    elif kind == "name":
        _second_name(choose, folder, path)
    else:
        os.mkfifo(path)


def _second_name(choose: random.Random, folder: Path, path: Path) -> None:
    files = [one for one in sorted(folder.iterdir()) if one.is_file() and not one.is_symlink()]
    if files:
        path.hardlink_to(choose.choice(files))


def change(choose: random.Random, top: Path) -> None:
    """Changes one thing, as an application, a person or a database may."""
    choose.choice(CHANGES)(choose, top)


def _overwrite(choose: random.Random, top: Path) -> None:
    """Changes bytes in place; now and then keeps size and time, as a restored file has."""
    path = _some_file(choose, top)
    if path is None:
        return
    before, size = path.stat(), path.stat().st_size
    with path.open("r+b") as file:
        file.seek(choose.randrange(size + 1))
        file.write(choose.randbytes(choose.randrange(1, 5000)))
        if choose.random() < 0.5:
            file.truncate(size)
    if choose.random() < 0.5:
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def _truncate(choose: random.Random, top: Path) -> None:
    path = _some_file(choose, top)
    if path is not None:
        os.truncate(path, choose.randrange(path.stat().st_size + 2 * BLOCK))


def _remove(choose: random.Random, top: Path) -> None:
    paths = sorted(paths_below(top))
    if paths:
        path = choose.choice(paths)
        for inside in sorted(paths_below(path), reverse=True) if _is_folder(path) else ():
            inside.rmdir() if _is_folder(inside) else inside.unlink()
        path.rmdir() if _is_folder(path) else path.unlink()


def _rename(choose: random.Random, top: Path) -> None:
    paths = sorted(paths_below(top))
    if not paths:
        return
    path = choose.choice(paths)
    place = _some_folder(choose, top) / choose.choice(NAMES)
    if not os.path.lexists(place) and not place.is_relative_to(path):
        path.rename(place)


def _swap(choose: random.Random, top: Path) -> None:
    """Gives two folders each other's names: no file inside them notices."""
    folders = [one for one in sorted(top.iterdir()) if _is_folder(one)]
    if len(folders) > 1:
        one, other = choose.sample(folders, 2)
        one.rename(top / "aside")
        other.rename(one)
        (top / "aside").rename(other)


def _attribute(choose: random.Random, top: Path) -> None:
    path = _some_file(choose, top)
    if path is not None:
        path.chmod(choose.choice((0o600, 0o644, 0o4755)))
        os.setxattr(path, "user.mark", choose.randbytes(4))


def _owner(choose: random.Random, top: Path) -> None:
    path = _some_file(choose, top)
    if path is not None:
        os.chown(path, choose.randrange(3), choose.randrange(3))


def _replace(choose: random.Random, top: Path) -> None:
    """Replaces a file by another kind of file with its name."""
    path = _some_file(choose, top)
    if path is not None:
        path.unlink()
        choose.choice((path.mkdir, lambda: path.symlink_to("a"), lambda: path.write_bytes(b"new")))()


def _add(choose: random.Random, top: Path) -> None:
    make(choose, _some_folder(choose, top))


CHANGES: tuple[Change, ...] = (
    _overwrite, _overwrite, _overwrite, _truncate, _remove, _rename, _swap, _attribute, _owner, _replace,
    _add, _add,
)  # fmt: skip


def _some_folder(choose: random.Random, top: Path) -> Path:
    return choose.choice([top, *(one for one in sorted(paths_below(top)) if _is_folder(one))])


def _some_file(choose: random.Random, top: Path) -> Path | None:
    files = [one for one in sorted(paths_below(top)) if one.is_file() and not one.is_symlink()]
    return choose.choice(files) if files else None


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()
