"""Brings the files that a site provides to the new release for looking around, and finds those it lacks."""

from pathlib import Path

from installer.bundle.manifest.manifest import Manifest
from installer.site.files.env_values import read_env
from installer.site.files.lent_settings import BorrowedSettings
from installer.site.files.needed_files import missing_files, needed_files
from installer.site.paths import env_path
from installer.site.running.installation import Installation
from installer.system.compose.environment import shell_values


def site_files_missing(
    manifest: Manifest,
    compose_files: tuple[str, ...],
    release: Path,
    settings: BorrowedSettings,
    installation: Installation | None,
) -> tuple[str, ...]:
    """Lend the release all that the old directory has; gives what neither of the two has.

    Compose reads nothing in the place of those without which it would fail at once, so that all else that
    stands against the import can be found as well.
    """
    own = {name: value.reveal() for name, value in read_env(env_path(release)).items()}
    needed = needed_files(release, compose_files, manifest.state, {**shell_values(), **own})
    if installation is not None:
        inside = [one.name for one in needed if not Path(one.name).is_absolute()]
        settings.borrow(installation.directory, dict.fromkeys((*manifest.state, *inside)))
    missing = missing_files(release, needed)
    for one in missing:
        if one.is_read_first and not Path(one.name).is_absolute():
            settings.stand_in_for(one.name)
    return tuple(sorted({one.name for one in missing}))
