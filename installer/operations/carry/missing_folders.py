"""Creates the folders of the release directory that services mount and nothing else creates.

Compose takes a missing folder for lost data.
"""

from collections.abc import Iterator
from pathlib import Path

from installer.system.compose.compose import ComposeModel, Mount
from installer.system.files.files import fsync_folder
from installer.system.files.mounted_files import looks_like_file

FOLDER_MODE = 0o755  # as Docker creates them, under any umask


def make_missing_folders(release: Path, model: ComposeModel) -> None:
    """Creates the folders and their parents, which the plan lists: an undo deletes them."""
    for mount in missing_mounts(model):
        if is_made_here(release, mount):
            _make(Path(mount.source))


def is_made_here(release: Path, mount: Mount) -> bool:
    """Returns whether a missing source is a folder of the release directory, not behind a dangling link."""
    path = Path(mount.source)
    is_lost = any(place.is_symlink() and not place.exists() for place in (path, *path.parents))
    return path.is_relative_to(release) and not is_lost and not looks_like_file(mount.source, mount.target)


def missing_mounts(model: ComposeModel) -> Iterator[Mount]:
    """Finds the bind mounts of all services whose source does not exist."""
    for service in model.services.values():
        for mount in service.mounts:
            if mount.kind == "bind" and not Path(mount.source).exists():
                yield mount


def _make(path: Path) -> None:
    if not path.exists():
        _make(path.parent)
        path.mkdir()
        path.chmod(FOLDER_MODE)
        fsync_folder(path.parent)
