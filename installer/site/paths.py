"""Defines the paths inside a release directory in operation."""

from pathlib import Path

from installer.bundle.layout import ENV

AIRLOCK = ".airlock"


def runs_folder(release: Path) -> Path:
    """Returns the folder that holds one folder per run."""
    return release / AIRLOCK / "runs"


def record_path(release: Path) -> Path:
    """Returns the file that records that this release is installed, since when, and the old release."""
    return release / AIRLOCK / "site.json"


def kept_path(release: Path) -> Path:
    """Returns the file that records which files the site keeps in its own version."""
    return release / AIRLOCK / "kept.json"


def log_path(release: Path) -> Path:
    """Returns the log that every command on site appends to."""
    return release / AIRLOCK / "airlock.log"


def backups_folder(release: Path) -> Path:
    """Returns the folder of the database backups."""
    return release / "backups"


def drills_path(release: Path) -> Path:
    """Returns the file that records the last restore drill of each backup."""
    return release / AIRLOCK / "drills.json"


def env_path(release: Path) -> Path:
    """Returns the file of the site's own settings and secrets."""
    return release / ENV
