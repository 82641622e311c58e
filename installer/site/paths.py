"""Where things stand in a release directory once it is in operation."""

from pathlib import Path

from installer.system.files.live_tree import paths_in

AIRLOCK = ".airlock"
ENV = ".env"


def runs_folder(release: Path) -> Path:
    """The folder that holds one folder per run."""
    return release / AIRLOCK / "runs"


def record_path(release: Path) -> Path:
    """The file that says that this release is installed, since when, and what was before."""
    return release / AIRLOCK / "site.json"


def kept_path(release: Path) -> Path:
    """The file that says which files are as this site wants them, not as they were delivered."""
    return release / AIRLOCK / "kept.json"


def log_path(release: Path) -> Path:
    """The log that every command on site appends to."""
    return release / AIRLOCK / "airlock.log"


def backups_folder(release: Path) -> Path:
    """Where backups of the database are written."""
    return release / "backups"


def directories_beside(release: Path) -> tuple[Path, ...]:
    """The directories beside a release directory, and itself; none where this person may not look."""
    try:
        return tuple(place for place in sorted(paths_in(release.parent)) if place.is_dir())
    except PermissionError:
        return ()


def env_path(release: Path) -> Path:
    """The site's own settings and secrets."""
    return release / ENV
