"""Makes the folders of the release directory that services mount and that nothing else brings: to Compose, a
missing one is lost data."""

from collections.abc import Iterator
from pathlib import Path

from installer.system.compose.compose import ComposeModel, Mount
from installer.system.files.files import fsync_folder
from installer.system.files.mounted_files import looks_like_file

FOLDER_MODE = 0o755  # as Docker makes them, whatever the umask


def make_missing_folders(release: Path, model: ComposeModel) -> None:
    """Make them with all folders above. They are among the plan's created paths, which undoing removes."""
    for mount in missing_mounts(model):
        if is_made_here(release, mount):
            _make(Path(mount.source))


def is_made_here(release: Path, mount: Mount) -> bool:
    """Whether a missing source is a folder of the release directory; behind a link that dangles it is not."""
    path = Path(mount.source)
    is_lost = any(place.is_symlink() and not place.exists() for place in (path, *path.parents))
    return path.is_relative_to(release) and not is_lost and not looks_like_file(mount.source, mount.target)


def missing_mounts(model: ComposeModel) -> Iterator[Mount]:
    """The bind mounts of all services whose source is not there."""
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
