"""What the package of the release before says: which version it was, and which migrations it had."""

from dataclasses import dataclass
from pathlib import Path

from installer.bundle.package_stream import PackageStream
from installer.errors import BadPackage
from installer.text import _


@dataclass(frozen=True)
class PreviousRelease:
    """The release before this one."""

    version: str
    migrations: tuple[str, ...]


def read_previous(package: Path) -> PreviousRelease:
    """Read the head of a package. Raises `BadPackage`."""
    with package.open("rb") as file:
        try:
            manifest = PackageStream(file, package.name).manifest
        except BadPackage as problem:
            raise BadPackage(
                _("The package of the release before cannot be read."),
                details=[problem.happened, *problem.details],
            ) from problem
    return PreviousRelease(manifest.application.version, tuple(one.name for one in manifest.migrations))
