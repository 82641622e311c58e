"""Lends a new release the files that a site provides, before the import, and finds those missing."""

from pathlib import Path

from installer.bundle.manifest.manifest import Manifest
from installer.site.files.lent_settings import BorrowedSettings
from installer.site.files.needed_files import missing_files, needed_files
from installer.site.paths import env_path
from installer.site.running.installation import Installation
from installer.system.compose.environment import compose_variables


def lend_site_files(
    manifest: Manifest,
    compose_files: tuple[str, ...],
    release: Path,
    settings: BorrowedSettings,
    installation: Installation | None,
) -> tuple[str, ...]:
    """Lends the release all files of the old directory; returns those that neither has.

    For a missing file without which Compose would fail at once, Compose reads an empty one, so that all other
    obstacles are found as well.
    """
    needed = needed_files(release, compose_files, manifest.state, compose_variables(env_path(release)))
    if installation is not None:
        inside = [one.name for one in needed if not Path(one.name).is_absolute()]
        settings.borrow(installation.directory, dict.fromkeys((*manifest.state, *inside)))
    missing = missing_files(release, needed)
    for one in missing:
        if one.is_read_first and not Path(one.name).is_absolute():
            settings.stand_in_for(one.name)
    return tuple(sorted({one.name for one in missing}))
